import { once } from 'node:events';
import type { Stats } from 'node:fs';
import { open, stat, statfs, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { isMissing } from './indexCache';
import { readRange } from './rowReader';

/** How a packed file came to its end; what stands before that can be read. */
export type UnpackEnd = 'whole' | 'cut_short' | 'damaged' | 'no_room';

/** A packed block may hold a thousand times as much. */
const PACKED_BYTES = 32 * 1024;
/** How often the room on the disk is looked at, and how much of it is left to others. */
const ROOM_EVERY = 16 << 20;
const SPARE_BYTES = 500_000_000;

interface Seen {
  readonly inode: number;
  readonly size: number;
  readonly modified: number;
}

/** A `.gz` file that is unpacked into a copy, block by block. When the original changes, it is unpacked once more. */
export class Unpacking {
  /** Counts up when something before the copy's end is not as it was. */
  version = 0;
  /** Bytes of the copy. */
  size = 0;
  /** Undefined while it is unpacked. */
  end: UnpackEnd | undefined;
  /** The original is gone. */
  missing = false;
  private seen: Seen = { inode: 0, size: 0, modified: 0 };
  private consumed = 0;
  private failure: Error | undefined;
  private waiting: (() => void)[] = [];
  private readonly closing = new AbortController();

  private constructor(
    private readonly source: string,
    private readonly copy: FileHandle,
    private readonly folder: string,
    private readonly spare: number,
  ) {}

  /** Begins to unpack into `target`; its first rows are there when this resolves. `spare` bytes of the disk stay free. */
  static async begin(source: string, target: string, folder: string, spare = SPARE_BYTES): Promise<Unpacking> {
    const unpacking = new Unpacking(source, await open(target, 'w+'), folder, spare);
    void unpacking.unpack();
    await unpacking.reaches(1);
    return unpacking;
  }

  /** Bytes that the copy will have, as far as can be told. */
  get expected(): number {
    if (this.end !== undefined || this.consumed === 0) return this.size;
    return Math.max(this.size, Math.round((this.size * this.seen.size) / this.consumed));
  }

  /** Waits until the copy has so many bytes, or is another one, or gets no longer. */
  async reaches(size: number): Promise<void> {
    const { version } = this;
    while (this.end === undefined && this.size < size && this.version === version) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Looks at the original once, and unpacks it again when it is another one by now. */
  async look(): Promise<void> {
    if (this.end === undefined) return;
    let now: Seen;
    try {
      now = seenOf(await stat(this.source));
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.missing = true;
      return;
    }
    const { inode, size, modified } = this.seen;
    const isWell = this.failure === undefined && !this.missing;
    if (isWell && now.inode === inode && now.size === size && now.modified === modified) return;
    this.missing = false;
    this.failure = this.end = undefined;
    void this.unpack();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.reaches(Infinity).catch(() => undefined); // It ends because it is told to.
    await this.copy.close();
  }

  private async unpack(): Promise<void> {
    try {
      this.end = await this.take();
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.end = 'damaged';
    }
    this.tell();
  }

  private async take(): Promise<UnpackEnd> {
    await using source = await open(this.source, 'r');
    this.seen = seenOf(await source.stat());
    this.consumed = 0;
    let at = 0;
    const end = await inflate(source, this.closing.signal, async (bytes, consumed) => {
      if (!(await this.hasRoom(at, bytes.length)) || !(await this.put(bytes, at))) return false;
      at += bytes.length;
      this.consumed = consumed;
      this.tell();
      return true;
    });
    if (at < this.size) await this.cut(at);
    return end;
  }

  /** What the copy has already is only compared: of a file that has grown, everything before stays as it is. */
  private async put(bytes: Buffer, at: number): Promise<boolean> {
    let known = Math.max(0, Math.min(bytes.length, this.size - at));
    const before = await readRange(this.copy, { start: at, end: at + known });
    if (!before.equals(bytes.subarray(0, known))) {
      await this.cut(at);
      known = 0;
    }
    try {
      for (let done = known; done < bytes.length;) {
        done += (await this.copy.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error;
      await this.copy.truncate(this.size);
      return false;
    }
    this.size = Math.max(this.size, at + bytes.length);
    return true;
  }

  private async cut(size: number): Promise<void> {
    this.version++;
    await this.copy.truncate(size);
    this.size = size;
  }

  private async hasRoom(at: number, more: number): Promise<boolean> {
    if (Math.floor((at + more) / ROOM_EVERY) === Math.floor(at / ROOM_EVERY)) return true;
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize > this.spare;
  }

  private tell(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

/**
 * Hands on what a packed file holds, until `take` has no room for more. Node's own pipeline would lose the last blocks
 * before the place where a file is cut short or damaged.
 */
async function inflate(
  source: FileHandle,
  signal: AbortSignal,
  take: (bytes: Buffer, consumed: number) => Promise<boolean>,
): Promise<UnpackEnd> {
  const gunzip = createGunzip();
  const failed = new Promise<never>((_resolve, reject) => gunzip.once('error', reject));
  const blocks: Buffer[] = [];
  gunzip.on('data', (block: Buffer) => blocks.push(block));
  const handOn = async () => {
    const bytes = Buffer.concat(blocks.splice(0));
    return bytes.length === 0 || (await take(bytes, gunzip.bytesWritten));
  };
  try {
    const packed = source.createReadStream({ highWaterMark: PACKED_BYTES, autoClose: false, signal });
    for await (const block of packed) {
      await Promise.race([failed, new Promise((resolve) => gunzip.write(block, resolve))]);
      if (!(await handOn())) return 'no_room';
    }
    const ended = once(gunzip, 'end');
    gunzip.end();
    await Promise.race([failed, ended]);
    return (await handOn()) ? 'whole' : 'no_room';
  } catch (error) {
    if (!codeOf(error).startsWith('Z_')) throw error;
    if (!(await handOn())) return 'no_room';
    return codeOf(error) === 'Z_BUF_ERROR' ? 'cut_short' : 'damaged';
  } finally {
    failed.catch(() => undefined); // Whoever raced it has heard of it.
    gunzip.destroy();
  }
}

function seenOf({ ino, size, mtimeMs }: Stats): Seen {
  return { inode: ino, size, modified: mtimeMs };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
