import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatasetError } from './errors';

const BUFFER_CHARACTERS = 1 << 20;

/**
 * Writes a file under a temporary name beside its place and gives it its name only when it is whole. An existing file
 * is never touched. Whatever happens before `commit` (error, abort, crash), nothing stands under the final name.
 */
export class LineWriter {
  rows = 0;
  private buffer = '';
  private scratch = Buffer.alloc(0);
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private handle: FileHandle | undefined,
  ) {}

  /** @throws {DatasetError} `exists` */
  static async create(path: string): Promise<LineWriter> {
    await refuseExisting(path);
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryName(path);
    return new LineWriter(path, temporary, await open(temporary, 'wx'));
  }

  /** Takes a line without its ending. True when `flush` should be awaited before more is written. */
  push(line: string): boolean {
    this.buffer += `${line}\n`;
    this.rows++;
    return this.buffer.length >= BUFFER_CHARACTERS;
  }

  async write(line: string): Promise<void> {
    if (this.push(line)) await this.flush();
  }

  /** Hands over what was pushed and waits for the write before it: the next rows are made while these are written. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.buffer === '' || !this.handle) return;
    const bytes = this.encode();
    this.buffer = '';
    this.writing = writeAll(this.handle, bytes);
    // Whoever flushes next gets the error; until then it must not count as unhandled.
    this.writing.catch(() => undefined);
  }

  /** Into one buffer that is used again and again: fresh megabytes for every write cost more than the encoding. */
  private encode(): Buffer {
    const most = this.buffer.length * 3;
    if (this.scratch.length < most) this.scratch = Buffer.allocUnsafeSlow(most);
    return this.scratch.subarray(0, this.scratch.write(this.buffer, 'utf8'));
  }

  /** Gives the file its name. @throws {DatasetError} `exists` when somebody else took it meanwhile */
  async commit(): Promise<void> {
    await this.flush();
    await this.writing;
    await this.handle?.close();
    this.handle = undefined;
    await publish(this.temporary, this.path);
  }

  /** Without a `commit` before it, this leaves nothing behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.handle) return;
    await this.writing.catch(() => undefined);
    await this.handle.close();
    this.handle = undefined;
    await rm(this.temporary, { force: true });
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
}

/** Several files of one step: all of them, or none. */
export class LineWriters {
  private constructor(private readonly writers: readonly LineWriter[]) {}

  /** @throws {DatasetError} `exists` */
  static async create(paths: readonly string[]): Promise<LineWriters> {
    for (const path of paths) await refuseExisting(path);
    const writers: LineWriter[] = [];
    for (const path of paths) writers.push(await LineWriter.create(path));
    return new LineWriters(writers);
  }

  at(index: number): LineWriter {
    const writer = this.writers[index];
    if (!writer) throw new RangeError(`There is no file ${index} of ${this.writers.length}.`);
    return writer;
  }

  async commit(): Promise<void> {
    for (const writer of this.writers) await writer.flush();
    for (const writer of this.writers) await writer.commit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const writer of this.writers) await writer[Symbol.asyncDispose]();
  }
}

/** Writes all lines, or nothing. Returns how many. @throws {DatasetError} `exists` */
export async function writeLines(
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
  signal?: AbortSignal,
): Promise<number> {
  await using writer = await LineWriter.create(path);
  for await (const line of lines) {
    if (writer.push(line)) {
      signal?.throwIfAborted();
      await writer.flush();
    }
  }
  signal?.throwIfAborted();
  await writer.commit();
  return writer.rows;
}

/** Writes a text file whole, or not at all. @throws {DatasetError} `exists` */
export async function writeText(path: string, text: string): Promise<void> {
  await writeLines(path, [text.replace(/\n$/, '')]);
}

/** @throws {DatasetError} `exists` */
export async function refuseExisting(path: string): Promise<void> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  if (there) throw exists(path);
}

export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
}

/** Names a finished temporary file, atomically and never over another: a hard link fails where `rename` replaces. */
export async function publish(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await rm(temporary);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') {
      await rm(temporary, { force: true });
      throw exists(path);
    }
    if (!WITHOUT_LINKS.has(String(code))) throw error;
    // A file system without hard links (FAT, some network drives): reserve the name, then replace the reservation.
    const reserved = await open(path, 'wx').catch(() => undefined);
    if (!reserved) throw exists(path);
    await reserved.close();
    await rename(temporary, path);
  }
}

const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EINVAL']);

function exists(path: string): DatasetError {
  return new DatasetError(
    'exists',
    `${path} is there already and is not overwritten. Choose another name or move it away.`,
  );
}
