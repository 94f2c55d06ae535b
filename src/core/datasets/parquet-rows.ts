import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const ROWS_AT_ONCE = 1000;
/** Of a row group that is unpacked at once. */
const PIECE_BYTES = 32e6;

/**
 * The rows of a Parquet file as lines of JSON, many in one text. Integers beyond 2^53 keep all their digits. Snappy,
 * gzip, Brotli and zstd pages are read. `alive` is called whenever a page has been unpacked: between two calls a damaged
 * file can make the library loop without an end.
 */
export async function* parquetText(path: string, alive: () => void): AsyncGenerator<string> {
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
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = rowStart + Number(group.num_rows);
    // For any row of a nested column the library unpacks the whole group.
    const nested = group.columns.some(({ meta_data: column }) => (column?.path_in_schema.length ?? 0) > 1);
    const pieces = nested ? 1 : Math.max(1, Math.ceil(Number(group.total_byte_size) / PIECE_BYTES));
    const rowsOfPiece = Math.max(ROWS_AT_ONCE, Math.ceil(Number(group.num_rows) / pieces));
    while (rowStart < groupEnd) {
      const rowEnd = Math.min(groupEnd, rowStart + rowsOfPiece);
      const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, onPage: alive });
      const read = rowStart + rows.length;
      if (read !== rowEnd) throw new RangeError(`row ${read + 1} of ${total} is missing`);
      while (rows.length > 0) yield rows.splice(0, ROWS_AT_ONCE).map(jsonLine).join('');
      rowStart = rowEnd;
    }
  }
}

function jsonLine(row: unknown): string {
  return `${exactJson(row)}\n`;
}

/** As `JSON.stringify`, and integers of 64 bits with all their digits. */
function exactJson(value: unknown): string {
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
