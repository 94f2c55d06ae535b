import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePairs } from '../pairs';
import { twinGraph } from '../twins';
import { DatasetFile } from './datasetFile';
import { freeName } from './freeName';
import { otherHalf } from './pairHalves';
import { pairPreview } from './pairPreview';
import { findPairProblems } from './pairProblems';
import { tokensOfParts } from './partTokens';
import { explainRows, listTwins, spareTwins } from './twinGroups';

const never = new AbortController().signal;

describe('What the tabs beside the table show', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tabs-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is the pair that would be written for a row, its problem, or nothing for an empty line', async () => {
    const file = join(folder, 'rows.jsonl');
    const lines = ['\ufeff{"instruction":"Why?","input":"","output":"So."}', '', '{"instruction":"x","output":""}'];
    const rest = ['not JSON', '{"question":"Wo?","answer":"Da."}'];
    await writeFile(file, [...lines, ...rest, ''].join('\n'));
    await using opened = await openedDataset(file);
    const preview = async (line: number) =>
      pairPreview(await opened.dataset.row(line), file, { variant: 'plain', label: 'mine' });
    const states = await Promise.all([0, 1, 2, 3, 4].map(async (line) => (await preview(line)).state));
    assert.deepEqual(states, ['pair', 'blank', 'problem', 'problem', 'pair']);
    const [first, broken] = [await preview(0), await preview(3)];
    assert.ok(first.state === 'pair' && broken.state === 'problem');
    assert.equal(first.reverse.output, 'Why?');
    assert.match(broken.message, /^Not JSON/u);

    const good = join(folder, 'good.jsonl');
    await writeFile(good, `${lines[0]}\n`);
    const { outputs } = await writePairs([good], await freeName(good, 'pairs'), { label: 'mine' });
    assert.equal(outputs[0]?.path, join(folder, 'good.pairs.jsonl'));
    await using written = await openedDataset(join(folder, 'good.pairs.jsonl'));
    const { row } = await written.dataset.row(1);
    assert.ok(row.state === 'ok');
    const { meta, ...texts } = first.reverse;
    const parsed: unknown = JSON.parse(meta);
    assert.deepEqual(row.value, { ...texts, meta: parsed });
    assert.equal(await freeName(good, 'pairs'), join(folder, 'good.pairs-2.jsonl'));
  });

  it('is the other half of a written pair, where it stands beside its half', async () => {
    const file = join(folder, 'halves.jsonl');
    await writeFile(file, [0, 1].map((nth) => `{"instruction":"Why ${nth}?","input":"","output":"So."}\n`).join(''));
    const pairs = join(folder, 'halves.pairs.jsonl');
    await writePairs([file], pairs, {});
    const [first = '', second = '', third = '', fourth = ''] = (await readFile(pairs, 'utf8')).split('\n');
    await writeFile(pairs, [first, second, fourth, third, first, '{"plain":1}', second].join('\n'));
    await using opened = await openedDataset(pairs);
    const others = [0, 1, 2, 3, 4, 5, 6].map(
      async (line) => (await otherHalf(opened.dataset, await opened.dataset.row(line)))?.line,
    );
    assert.deepEqual(await Promise.all(others), [1, 0, 3, 2, undefined, undefined, undefined]);
  });

  it('is every problem of a file with its line, counted beyond those that are listed', async () => {
    const file = join(folder, 'broken.jsonl');
    await writeFile(file, '{"instruction":"a","output":"b"}\n\n'.repeat(3) + '{}\n'.repeat(1500));
    let seen = 0;
    const found = await findPairProblems(file, never, (rows) => (seen = rows));
    assert.deepEqual([found.rows, found.problems, found.listed.length, seen], [1503, 1500, 1000, 1503]);
    assert.equal(found.listed[0]?.line, 6);
  });

  it('is groups of twins by their lines, and the rows that go when one of each stays', () => {
    const data = {
      lines: Uint32Array.from([1, 3, 4, 5, 9]),
      firsts: Uint32Array.from([0, 0, 2]),
      seconds: Uint32Array.from([1, 4, 3]),
      similarities: Float32Array.from([0.9, 0.7, 0.95]),
    };
    const graph = twinGraph(data, 0.6);
    assert.deepEqual(listTwins(graph, 0.6, { start: 0, count: 1 }), {
      groups: 2,
      spare: 3,
      listed: [{ size: 3, lines: [0, 2, 8] }],
    });
    assert.deepEqual(listTwins(graph, 0.8, { start: 1, count: 5 }).listed, [{ size: 2, lines: [3, 4] }]);
    assert.deepEqual(spareTwins(graph, 0.6, null), [2, 8, 4]);
    assert.deepEqual(spareTwins(graph, 0.6, 8), [0, 2]);
    assert.deepEqual(spareTwins(graph, 0.8, 8), []);
    const explained = explainRows(
      { question: 'One two three', answer: 'x' },
      { question: 'One two four', answer: 'x' },
    );
    assert.deepEqual(explained.shared[0], 'One two');
    assert.ok(explained.similarity > 0.4 && explained.similarity < 1);
  });

  it('is the tokens of each part of a row, and of none that is too large to be counted at once', async () => {
    const turns = { messages: [{ role: 'user', content: 'Hello world' }], id: 'not counted' };
    assert.deepEqual(await tokensOfParts(turns), [{ path: ['messages', 0, 'content'], tokens: 2 }]);
    assert.deepEqual(await tokensOfParts({ title: 'Hello', number: 3 }), [{ path: ['title'], tokens: 1 }]);
    assert.deepEqual(await tokensOfParts({ text: 'a '.repeat(1_500_000) }), []);
    assert.deepEqual(await tokensOfParts([1]), []);
  });
});

async function openedDataset(path: string): Promise<{ readonly dataset: DatasetFile } & AsyncDisposable> {
  const dataset = await DatasetFile.open(path, undefined, () => undefined);
  await dataset.indexAll();
  return { dataset, [Symbol.asyncDispose]: () => dataset.close() };
}
