import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { l10n, workspace, type Uri } from 'vscode';
import { DatasetViewError } from '../../core/datasets/view/errors';

/** Other file systems hand a file over only whole, in memory. */
const LARGEST_VIRTUAL = 200_000_000;

/** A file on this machine's disk with a dataset's rows; `dispose` removes it when it is a copy. */
export interface LocalCopy {
  readonly file: string;
  dispose(): Promise<void>;
}

/** The dataset itself when it is a plain local file; else a copy: unpacked, or fetched from its file system. */
export async function localCopy(uri: Uri): Promise<LocalCopy> {
  const packed = /\.gz$/iu.test(uri.path);
  if (uri.scheme === 'file' && !packed) return { file: uri.fsPath, dispose: () => Promise.resolve() };
  const folder = await mkdtemp(path.join(tmpdir(), 'distillery-dataset-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const file = path.join(folder, 'rows.jsonl');
    const source = uri.scheme === 'file' ? uri.fsPath : path.join(folder, 'fetched');
    if (uri.scheme !== 'file') await fetchInto(uri, packed ? source : file);
    if (packed) await pipeline(createReadStream(source), createGunzip(), createWriteStream(file));
    return { file, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function fetchInto(uri: Uri, file: string): Promise<void> {
  const { size } = await workspace.fs.stat(uri);
  if (size > LARGEST_VIRTUAL) {
    throw new DatasetViewError(
      'too_large',
      l10n.t(
        'This file has {0} MB; from this file system at most {1} MB can be read. Download it, and open the copy.',
        Math.round(size / 1e6),
        LARGEST_VIRTUAL / 1e6,
      ),
    );
  }
  await writeFile(file, await workspace.fs.readFile(uri));
}
