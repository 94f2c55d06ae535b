import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

export type Lines = Iterable<string> | AsyncIterable<string>;

/** What was written, so that a later change by a person can be told. */
export interface Written {
  readonly rows: number;
  readonly sha256: string;
}

const FLUSH = 256 * 1024;

/**
 * A new file beside its target, not seen by readers until `replace` puts it in place. Two steps, because what is about to
 * appear is recorded in between.
 */
export class FileBeside {
  readonly #hash = createHash('sha256');
  #pending: string[] = [];
  #pendingLength = 0;
  #rows = 0;

  private constructor(
    readonly temporary: string,
    private readonly file: FileHandle,
  ) {}

  static async create(target: string): Promise<FileBeside> {
    await mkdir(path.dirname(target), { recursive: true });
    const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
    return new FileBeside(temporary, await open(temporary, 'wx'));
  }

  /** Gathers a line. A promise is returned when enough has come together to be written: await it. */
  add(line: string): Promise<void> | undefined {
    this.#pending.push(line, '\n');
    this.#pendingLength += line.length + 1;
    this.#rows += 1;
    return this.#pendingLength >= FLUSH ? this.#flush() : undefined;
  }

  /** The content is durable when this returns. */
  async finish(): Promise<Written> {
    await this.#flush();
    await this.file.sync();
    await this.file.close();
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }

  async discard(): Promise<void> {
    await this.file.close();
    await rm(this.temporary, { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(''), 'utf8');
    this.#pending = [];
    this.#pendingLength = 0;
    this.#hash.update(bytes);
    await this.file.appendFile(bytes);
  }
}

const LEFT_OVER = /\.[0-9a-f]{8}\.tmp$/;

/** Removes what a process that was killed had begun to write in this folder, and in those inside of it. */
export async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (LEFT_OVER.test(name)) await rm(path.join(folder, name), { force: true });
  }
}

/** Writes lines beside `target`. */
export async function writeBeside(target: string, lines: Lines): Promise<Written & { readonly temporary: string }> {
  const file = await FileBeside.create(target);
  try {
    for await (const line of lines) await file.add(line);
    return { temporary: file.temporary, ...(await file.finish()) };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/**
 * A file that takes up so much of the disk; not zeros, which some file systems do not store. Not synced: room is taken
 * when it is written. None where the disk is nearly full already.
 */
export async function reserveRoom(file: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(path.dirname(file));
  if (bavail * bsize < 2 * bytes) return false;
  const block = randomBytes(Math.min(bytes, 64 * 1024));
  const handle = await open(file, 'w');
  try {
    for (let left = bytes; left > 0; left -= block.length) await handle.appendFile(block.subarray(0, left));
    return true;
  } finally {
    await handle.close();
  }
}

/** Atomic: a reader sees the old file or the new one, also after a power cut. */
export async function replace(temporary: string, target: string): Promise<void> {
  await renameWhenFree(temporary, target);
  await syncFolder(path.dirname(target));
}

export async function writeAtomic(target: string, text: string): Promise<void> {
  const { temporary } = await writeBeside(target, [text]);
  await replace(temporary, target);
}

/** On Windows a reader that has the target open makes the rename fail for a moment. */
async function renameWhenFree(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const held = hasCode(error, 'EPERM') || hasCode(error, 'EACCES') || hasCode(error, 'EBUSY');
      if (process.platform !== 'win32' || !held || attempt >= 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * (attempt + 1)));
    }
  }
}

/** Makes a creation or rename durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems do not sync folders; they order metadata themselves.
    if (!hasCode(error, 'EINVAL') && !hasCode(error, 'ENOTSUP')) throw error;
  } finally {
    await handle.close();
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Calls that are no file system's, and codes of connections: `read` and `write` are calls of both. */
const ELSEWHERE = /^(?:connect|bind|listen|accept|getaddrinfo|query\w*|spawn.*|kill|shutdown)$/;
const CONNECTION: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE']);

/**
 * The disk does not take what is written, or give what is read: full, read-only, gone, a network drive in any of its
 * moods. Passing, as far as the work is concerned.
 */
export function isDiskTrouble(error: unknown): error is Error {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return false;
  return !ELSEWHERE.test(String(error.syscall)) && !CONNECTION.has(error.code);
}
