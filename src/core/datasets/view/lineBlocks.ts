import type { FileHandle } from 'node:fs/promises';
import { PARSE_BYTES } from './rowText';

const READ_BYTES = 1 << 20;
const NEWLINE = 10;

/** Whole lines of a file, in order. */
export interface LineBlock {
  /** Lines with their newlines; the file's last line may have none. */
  readonly bytes: Buffer;
  /** Where the block starts in the file. */
  readonly offset: number;
  /** Where the next block starts: further than the bytes, when a line was too long to be kept whole. */
  readonly end: number;
  /** Only the beginning of the (one) line in it was kept. */
  readonly cut: boolean;
}

/**
 * Reads whole lines in blocks of about a megabyte, the next one while the last is worked on. Of a line beyond what can
 * be parsed only the beginning is kept, so that memory stays flat.
 */
export async function* lineBlocks(file: FileHandle, from: number, signal: AbortSignal): AsyncGenerator<LineBlock> {
  let [current, next] = [Buffer.allocUnsafe(READ_BYTES), Buffer.allocUnsafe(READ_BYTES)];
  let position = from;
  let offset = from;
  let carried: Buffer[] = [];
  let kept = 0;
  let pending = file.read(current, 0, READ_BYTES, position);
  for (;;) {
    const { bytesRead } = await pending;
    signal.throwIfAborted();
    if (bytesRead === 0) break;
    position += bytesRead;
    pending = file.read(next, 0, READ_BYTES, position);
    const read = current.subarray(0, bytesRead);
    const last = read.lastIndexOf(NEWLINE) + 1;
    if (last === 0) {
      kept += carry(carried, read, kept);
    } else {
      const first = kept > 0 ? read.indexOf(NEWLINE) + 1 : 0;
      if (kept > 0) {
        kept += carry(carried, read.subarray(0, first), kept);
        const end = position - bytesRead + first;
        yield { bytes: Buffer.concat(carried), offset, end, cut: end - offset > kept };
        offset = end;
        [carried, kept] = [[], 0];
      }
      if (last > first) {
        const end = position - bytesRead + last;
        yield { bytes: read.subarray(first, last), offset, end, cut: false };
        offset = end;
      }
      kept += carry(carried, read.subarray(last), kept);
    }
    [current, next] = [next, current];
  }
  if (kept > 0) yield { bytes: Buffer.concat(carried), offset, end: position, cut: position - offset > kept };
}

/** Copies what belongs to an unfinished line: the buffer it stands in is read into again. Returns how much was kept. */
function carry(carried: Buffer[], part: Buffer, kept: number): number {
  const room = Math.min(part.length, PARSE_BYTES - kept);
  if (room > 0) carried.push(Buffer.from(part.subarray(0, room)));
  return Math.max(0, room);
}
