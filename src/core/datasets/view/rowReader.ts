import type { FileHandle } from 'node:fs/promises';
import { withoutReturn, type ByteRange, type LineIndex } from './lineIndex';
import { parseBeginning, parseRow, PARSE_BYTES, PREVIEW_BYTES, type Row } from './rowText';

/** Neighbouring lines are read at once up to this size. */
const RUN_BYTES = 4 << 20;

export interface ReadRow {
  readonly line: number;
  readonly range: ByteRange;
  readonly row: Row;
  /** The row's bytes without the line end: all of them, or the beginning of a long row. */
  readonly bytes: Buffer;
}

/** Whether all bytes of the row were read. */
export function isWhole({ range, bytes }: ReadRow): boolean {
  return bytes.length >= range.end - range.start - 1;
}

/** Whether a row is previewed from its beginning. */
export function isLarge({ start, end }: ByteRange): boolean {
  return end - start > PREVIEW_BYTES;
}

/** Reads lines (0-based, any order) for the table: long ones only from their beginning. */
export async function readPreviews(file: FileHandle, index: LineIndex, lines: readonly number[]): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for (let from = 0; from < lines.length;) {
    const run = runFrom(index, lines, from);
    const last = run.at(-1);
    const first = run[0];
    if (!first || !last) break;
    const bytes = await readRange(file, {
      start: first.range.start,
      end: Math.max(first.range.start, Math.min(last.range.end, last.range.start + PREVIEW_BYTES)),
    });
    for (const { line, range } of run) {
      const start = range.start - first.range.start;
      const part = bytes.subarray(start, start + Math.min(range.end - range.start, PREVIEW_BYTES));
      const cut = isLarge(range);
      const whole = withoutReturn(part);
      rows.push(
        cut
          ? { line, range, row: parseBeginning(part), bytes: part }
          : { line, range, row: parseRow(whole, line === 0), bytes: whole },
      );
    }
    from += run.length;
  }
  return rows;
}

/** The longest run of neighbouring lines that one read can take; a long line always ends it. */
export function runFrom(
  index: LineIndex,
  lines: readonly number[],
  from: number,
): { line: number; range: ByteRange }[] {
  const run: { line: number; range: ByteRange }[] = [];
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? 0;
    const before = run.at(-1);
    if (before && line !== before.line + 1) break;
    const range = index.range(line);
    if (before && range.end - (run[0]?.range.start ?? 0) > RUN_BYTES) break;
    run.push({ line, range });
    if (isLarge(range)) break;
  }
  return run;
}

/** One line whole, as long as it can be parsed at all. */
export async function readRow(file: FileHandle, index: LineIndex, line: number): Promise<ReadRow> {
  const range = index.range(line);
  const length = range.end - range.start;
  if (length > PARSE_BYTES) {
    const bytes = await readRange(file, { start: range.start, end: range.start + PREVIEW_BYTES });
    return { line, range, row: parseBeginning(bytes), bytes };
  }
  const bytes = withoutReturn(await readRange(file, range));
  return { line, range, row: parseRow(bytes, line === 0), bytes };
}

/** The bytes of a range, fewer where the file has become shorter. */
export async function readRange(file: FileHandle, { start, end }: ByteRange): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
