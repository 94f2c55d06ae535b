import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Uri } from 'vscode';

/**
 * The path beside which a dataset's review is kept and its run is looked for: the file itself. One on another file
 * system, or of another commit, has none: a local file of the same path is another file.
 */
export async function keptBeside(uri: Uri, storage: string): Promise<string> {
  if (uri.scheme === 'file') return uri.fsPath;
  const id = createHash('sha256').update(uri.toString()).digest('hex').slice(0, 32);
  const folder = path.join(storage, 'reviews', id);
  await mkdir(folder, { recursive: true });
  return path.join(folder, path.posix.basename(uri.path).replace(/[<>:"|?*\\]/gu, '_'));
}
