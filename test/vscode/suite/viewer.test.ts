import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { localCopy } from '../../../src/editor/viewer/localCopy';

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
      assert.deepEqual(await readFile(copy.file), rows);
      await copy.dispose();
      await assert.rejects(access(copy.file), { code: 'ENOENT' });
    });
  }

  it('is refused in words when it is too large to be handed over whole', async () => {
    await assert.rejects(localCopy(vscode.Uri.parse('virtual:/huge.jsonl')), {
      code: 'too_large',
      message: /has 300 MB; .* at most 200 MB can be read/u,
    });
  });
});
