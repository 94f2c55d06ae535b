import { open } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { DatasetError } from './errors';
import { parquetBytes } from './parquet';

/** How a file's bytes are packed, seen from its first bytes: names lie. */
type Packing = 'plain' | 'gzip' | 'zstd' | 'parquet';

/** @throws {DatasetError} `not_found`, `unreadable` */
async function packingOf(path: string): Promise<Packing> {
  const head = Buffer.alloc(4);
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new DatasetError('unreadable', `${path} is a folder. Name a file of rows inside it.`);
    await handle.read(head, 0, 4, 0);
  } finally {
    await handle.close();
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (head.toString('latin1') === 'PAR1') return 'parquet';
  return 'plain';
}

const BLOCK = 1 << 20;

/**
 * The unpacked bytes of a file, in blocks, with memory for a few of them; of Parquet, its rows as lines of JSON.
 * @throws {DatasetError} `not_found`, `unreadable`
 */
export async function* readBytes(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const packing = await packingOf(path);
  if (packing === 'parquet') {
    yield* parquetBytes(path, signal);
    return;
  }
  const options = { highWaterMark: BLOCK, ...(signal ? { signal } : {}) };
  const file = createReadStream(path, options);
  try {
    if (packing === 'zstd') yield* unpackZstd(file);
    else if (packing === 'gzip') yield* unpackGzip(file);
    else yield* blocks(file);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof DatasetError ? error : cannotRead(path, error);
  } finally {
    file.destroy();
  }
}

function unpackGzip(file: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: BLOCK });
  // The error reaches whoever reads the blocks; the callback only keeps it from being thrown a second time.
  pipeline(file, gunzip, () => undefined);
  return blocks(gunzip);
}

/** `fzstd` in JavaScript: Node's own zstd is not there before 22.15. */
async function* unpackZstd(file: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  const ready: Buffer[] = [];
  // The library reuses its window: what it hands out must be copied before the next push.
  const unpacker = new Decompress((data) => ready.push(Buffer.from(data)));
  for await (const block of blocks(file)) {
    unpacker.push(block);
    yield* ready.splice(0);
  }
  unpacker.push(new Uint8Array(0), true);
  yield* ready.splice(0);
}

async function* blocks(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const block of stream) {
    if (!Buffer.isBuffer(block)) throw new TypeError('A byte stream gave something else than bytes.');
    yield block;
  }
}

function cannotRead(path: string, error: unknown): DatasetError {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return new DatasetError('not_found', `There is no file ${path}. Check the name and the folder.`);
  }
  return new DatasetError('unreadable', `${path} cannot be read: ${reason}.`);
}
