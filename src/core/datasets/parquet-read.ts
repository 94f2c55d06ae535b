import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { DatasetError } from './errors';
import type { Line } from './lines';

const ROWS_AT_ONCE = 1000;

/**
 * The rows of a Parquet file as lines of JSON; `number` counts rows. Integers beyond 2^53 keep all their digits.
 * Snappy, gzip, Brotli and zstd pages are read.
 * @throws {DatasetError} `unreadable`
 */
export async function* parquetLines(path: string, signal?: AbortSignal): AsyncGenerator<Line[]> {
  const blocks = readParquet(path, signal);
  for (;;) {
    // Only reading is inside: what goes wrong with whoever takes the lines is not the file's fault.
    const { value, done } = await blocks.next().catch((error: unknown) => {
      signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw new DatasetError('unreadable', `${path} cannot be read as Parquet: ${reason}. Write it anew.`);
    });
    if (done === true) return;
    yield value;
  }
}

async function* readParquet(path: string, signal?: AbortSignal): AsyncGenerator<Line[], undefined> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects }, { decompress }] = await Promise.all([
    import('hyparquet'),
    import('fzstd'),
  ]);
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const compressors = {
    GZIP: (bytes: Uint8Array) => gunzipSync(bytes),
    BROTLI: (bytes: Uint8Array) => brotliDecompressSync(bytes),
    ZSTD: (bytes: Uint8Array, length: number) => decompress(bytes, new Uint8Array(length)),
  };
  const total = Number(metadata.num_rows);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (total !== inGroups) throw new RangeError(`it says ${total} rows, but its parts have ${inGroups}`);
  for (let start = 0; start < total; start += ROWS_AT_ONCE) {
    signal?.throwIfAborted();
    const rowEnd = Math.min(total, start + ROWS_AT_ONCE);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart: start, rowEnd });
    if (rows.length !== rowEnd - start) throw new RangeError(`row ${start + rows.length + 1} of ${total} is missing`);
    yield rows.map((row, index) => {
      const text = exactJson(row);
      return { number: start + index + 1, offset: 0, bytes: Buffer.byteLength(text), text, ending: '\n' as const };
    });
  }
}

/** As `JSON.stringify`, and integers of 64 bits with all their digits. */
export function exactJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) return `[${value.map((item) => exactJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${exactJson(field)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
