import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { BlockReader, type Place } from './blockReader';
import { isDiskTrouble, reserveRoom, syncFolder } from './files';
import type { JournalLine } from './lines';

/** The journal cannot be written any more (disk full, read-only, drive gone): the run pauses, nothing is acted on. */
export class JournalBroken extends Error {
  override readonly name = 'JournalBroken';
  readonly code = 'journal_broken';
  constructor(file: string, cause: unknown) {
    super(
      `${file} cannot be written (${cause instanceof Error ? cause.message : String(cause)}). ` +
        'Make room or reconnect the drive, then resume: everything up to here is kept.',
      { cause },
    );
  }
}

/** Room for the answers of more than a thousand requests that are on their way when the disk is full. */
const RESERVE_BYTES = 4 * 1024 * 1024;

interface Waiter {
  readonly upTo: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The append-only file. Lines are gathered while the last write is under way (one write, many lines), and made durable
 * by one `fsync` for all that came meanwhile: group commit. Whoever must not act on a line before it is durable awaits
 * `durable`.
 */
export class Journal {
  #pending: string[] = [];
  #size: number;
  #written: number;
  #synced: number;
  #writing = false;
  #syncing = false;
  #broken: JournalBroken | undefined;
  #waitingForWrite: Waiter[] = [];
  #waitingForSync: Waiter[] = [];
  #reserve: string | undefined;
  /** The disk is full, and what was reserved is given to the journal: nothing more should be sent. */
  onLastRoom: ((error: JournalBroken) => void) | undefined;

  private constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    size: number,
    private readonly gatherMs: number,
  ) {
    this.#size = this.#written = this.#synced = size;
  }

  /**
   * Opens for appending. A torn last line (the process died while writing) is cut off: it was never acted on.
   * @param gatherMs how long a line may wait for company before the `fsync` that makes it durable.
   */
  static async open(file: string, gatherMs = 5): Promise<Journal> {
    const handle = await open(file, 'a+');
    try {
      const { size } = await handle.stat();
      const whole = await endOfLastLine(handle, size);
      if (whole < size) await handle.truncate(whole);
      await handle.sync();
      await syncFolder(path.dirname(file));
      return new Journal(file, handle, whole, gatherMs);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Sets room aside on the disk, for what is on its way when the disk is full. */
  async reserve(bytes = RESERVE_BYTES): Promise<void> {
    const file = `${this.file}.reserve`;
    try {
      // Of a process that was killed.
      await rm(file, { force: true });
      if (await reserveRoom(file, bytes)) this.#reserve = file;
    } catch (error) {
      await rm(file, { force: true });
      if (!isDiskTrouble(error)) throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  get broken(): JournalBroken | undefined {
    return this.#broken;
  }

  /** Adds a line; where it will stand is known at once. */
  append(line: JournalLine): Place {
    if (this.#broken) throw this.#broken;
    const text = `${JSON.stringify(line)}\n`;
    const place = { offset: this.#size, length: Buffer.byteLength(text) };
    this.#pending.push(text);
    this.#size += place.length;
    if (!this.#writing) void this.#write();
    return place;
  }

  /** Resolves when everything appended so far is with the operating system: it survives this process. */
  written(): Promise<void> {
    return this.#wait(this.#waitingForWrite, this.#written);
  }

  /** Resolves when everything appended so far is on the disk: it survives the machine. */
  durable(): Promise<void> {
    const promise = this.#wait(this.#waitingForSync, this.#synced);
    if (!this.#syncing) void this.#sync();
    return promise;
  }

  /** The bytes of a line that was appended, now or in an earlier session. */
  async read(place: Place): Promise<Buffer> {
    if (place.offset + place.length > this.#written) await this.written();
    return await new BlockReader(this.handle).read(place);
  }

  /** For reading many lines, in whatever order. */
  async reader(): Promise<BlockReader> {
    await this.written();
    return new BlockReader(this.handle);
  }

  /** Everything durable, then closed. Closes also when the disk is broken. */
  async close(): Promise<void> {
    try {
      if (!this.#broken) await this.durable();
    } finally {
      await this.handle.close();
      await this.#giveBack();
    }
  }

  async #giveBack(): Promise<void> {
    if (this.#reserve === undefined) return;
    try {
      await rm(this.#reserve, { force: true });
    } catch (error) {
      // A drive that is gone has told of itself; the next session removes it.
      if (!isDiskTrouble(error)) throw error;
    }
  }

  #wait(waiters: Waiter[], reached: number): Promise<void> {
    if (this.#broken) return Promise.reject(this.#broken);
    const upTo = this.#size;
    if (reached >= upTo) return Promise.resolve();
    return new Promise((resolve, reject) => waiters.push({ upTo, resolve, reject }));
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#pending.length > 0 && !this.#broken) {
      // What this turn of the event loop still appends goes along, in one write.
      await new Promise(setImmediate);
      const bytes = Buffer.from(this.#pending.join(''), 'utf8');
      this.#pending = [];
      try {
        await this.#put(bytes);
        this.#written += bytes.length;
        this.#waitingForWrite = settle(this.#waitingForWrite, this.#written);
      } catch (error) {
        this.#fail(error);
      }
    }
    this.#writing = false;
  }

  /** Once, when a write fails: frees what was reserved, cuts off what was half written, and writes it again. */
  async #put(bytes: Buffer): Promise<void> {
    try {
      await this.handle.appendFile(bytes);
    } catch (error) {
      if (this.#reserve === undefined) throw error;
      this.onLastRoom?.(new JournalBroken(this.file, error));
      await rm(this.#reserve, { force: true });
      this.#reserve = undefined;
      await this.handle.truncate(this.#written);
      await this.handle.appendFile(bytes);
    }
  }

  async #sync(): Promise<void> {
    this.#syncing = true;
    while (this.#waitingForSync.length > 0 && !this.#broken) {
      try {
        await new Promise((resolve) => setTimeout(resolve, this.gatherMs));
        await this.written();
        const covered = this.#written;
        await this.handle.datasync();
        this.#synced = covered;
        this.#waitingForSync = settle(this.#waitingForSync, covered);
      } catch (error) {
        this.#fail(error);
      }
    }
    this.#syncing = false;
  }

  #fail(cause: unknown): void {
    this.#broken ??= cause instanceof JournalBroken ? cause : new JournalBroken(this.file, cause);
    for (const waiter of [...this.#waitingForWrite, ...this.#waitingForSync]) waiter.reject(this.#broken);
    this.#waitingForWrite = [];
    this.#waitingForSync = [];
  }
}

function settle(waiters: Waiter[], reached: number): Waiter[] {
  const later = waiters.findIndex((waiter) => waiter.upTo > reached);
  const ready = later < 0 ? waiters : waiters.slice(0, later);
  for (const waiter of ready) waiter.resolve();
  return later < 0 ? [] : waiters.slice(later);
}

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - buffer.length);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
