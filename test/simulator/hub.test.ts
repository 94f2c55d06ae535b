import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushDataset, type PushRequest } from '../../src/core/datasets/hub';
import type { DatasetError } from '../../src/core/datasets/errors';
import { startHub, type HubSimulator } from './hub';

describe('pushing a dataset to the Hub', () => {
  let hub: HubSimulator;
  let folder: string;
  let request: PushRequest;
  beforeEach(async () => {
    hub = await startHub();
    folder = await mkdtemp(join(tmpdir(), 'distillery-hub-'));
    const [train, info, card] = ['train.jsonl', 'dataset_info.json', 'README.md'].map((name) => join(folder, name));
    assert.ok(train && info && card);
    await writeFile(train, '{"prompt":"a","completion":"b"}\n'.repeat(5000));
    await writeFile(info, '{}');
    await writeFile(card, '# Card');
    request = { repo: 'me/handbook', files: [train, info], card, accessToken: 'hf_simulator', hubUrl: hub.url };
  });
  afterEach(async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  });

  it('makes a private repository with the files and the card, large ones through LFS', async () => {
    const result = await pushDataset(request);
    const repo = hub.repos.get('me/handbook');
    assert.ok(repo);
    assert.deepEqual([result.created, result.uploaded], [true, ['train.jsonl', 'dataset_info.json', 'README.md']]);
    assert.equal(repo.visibility, 'private');
    assert.deepEqual(
      [...repo.files].map(([path, { content, lfs }]) => [path, content.length, lfs]),
      [
        ['train.jsonl', 160_000, true],
        ['dataset_info.json', 2, false],
        ['README.md', 6, false],
      ],
    );
  });

  it('goes on where an interrupted push stopped', async () => {
    hub.failOnce('PUT /lfs/', 403);
    await assert.rejects(pushDataset(request), (error: DatasetError) => error.code === 'refused');
    await pushDataset(request);
    await writeFile(join(folder, 'dataset_info.json'), '{"a":1}');
    const again = await pushDataset(request);
    assert.deepEqual([again.created, again.uploaded], [false, ['dataset_info.json']]);
    assert.deepEqual(again.unchanged, ['train.jsonl']);
    assert.equal(hub.requests.filter((line) => line.startsWith('PUT /lfs/')).length, 2);
  });

  it('keeps the card that somebody wrote, and the visibility they chose', async () => {
    const files = new Map([['README.md', { content: Buffer.from('theirs'), lfs: false }]]);
    hub.repos.set('me/handbook', { visibility: 'public', files, commits: [] });
    const result = await pushDataset(request);
    assert.equal(result.cardKept, true);
    assert.equal(files.get('README.md')?.content.toString(), 'theirs');
    assert.equal(hub.repos.get('me/handbook')?.visibility, 'public');
  });

  it('says what to do when the Hub refuses, without the token', async () => {
    const cases: [Partial<PushRequest>, RegExp][] = [
      [{ accessToken: 'hf_wrong' }, /does not know the token/],
      [{ accessToken: 'wrong' }, /begins with hf_/],
      [{ repo: 'forbidden/x' }, /may not write/],
      [{ repo: 'noslash' }, /ORGANISATION\/NAME/],
      [{ hubUrl: 'http://127.0.0.1:9' }, /was not reached/],
    ];
    for (const [change, expected] of cases) {
      await assert.rejects(pushDataset({ ...request, ...change }), (error: DatasetError) => {
        assert.match(error.message, expected);
        assert.ok(!error.message.includes('hf_wrong'));
        return true;
      });
    }
  });
});
