import { isUtf8 } from 'node:buffer';
import type { Line } from './lines';

/**
 * The elements of a JSON array, each as one line, found by their brackets alone: an element that is not JSON is still
 * handed on, so that it can be named. Memory holds one element, whatever the size of the file.
 */
export async function* arrayElements(source: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  const scanner = new ArrayScanner();
  for await (const block of source) {
    const lines = scanner.scan(block);
    if (lines.length > 0) yield lines;
  }
  const last = scanner.end();
  if (last.length > 0) yield last;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const LF = 0x0a;

class ArrayScanner {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private line = 1;
  private offset = 0;
  /** The element that is open: its bytes from earlier blocks, and where it began. */
  private parts: Buffer[] = [];
  private begin = { line: 1, offset: 0 };
  private open = false;
  /** The array is closed. What still comes is no part of it, and is not passed over in silence either. */
  private after = false;

  scan(block: Buffer): Line[] {
    const lines: Line[] = [];
    let from = this.open ? 0 : -1;
    for (let index = 0; index < block.length; index++) {
      const byte = block[index] ?? 0;
      if (byte === LF) this.line++;
      if (this.after) {
        if (!this.open && !isSpace(byte)) this.begun((from = index));
        continue;
      }
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
        continue;
      }
      if (this.depth === 1 && !this.open && !isSpace(byte) && byte !== COMMA && !isClose(byte)) {
        this.begun(index);
        from = index;
      }
      if (byte === QUOTE) this.inString = true;
      else if (isOpen(byte)) this.depth++;
      else if (this.depth === 1 && (byte === COMMA || isClose(byte))) {
        if (this.open) lines.push(this.close(block.subarray(Math.max(0, from), index)));
        from = -1;
        if (isClose(byte)) {
          this.depth--;
          this.after = true;
        }
      } else if (isClose(byte)) this.depth--;
    }
    if (this.open) this.parts.push(block.subarray(Math.max(0, from)));
    this.offset += block.length;
    return lines;
  }

  /** What is left when the file ends. An array that nobody closed may have lost rows: that is a line which is none. */
  end(): Line[] {
    const lines = this.open ? [this.close(Buffer.alloc(0))] : [];
    if (this.depth !== 1) return lines;
    this.begun(0);
    return [...lines, this.close(Buffer.from('['))];
  }

  private begun(index: number): void {
    this.open = true;
    this.begin = { line: this.line, offset: this.offset + index };
  }

  private close(tail: Buffer): Line {
    const bytes = this.parts.length > 0 ? Buffer.concat([...this.parts, tail]) : tail;
    this.parts = [];
    this.open = false;
    // A line feed can only stand between tokens, where a space says the same.
    const text = bytes
      .toString('utf8')
      .trimEnd()
      .replace(/[\r\n]/g, ' ');
    return {
      number: this.begin.line,
      offset: this.begin.offset,
      bytes: bytes.length,
      text,
      ending: '\n',
      ...(isUtf8(bytes) ? {} : { damage: 'invalid_utf8' as const }),
    };
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === LF || byte === 0x0d || byte === 0x09;
}

function isOpen(byte: number): boolean {
  return byte === 0x5b || byte === 0x7b;
}

function isClose(byte: number): boolean {
  return byte === 0x5d || byte === 0x7d;
}
