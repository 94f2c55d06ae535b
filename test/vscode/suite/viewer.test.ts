import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { RunFolder } from '../../../src/core/datasets/view/runFolder';
import type { DatasetDocument } from '../../../src/editor/viewer/datasetDocument';
import { localCopy } from '../../../src/editor/viewer/localCopy';
import { openDataset } from '../../../src/editor/viewer/viewer';

const rows = Buffer.from('{"question":"Why?"}\n');

/** A file system as GitHub's or a container's: it hands over whole files. `huge.jsonl` is said to have 300 MB. */
const provider: vscode.FileSystemProvider = {
  onDidChangeFile: () => new vscode.Disposable(() => undefined),
  watch: () => new vscode.Disposable(() => undefined),
  stat: ({ path }) => ({
    type: vscode.FileType.File,
    ctime: 0,
    mtime: 0,
    size: path === '/huge.jsonl' ? 300_000_000 : rows.length,
  }),
  readFile: ({ path }) => (path.endsWith('.gz') ? gzipSync(rows) : rows),
  readDirectory: () => [],
  createDirectory: refuse,
  writeFile: refuse,
  delete: refuse,
  rename: refuse,
};

function refuse(): never {
  throw vscode.FileSystemError.NoPermissions();
}

describe('A dataset on another file system', () => {
  const registered: vscode.Disposable[] = [];
  before(() => {
    registered.push(vscode.workspace.registerFileSystemProvider('virtual', provider, { isReadonly: true }));
  });
  after(() => {
    vscode.Disposable.from(...registered).dispose();
  });

  for (const name of ['rows.jsonl', 'rows.jsonl.gz']) {
    it(`is read from a copy, which goes with the viewer (${name})`, async () => {
      const copy = await localCopy(vscode.Uri.parse(`virtual:/${name}`));
      const read = await readFile(copy.packed ?? copy.file);
      assert.deepEqual(copy.packed === undefined ? read : gunzipSync(read), rows);
      await copy.dispose();
      await assert.rejects(access(copy.packed ?? copy.file), { code: 'ENOENT' });
    });
  }

  it('leaves nothing behind for good: copies of windows that are gone go with the next one that is made', async () => {
    const ended = spawn(process.execPath, ['--version'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
    await once(ended, 'exit');
    const left = await mkdtemp(path.join(tmpdir(), `distillery-dataset-${ended.pid}-`));
    const used = await mkdtemp(path.join(tmpdir(), `distillery-dataset-${process.ppid}-`));
    await (await localCopy(vscode.Uri.parse('virtual:/rows.jsonl'))).dispose();
    await assert.rejects(access(left), { code: 'ENOENT' });
    await access(used);
    await rm(used, { recursive: true });
  });

  it('is refused in words when it is too large to be handed over whole', async () => {
    await assert.rejects(localCopy(vscode.Uri.parse('virtual:/huge.jsonl')), {
      code: 'too_large',
      message: /has 300 MB; .* at most 200 MB can be read/u,
    });
  });

  it('keeps its review, and finds no run, beside a local file of the same path', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'distillery-virtual-'));
    const extension = vscode.extensions.getExtension('distillery.distillery');
    assert.ok(extension);
    await writeFile(path.join(folder, 'run.json'), '{}');
    const local = vscode.Uri.file(path.join(folder, 'rows.jsonl'));
    const context = {
      extensionPath: extension.extensionPath,
      globalStorageUri: vscode.Uri.file(path.join(folder, 'storage')),
    };
    const opened = (query: string) =>
      openDataset(context, local.with({ scheme: 'virtual', query }), (problem) => {
        throw problem;
      });
    const verdict = async (document: DatasetDocument) =>
      (await document.rows.call('detail', { view: null, position: 0 }))?.review?.verdict;
    const first = await opened('');
    await first.rows.call('judge', { lines: [0], deed: { kind: 'verdict', verdict: 'approved' } });
    const [again, other] = [await opened(''), await opened('another commit')];
    assert.deepEqual([await verdict(again), await verdict(other)], ['approved', undefined]);
    assert.deepEqual((await readdir(folder)).sort(), ['run.json', 'storage']);
    assert.equal(await RunFolder.around(first.original), undefined);
    for (const document of [first, again, other]) document.dispose();
    await rm(folder, { recursive: true });
  });
});
