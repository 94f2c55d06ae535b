import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { decodeText } from './decode';
import { DocumentError, type DocumentErrorCode } from './errors';
import { richFormat } from './formats';
import { parseRich } from './rich/parse';
import type { SourceDocument } from './types';

/** A JavaScript string ends at 2^29 - 24 code units; every byte of an ASCII file is one. */
export const maxDocumentBytes = 512_000_000;

export interface ReadOptions {
  /** What rows and messages call the document; default: the path, with forward slashes. */
  readonly name?: string;
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
}

/**
 * Reads and decodes one document. The same bytes give the same text, on every machine and at every time, also for the
 * formats that a parser reads: offsets into `text` stay true, and Reveal Source shows a rich document by reading it again.
 * Throws DocumentError, or the signal's reason.
 */
export async function readDocument(path: string, options: ReadOptions = {}): Promise<SourceDocument> {
  const name = options.name ?? path.replaceAll('\\', '/');
  const bytes = await readBytes(path, name, options);
  options.signal?.throwIfAborted();
  return decodeDocument(bytes, name);
}

/** The same for bytes that are at hand (an untitled or unsaved editor, a virtual file). The name decides the format. */
export async function decodeDocument(bytes: Uint8Array, name: string): Promise<SourceDocument> {
  const format = richFormat(name);
  const { text, encoding } =
    format === undefined || bytes.length === 0 ? decodeText(bytes, name) : await parseRich(bytes, format, name);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file: name, sha256, bytes: bytes.length, text, encoding };
}

async function readBytes(path: string, name: string, { signal, maxBytes = maxDocumentBytes }: ReadOptions) {
  signal?.throwIfAborted();
  try {
    await using file = await open(path, 'r');
    const stat = await file.stat();
    if (stat.isDirectory()) throw new DocumentError('is_directory', name, sentences.is_directory(name));
    if (stat.size > maxBytes) {
      const limit = `the limit is ${Math.round(maxBytes / 1e6)} MB`;
      const message = `${name} is too large (${Math.round(stat.size / 1e6)} MB; ${limit}). Split it into parts.`;
      throw new DocumentError('too_large', name, message);
    }
    return await file.readFile({ signal });
  } catch (error) {
    throw asDocumentError(error, name);
  }
}

const sentences = {
  not_found: (name: string) => `${name} does not exist. Check the path; it is relative to the current folder.`,
  no_permission: (name: string) => `${name} may not be read (permission denied). Check its permissions, or copy it.`,
  is_directory: (name: string) =>
    `${name} is a folder, not a document. Choose a document in it, or the folder as a whole.`,
};

const codeOf: ReadonlyMap<string, DocumentErrorCode & keyof typeof sentences> = new Map([
  ['ENOENT', 'not_found'],
  ['ENOTDIR', 'not_found'],
  ['EACCES', 'no_permission'],
  ['EPERM', 'no_permission'],
  ['EISDIR', 'is_directory'],
]);

function asDocumentError(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = codeOf.get(String(error.code));
  if (code !== undefined) return new DocumentError(code, name, sentences[code](name), { cause: error });
  return new DocumentError('unreadable', name, `${name} cannot be read: ${error.message}.`, { cause: error });
}
