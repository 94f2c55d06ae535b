import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { l10n, workspace, type Uri } from 'vscode';
import { DatasetViewError } from '../../core/datasets/view/errors';
import { isThere } from '../runs/lock';

/** Other file systems hand a file over only whole, in memory. */
const LARGEST_VIRTUAL = 200_000_000;

/** A copy is named after the window's process: what that leaves behind can be told from what is in use. */
const COPIES = 'distillery-dataset-';

/** A file on this machine's disk with a dataset's rows; `dispose` removes it when it is a copy. */
export interface LocalCopy {
  readonly file: string;
  /** What the file is to be unpacked from. */
  readonly packed?: string;
  /** Not a copy of it. */
  readonly isDataset: boolean;
  dispose(): Promise<void>;
}

/** The dataset itself when it is a plain local file; else a copy: to be unpacked, or fetched from its file system. */
export async function localCopy(uri: Uri): Promise<LocalCopy> {
  const packed = /\.gz$/iu.test(uri.path);
  if (uri.scheme === 'file' && !packed) return { file: uri.fsPath, isDataset: true, dispose: () => Promise.resolve() };
  await removeLeftCopies();
  const folder = await mkdtemp(path.join(tmpdir(), `${COPIES}${process.pid}-`));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const file = path.join(folder, 'rows.jsonl');
    const source = uri.scheme === 'file' ? uri.fsPath : path.join(folder, 'fetched');
    if (uri.scheme !== 'file') await fetchInto(uri, packed ? source : file);
    return { file, ...(packed && { packed: source }), isDataset: false, dispose };
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

/** Nobody has the time to remove copies when a window is reloaded or killed: the next one does it. */
async function removeLeftCopies(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(COPIES) ? /^\d+(?=-)/u.exec(name.slice(COPIES.length))?.[0] : undefined;
    if (pid === undefined || isThere(Number(pid))) continue;
    await rm(path.join(tmpdir(), name), { recursive: true, force: true }).catch((error: unknown) => {
      // Another person's, where all share one folder for what is temporary.
      if (!(error instanceof Error && 'code' in error && ['EACCES', 'EPERM'].includes(String(error.code)))) throw error;
    });
  }
}
