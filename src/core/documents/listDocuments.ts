import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { knownBinary, looksLikeDocument, richFormat } from './formats';

export interface Skipped {
  readonly path: string;
  /** A short reason: "hidden", "empty", "not a document (.json)", … */
  readonly reason: string;
}

export interface DocumentList {
  /** In order of the paths given; a folder's files sorted by path, the same on every system. Each file once. */
  readonly documents: readonly string[];
  readonly skipped: readonly Skipped[];
}

/**
 * Files and folders → documents. A file that is named is always taken (reading it says what is wrong with it); a folder is
 * searched, and what is left out of it is reported with the reason.
 */
export async function listDocuments(paths: readonly string[], signal?: AbortSignal): Promise<DocumentList> {
  const documents = new Map<string, string>();
  const skipped: Skipped[] = [];
  const take = (file: string) => documents.set(path.resolve(file), file);
  for (const given of paths) {
    if (await isFolder(given)) await searchFolder(given, take, skipped, signal);
    else take(given);
  }
  return { documents: [...documents.values()], skipped };
}

async function isFolder(given: string): Promise<boolean> {
  try {
    return (await stat(given)).isDirectory();
  } catch (error) {
    // What cannot be looked at is passed on as a file: readDocument has the sentence for it.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

async function searchFolder(
  folder: string,
  take: (file: string) => void,
  skipped: Skipped[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    skipped.push({
      path: folder,
      reason: `cannot be opened (${'code' in error ? String(error.code) : error.message})`,
    });
    return;
  }
  // A run's own rows and cards are not what the next run is to learn from.
  if (entries.some(({ name }) => name === 'run.json') && entries.some(({ name }) => name === 'journal.jsonl')) {
    skipped.push({ path: folder, reason: 'a Distillery run folder' });
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name);
    if (entry.name.startsWith('.')) skipped.push({ path: full, reason: 'hidden' });
    else if (entry.isDirectory() && entry.name === 'node_modules') skipped.push({ path: full, reason: 'node_modules' });
    else if (entry.isDirectory()) await searchFolder(full, take, skipped, signal);
    else {
      const reason = await reasonToSkip(full, entry.isFile());
      if (reason === undefined) take(full);
      else skipped.push({ path: full, reason });
    }
  }
}

async function reasonToSkip(file: string, regular: boolean): Promise<string | undefined> {
  const extension = path.extname(file);
  const looks = looksLikeDocument(file);
  if (looks === false) return `not a document (${extension})`;
  try {
    const info = await stat(file);
    if (info.isDirectory()) return 'a link to a folder';
    if (!info.isFile()) return 'not a file';
    if (info.size === 0) return 'empty';
    if (richFormat(file) !== undefined) return undefined;
    const what = await binaryContent(file);
    return what;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // A broken link is left out; a file that may not be read is taken, so that reading it says so.
    return regular ? undefined : 'a link to nothing';
  }
}

/** Looks at the first bytes only: a known magic number, or NUL bytes that are no UTF-16. */
async function binaryContent(file: string): Promise<string | undefined> {
  await using handle = await open(file, 'r');
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(8192), 0, 8192, 0);
  const head = buffer.subarray(0, bytesRead);
  const known = knownBinary(head);
  if (known !== undefined) return `binary: ${known}`;
  const nuls = [0, 1].map((parity) => head.some((byte, i) => byte === 0 && i % 2 === parity));
  const marked = head[0] === 0xff || head[0] === 0xfe;
  return nuls[0] === true && nuls[1] === true && !marked ? 'binary' : undefined;
}
