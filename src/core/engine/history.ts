import { open } from 'node:fs/promises';
import type { Place } from './blockReader';
import { DoneIndex } from './doneIndex';
import {
  type BatchLine,
  type DoneLine,
  type JournalLine,
  type RunLine,
  type SentLine,
  doneLine,
  journalLine,
} from './lines';
import { Tally } from './tally';

/** What the journal says of the run so far, read in one pass. Rows and replies stay on the disk. */
export class History {
  /** The last session's. */
  run: RunLine | undefined;
  nextSeq = 0;
  readonly tally = new Tally();
  readonly done = new DoneIndex();
  /** Requests that went out and of which nothing is known. */
  readonly unanswered = new Map<number, SentLine>();
  /** Batches by token, as they were last heard of. */
  readonly batches = new Map<string, BatchLine>();
  /** By unit that is not finished: where its replies, losses and turn stand. */
  readonly evidence = new Map<number, Place[]>();
  /** Of these, the ones that have had their turn. */
  readonly turned = new Set<number>();
  /** Finished units that lost asks, and which. */
  readonly lostAsks = new Map<number, readonly string[]>();
  /** What this program put in place, by file. */
  readonly written = new Map<string, Set<string>>();
  /** Lines that cannot be read: a power cut in the middle of a write leaves such, never one that was acted on. */
  damaged = 0;

  /** @param keepAll finished units will be worked again (another parser): their evidence is kept too. */
  constructor(private readonly keepAll: boolean) {}

  /** Lines of units worked again need what they replace; `before` reads a line back. */
  async take(line: JournalLine, place: Place, before: (place: Place) => Promise<DoneLine>): Promise<void> {
    switch (line.type) {
      case 'run':
        if (this.run && otherParsers(this.run.parsers, line.parsers)) this.reopenAll();
        this.run = line;
        break;
      case 'sent':
        this.tally.sent();
        this.unanswered.set(line.seq, line);
        this.nextSeq = Math.max(this.nextSeq, line.seq + 1);
        break;
      case 'batch':
        this.batches.set(line.token, line);
        break;
      case 'reply':
        this.unanswered.delete(line.seq);
        this.tally.reply(line);
        this.#keep(line.unit, place);
        break;
      case 'lost':
        this.unanswered.delete(line.seq);
        this.tally.lost(line);
        this.#keep(line.unit, place);
        break;
      case 'turn':
        this.#keep(line.unit, place);
        this.turned.add(line.unit);
        break;
      case 'retry':
        this.retry(line.unit, place);
        break;
      case 'done': {
        const previous = this.done.get(line.unit);
        if (previous) this.tally.done(await before(previous), -1);
        this.tally.done(line);
        this.done.set(line.unit, place, line.open);
        if (line.lost.length > 0 && !line.open) this.lostAsks.set(line.unit, line.lost);
        else this.lostAsks.delete(line.unit);
        if (!line.open && line.lost.length === 0 && !this.keepAll) {
          this.evidence.delete(line.unit);
          this.turned.delete(line.unit);
        }
        break;
      }
      case 'output':
        this.wrote(line.path, line.sha256);
    }
  }

  /** A file in the folder with this content is ours. */
  wrote(name: string, sha256: string): void {
    const known = this.written.get(name) ?? new Set();
    this.written.set(name, known.add(sha256));
  }

  /** A finished unit is worked again: what it lost is asked anew. */
  retry(unit: number, place: Place): void {
    this.#keep(unit, place);
    this.reopen(unit);
  }

  /** The unit is to be worked again, with a turn of its own. */
  reopen(unit: number): void {
    this.done.reopen(unit);
    this.turned.delete(unit);
  }

  /** Every unit is to be worked again, from its stored replies. Wants `keepAll`. */
  reopenAll(): void {
    if (!this.keepAll) throw new NeedsEverything();
    this.done.reopenAll();
  }

  #keep(unit: number, place: Place): void {
    const places = this.evidence.get(unit);
    if (places) places.push(place);
    else this.evidence.set(unit, [place]);
  }
}

/** The journal must be read again, keeping the evidence of finished units. */
class NeedsEverything extends Error {
  override readonly name = 'NeedsEverything';
}

function otherParsers(before: RunLine['parsers'], now: RunLine['parsers']): boolean {
  return Object.entries(now).some(([stage, version]) => before[stage] !== undefined && before[stage] !== version);
}

/**
 * Reads a journal from the beginning, a block at a time.
 * @param parsers of the program that reads: where they are not those that the run was last worked with, units reopen.
 */
export async function readHistory(file: string, parsers: RunLine['parsers'] = {}): Promise<History> {
  try {
    return await readWith(file, parsers, false);
  } catch (error) {
    if (error instanceof NeedsEverything) return await readWith(file, parsers, true);
    throw error;
  }
}

async function readWith(file: string, parsers: RunLine['parsers'], keepAll: boolean): Promise<History> {
  const history = new History(keepAll);
  const handle = await open(file, 'r');
  const before = async (place: Place): Promise<DoneLine> => {
    const buffer = Buffer.allocUnsafe(place.length);
    await handle.read(buffer, 0, place.length, place.offset);
    return doneLine.parse(JSON.parse(buffer.toString('utf8')));
  };
  try {
    for await (const { bytes, place } of linesOf(handle)) {
      const line = parseLine(bytes);
      if (line) await history.take(line, place, before);
      else if (bytes.length > 0) history.damaged += 1;
    }
    if (history.run && otherParsers(history.run.parsers, parsers)) history.reopenAll();
  } finally {
    await handle.close();
  }
  return history;
}

/** The last `done` lines of finished units, in the order in which they were written. */
export async function* finishedUnits(file: string, done: DoneIndex): AsyncGenerator<DoneLine> {
  const handle = await open(file, 'r');
  try {
    for await (const { bytes, place } of linesOf(handle)) {
      if (!bytes.subarray(0, DONE.length).equals(DONE)) continue;
      const line = doneLine.parse(JSON.parse(bytes.toString('utf8')));
      if (done.closed(line.unit) && done.get(line.unit)?.offset === place.offset) yield line;
    }
  } finally {
    await handle.close();
  }
}

const DONE = Buffer.from('{"type":"done"');

export function parseLine(bytes: Buffer): JournalLine | undefined {
  try {
    return journalLine.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    // Counted as damaged by the caller.
    return undefined;
  }
}

const BLOCK = 1024 * 1024;

async function* linesOf(handle: {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}): AsyncGenerator<{ readonly bytes: Buffer; readonly place: Place }> {
  let carry = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const block = Buffer.allocUnsafe(BLOCK);
    const { bytesRead } = await handle.read(block, 0, BLOCK, position);
    if (bytesRead === 0) return;
    const start = position - carry.length;
    const bytes =
      carry.length > 0 ? Buffer.concat([carry, block.subarray(0, bytesRead)]) : block.subarray(0, bytesRead);
    position += bytesRead;
    let from = 0;
    for (let newline = bytes.indexOf(0x0a); newline >= 0; newline = bytes.indexOf(0x0a, from)) {
      yield { bytes: bytes.subarray(from, newline), place: { offset: start + from, length: newline + 1 - from } };
      from = newline + 1;
    }
    carry = bytes.subarray(from);
  }
}
