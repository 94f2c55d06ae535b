import { isAscii, isUtf8 } from 'node:buffer';
import { DatasetError } from './errors';
import { readBytes } from './source';

/** One line of a file, as it stands there, without its line ending. */
export interface Line {
  /** 1-based. In a JSON array: the line on which the element begins. */
  readonly number: number;
  /** Where the line begins, in bytes of the unpacked file. */
  readonly offset: number;
  /** Bytes of the text, without its ending. */
  readonly bytes: number;
  readonly text: string;
  readonly ending: '\n' | '\r\n' | '';
  /** The text has U+FFFD where bytes were no UTF-8, or is empty because no string can hold it. */
  readonly damage?: 'invalid_utf8' | 'too_long';
  /** Where the line's bytes are, when they are in memory as the file has them: a copy of them needs no encoding. */
  readonly block?: Buffer;
  readonly at?: number;
  /** Every text that the line holds as JSON is surely ASCII: one look at the whole block has told. */
  readonly ascii?: boolean;
}

/** A byte-order mark belongs to the file, not to its first row. */
export const BOM_BYTES = 3;

/** V8's longest string is 2^29 - 24 characters. */
const LONGEST = 0x1fffffe8;
const LF = 10;
const CR = 13;

/**
 * The lines of a file, in batches of about a megabyte: an `await` for each line would cost more than parsing it.
 * Blank lines are lines. A BOM is skipped (`offset` of the first line is then 3).
 * @throws {DatasetError} `not_found`, `unreadable`, `not_utf8` (UTF-16)
 */
export async function* lineBatches(path: string, signal?: AbortSignal): AsyncGenerator<Line[]> {
  yield* splitLines(readBytes(path, signal), path);
}

/** As `lineBatches`, from bytes. */
export async function* splitLines(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Line[]> {
  let number = 1;
  for await (const block of lineBlocks(source, name)) {
    const lines = linesOf(block, number);
    number += lines.length;
    yield lines;
  }
}

/** Whole lines as bytes; only the last of a file may have no line feed at its end. */
export interface LineBlock {
  readonly bytes: Buffer;
  /** Where the block begins, in bytes of the unpacked file. */
  readonly offset: number;
}

/**
 * Blocks of whole lines, in memory of their own, so that a thread can be given one.
 * @throws {DatasetError} `not_utf8` (UTF-16)
 */
export async function* lineBlocks(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<LineBlock> {
  // A line that spans blocks: kept as parts, so that a line of 100 MB is joined once.
  let parts: Buffer[] = [];
  let offset = 0;
  let begun = false;
  for await (const block of source) {
    const skip = begun ? 0 : bomBytes(block, name);
    begun = true;
    offset += skip;
    const last = block.lastIndexOf(LF);
    if (last < 0) {
      parts.push(block.subarray(skip));
      continue;
    }
    const bytes = joined([...parts, block.subarray(skip, last + 1)]);
    parts = last + 1 < block.length ? [block.subarray(last + 1)] : [];
    yield { bytes, offset };
    offset += bytes.length;
  }
  const bytes = joined(parts);
  if (bytes.length > 0) yield { bytes, offset };
}

/** The lines of a block whose first line has the number `first`. */
export function linesOf({ bytes, offset }: LineBlock, first: number): Line[] {
  const lines: Line[] = [];
  const end = bytes.lastIndexOf(LF) + 1;
  const number = end === 0 ? first : pushLines(lines, bytes.subarray(0, end), first, offset);
  const rest = bytes.subarray(end);
  if (rest.length > 0) lines.push(decodeLine(rest, rest.length, number, offset + end, ''));
  return lines;
}

/** How many lines `linesOf` would find. */
export function countLines({ bytes }: LineBlock): number {
  let count = 0;
  let from = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
    count++;
    from = at + 1;
  }
  return from < bytes.length ? count + 1 : count;
}

function joined(parts: readonly Buffer[]): Buffer {
  // Not from Node's pool: memory of the pool cannot be handed to a thread.
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.length, 0));
  let used = 0;
  for (const part of parts) used += part.copy(bytes, used);
  return bytes;
}

/** Whether a row can be there at all. */
export function isBlank(line: Line): boolean {
  const first = line.text.charCodeAt(0);
  if (first > 0x20 && first < 0x7f) return false;
  return line.damage === undefined && (line.text.length === 0 || line.text.trim().length === 0);
}

/** A block that ends with a line feed. Most files are ASCII or nearly: those blocks are decoded in one go. */
function pushLines(lines: Line[], block: Buffer, first: number, start: number): number {
  let number = first;
  const text = isAscii(block) ? block.toString('latin1') : undefined;
  const valid = text !== undefined || isUtf8(block);
  const ascii = text !== undefined && !text.includes('\\u');
  let from = 0;
  while (from < block.length) {
    if (text !== undefined) {
      const end = text.indexOf('\n', from);
      const crlf = end > from && text.charCodeAt(end - 1) === CR;
      const stop = crlf ? end - 1 : end;
      const ending = crlf ? '\r\n' : '\n';
      const row = text.slice(from, stop);
      lines.push({ number, offset: start + from, bytes: stop - from, text: row, ending, block, at: from, ascii });
      from = end + 1;
    } else {
      const end = block.indexOf(LF, from);
      pushLine(lines, block, from, end, number, start + from, valid);
      from = end + 1;
    }
    number++;
  }
  return number;
}

function pushLine(
  lines: Line[],
  block: Buffer,
  from: number,
  end: number,
  number: number,
  offset: number,
  valid = false,
): void {
  const crlf = end > from && block[end - 1] === CR;
  const bytes = block.subarray(from, crlf ? end - 1 : end);
  const ending = crlf ? '\r\n' : '\n';
  if (valid) {
    const text = bytes.toString('utf8');
    lines.push({ number, offset, bytes: bytes.length, text, ending, block, at: from });
  } else lines.push(decodeLine(bytes, bytes.length, number, offset, ending));
}

function decodeLine(bytes: Buffer, length: number, number: number, offset: number, ending: Line['ending']): Line {
  if (length > LONGEST) return { number, offset, bytes: length, text: '', ending, damage: 'too_long' };
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return { number, offset, bytes: length, text, ending };
  return { number, offset, bytes: length, text, ending, damage: 'invalid_utf8' };
}

function bomBytes(block: Buffer, name: string): number {
  if (block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf) return BOM_BYTES;
  if ((block[0] === 0xff && block[1] === 0xfe) || (block[0] === 0xfe && block[1] === 0xff)) {
    throw new DatasetError('not_utf8', `${name} is UTF-16. Save it as UTF-8: trainers read nothing else.`);
  }
  return 0;
}
