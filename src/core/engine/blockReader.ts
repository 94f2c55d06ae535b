import type { FileHandle } from 'node:fs/promises';

export interface Place {
  readonly offset: number;
  readonly length: number;
}

const BLOCK = 256 * 1024;

/**
 * Reads lines at known places. Lines that lie one after another come from one block; lines in scattered order are read
 * alone, so that neither order costs more than it must.
 */
export class BlockReader {
  #block: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly handle: FileHandle) {}

  async read({ offset, length }: Place): Promise<Buffer> {
    const end = this.#start + this.#block.length;
    if (offset < this.#start || offset + length > end) {
      const forward = offset >= this.#start && offset <= end + BLOCK;
      await this.#fill(offset, forward ? Math.max(BLOCK, length) : length);
    }
    if (offset + length > this.#start + this.#block.length) throw new Error('The journal is shorter than it was.');
    return this.#block.subarray(offset - this.#start, offset - this.#start + length);
  }

  async #fill(offset: number, length: number): Promise<void> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.#block = buffer.subarray(0, filled);
    this.#start = offset;
  }
}
