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
  // A line that spans blocks: kept as parts, so that a line of 100 MB is joined once.
  let parts: Buffer[] = [];
  let offset = 0;
  let number = 1;
  let begun = false;
  for await (const block of source) {
    let rest = block;
    if (!begun) {
      begun = true;
      const skip = bomBytes(block, name);
      offset += skip;
      rest = block.subarray(skip);
    }
    const last = rest.lastIndexOf(LF);
    if (last < 0) {
      parts.push(rest);
      continue;
    }
    const whole = rest.subarray(0, last + 1);
    const lines: Line[] = [];
    let from = 0;
    if (parts.length > 0) {
      from = whole.indexOf(LF) + 1;
      const joined = Buffer.concat([...parts, whole.subarray(0, from)]);
      parts = [];
      pushLine(lines, joined, 0, joined.length - 1, number++, offset);
      offset += joined.length;
    }
    if (from < whole.length) {
      number = pushLines(lines, whole.subarray(from), number, offset);
      offset += whole.length - from;
    }
    if (last + 1 < rest.length) parts.push(rest.subarray(last + 1));
    yield lines;
  }
  if (parts.length > 0) {
    const bytes = Buffer.concat(parts);
    yield [decodeLine(bytes, bytes.length, number, offset, '')];
  }
}

/** Whether a row can be there at all. */
export function isBlank(line: Line): boolean {
  return line.damage === undefined && (line.text.length === 0 || line.text.trim().length === 0);
}

/** A block that ends with a line feed. Most files are ASCII or nearly: those blocks are decoded in one go. */
function pushLines(lines: Line[], block: Buffer, first: number, start: number): number {
  let number = first;
  const text = isAscii(block) ? block.toString('latin1') : undefined;
  const valid = text !== undefined || isUtf8(block);
  let from = 0;
  while (from < block.length) {
    if (text !== undefined) {
      const end = text.indexOf('\n', from);
      const crlf = end > from && text.charCodeAt(end - 1) === CR;
      const stop = crlf ? end - 1 : end;
      const ending = crlf ? '\r\n' : '\n';
      const row = text.slice(from, stop);
      lines.push({ number, offset: start + from, bytes: stop - from, text: row, ending, block, at: from });
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
