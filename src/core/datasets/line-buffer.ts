import type { Line } from './lines';

const SIZE = 1 << 21;
const LF = 10;

/** Lines as bytes, each with its line feed: what is about to be written. */
export class LineBuffer {
  private buffer: Buffer = Buffer.allocUnsafeSlow(SIZE);
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** Takes a line without its ending. @param ascii whether all of it surely is: that is copied and not encoded. */
  push(line: string, ascii = false): void {
    if (ascii) {
      this.reserve(line.length + 1);
      this.used += this.buffer.write(line, this.used, 'latin1');
      this.endLine();
      return;
    }
    // At most three bytes a code unit; a long line is measured.
    this.reserve((line.length < 10_000 ? line.length * 3 : Buffer.byteLength(line)) + 1);
    this.used += this.buffer.write(line, this.used, 'utf8');
    this.endLine();
  }

  /** Takes a line as the file has it. */
  copy(line: Line): void {
    if (line.block === undefined || line.at === undefined) {
      this.push(line.text);
      return;
    }
    this.reserve(line.bytes + 1);
    this.used += line.block.copy(this.buffer, this.used, line.at, line.at + line.bytes);
    this.endLine();
  }

  /** Hands over what was pushed. The buffer is then empty, in memory that nobody else has. */
  take(spare: Buffer = Buffer.allocUnsafeSlow(this.buffer.length)): Uint8Array {
    const full = new Uint8Array(this.buffer.buffer, 0, this.used);
    this.buffer = spare;
    this.used = 0;
    return full;
  }

  private endLine(): void {
    this.buffer[this.used++] = LF;
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.used + bytes));
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}
