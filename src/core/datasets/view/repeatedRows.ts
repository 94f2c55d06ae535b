import { FingerprintSet } from '../fingerprint-set';
import { fingerprint } from '../hash';

/** Rows beyond so many different ones are only compared with these: 20 to 28 bytes each, 56 MB at most. */
const MOST_PRINTS = 2_000_000;

/** Tells which rows of a file came before, byte by byte, while the file is read from its beginning. */
export class RepeatedRows {
  private readonly prints = new FingerprintSet();

  /** Whether a line's bytes, read as Latin-1 and without the line end, came before. */
  isRepeat(line: string): boolean {
    const print = fingerprint(line);
    return this.prints.size >= MOST_PRINTS ? this.prints.has(print) : this.prints.add(print) >= 0;
  }
}
