import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatasetError } from './errors';
import { LineBuffer } from './line-buffer';
import type { Line } from './lines';

const FLUSH_AT = 1 << 20;

/**
 * Writes a file under a temporary name beside its place and gives it its name only when it is whole. An existing file
 * is never touched. Whatever happens before `commit` (error, abort, crash), nothing stands under the final name.
 */
export class LineWriter {
  rows = 0;
  private readonly lines = new LineBuffer();
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private handle: FileHandle | undefined,
  ) {}

  /** @throws {DatasetError} `exists`, `unwritable` */
  static async create(path: string): Promise<LineWriter> {
    const temporary = await placeFor(path);
    const handle = await open(temporary, 'wx').catch((error: unknown) => {
      throw cannotWrite(path, error);
    });
    return new LineWriter(path, temporary, handle);
  }

  /** Takes a line without its ending. True when `flush` should be awaited before more is written. */
  push(line: string): boolean {
    this.lines.push(line);
    this.rows++;
    return this.lines.length >= FLUSH_AT;
  }

  /** Takes a line as the file has it. */
  copy(line: Line): boolean {
    this.lines.copy(line);
    this.rows++;
    return this.lines.length >= FLUSH_AT;
  }

  async write(line: string): Promise<void> {
    if (this.push(line)) await this.flush();
  }

  /** Takes so many rows as bytes, each with its line feed. They must not change until the next are taken. */
  async writeRows(bytes: Uint8Array, rows: number): Promise<void> {
    await this.flush();
    await this.begin(bytes);
    this.rows += rows;
  }

  /** Hands over what was pushed and waits for the write before it: the next rows are made while these are written. */
  async flush(): Promise<void> {
    if (this.lines.length === 0) return;
    await this.writing;
    await this.begin(this.lines.take());
  }

  private async begin(bytes: Uint8Array): Promise<void> {
    await this.writing;
    if (!this.handle) return;
    this.writing = writeAll(this.handle, bytes).catch((error: unknown) => {
      throw cannotWrite(this.path, error);
    });
    // Whoever flushes next gets the error; until then it must not count as unhandled.
    this.writing.catch(() => undefined);
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

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
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

/**
 * The name under which a file is written until it is whole, in a folder that is there.
 * @throws {DatasetError} `exists`, `unwritable`
 */
export async function placeFor(path: string): Promise<string> {
  await refuseExisting(path);
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
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

function cannotWrite(path: string, error: unknown): DatasetError {
  // Behind the comma stands the name of a file that nobody has heard of.
  const said = error instanceof Error ? (error.message.split(',')[0] ?? '') : String(error);
  const reason = /^(?:EEXIST|ENOTDIR)/.test(said) ? 'a file is where its folder should be' : said;
  return new DatasetError('unwritable', `${path} cannot be written: ${reason}. Choose another place, or make room.`);
}

function exists(path: string): DatasetError {
  return new DatasetError(
    'exists',
    `${path} is there already and is not overwritten. Choose another name or move it away.`,
  );
}
