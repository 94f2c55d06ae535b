import type { Line } from './lines';

/** To begin with: most files are small. */
const SIZE = 1 << 16;
const LF = 10;

/** As many blocks are in use at once: one is filled, one waits for its write, one is written. */
const BLOCKS = 3;
/** A single line may be of any length: memory for such a one is not kept. */
const LARGEST_KEPT = 1 << 24;

/** Lines as bytes, each with its line feed: what is about to be written. */
export class LineBuffer {
  /** Memory that was handed over. Blocks of megabytes that are new each time would keep the collector busy. */
  private readonly given: Buffer[] = [];
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

  /** Hands over what was pushed, in memory that is used again when two more blocks were taken. */
  take(): Uint8Array {
    const full = new Uint8Array(this.buffer.buffer, 0, this.used);
    if (this.buffer.length <= LARGEST_KEPT) this.given.push(this.buffer);
    const spare = this.given.length < BLOCKS ? undefined : this.given.shift();
    // What went to another thread has no length here any more.
    this.buffer = spare !== undefined && spare.length > 0 ? spare : Buffer.allocUnsafeSlow(SIZE);
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
