import { open, type FileHandle } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { parseQuery } from '../../core/datasets/view/query';
import { ReviewLog } from '../../core/datasets/view/reviewLog';
import { scan, type Place } from '../../core/datasets/view/scan';
import { sortRows } from '../../core/datasets/view/sortRows';
import { gatherStatistics } from '../../core/datasets/view/statistics';
import { serve, type Params } from '../../protocol/channel';
import { scanContract, type ScanContract } from '../../protocol/scan';
import { threadPort } from './threadPort';

/** The first hits are told at once, later ones in batches. */
const TELL_MS = 80;

if (!parentPort) throw new Error('This file is a worker thread of the dataset viewer.');

type Find = Params<ScanContract, 'find'>;

const server = serve(threadPort(parentPort), scanContract, {
  find: async (asked, signal) => {
    await using file = await open(asked.path, 'r');
    const next = asked.sort ? await findSorted(file, asked, asked.sort, signal) : await find(file, asked, signal);
    return { next };
  },
  statistics: async ({ path }, signal) => {
    await using file = await open(path, 'r');
    let last = 0;
    return await gatherStatistics(file, signal, (bytes) => {
      if (Date.now() - last < TELL_MS) return;
      last = Date.now();
      server.emit('read', { bytes });
    });
  },
});

async function find(file: FileHandle, { job, query, review, from }: Find, signal: AbortSignal): Promise<Place> {
  const { state } = await ReviewLog.open(review);
  const told = new Batches(job);
  let last: Place = from;
  for await (const { lines, next } of scan(file, parseQuery(query), state, from, signal)) {
    told.add(lines, next.offset);
    last = next;
    await breathe();
  }
  told.flush(last.offset);
  return last;
}

async function findSorted(
  file: FileHandle,
  asked: Find,
  sort: NonNullable<Find['sort']>,
  signal: AbortSignal,
): Promise<Place> {
  const { state } = await ReviewLog.open(asked.review);
  const query = parseQuery(asked.query);
  const told = new Batches(asked.job);
  let chosen: Set<number> | undefined;
  let last: Place = { offset: 0, line: 0 };
  if (query.conditions.length > 0) {
    chosen = new Set();
    for await (const { lines, next } of scan(file, query, state, last, signal)) {
      for (const line of lines) chosen.add(line);
      told.add([], next.offset / 2);
      last = next;
      await breathe();
    }
  }
  const before = last.offset / 2;
  const takesPart = chosen ? (line: number) => chosen.has(line) : undefined;
  const progress = (scanned: number) => {
    told.add([], chosen ? before + scanned / 2 : scanned);
  };
  for await (const lines of sortRows(file, sort, takesPart, signal, progress)) {
    told.add(lines, last.offset);
    await breathe();
  }
  told.flush(last.offset);
  return last;
}

/** Lets a cancellation in: what runs here would otherwise only wait for the disk. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Tells hits at once when there were none before, and then no more often than the eye can follow. */
class Batches {
  private lines: number[] = [];
  private told = 0;
  private last = 0;

  constructor(private readonly job: number) {}

  add(lines: readonly number[], scanned: number): void {
    for (const line of lines) this.lines.push(line);
    const now = Date.now();
    const isFirst = this.told === 0 && this.lines.length > 0;
    if (isFirst || now - this.last >= TELL_MS) this.flush(scanned);
  }

  flush(scanned: number): void {
    server.emit('found', { job: this.job, lines: this.lines, scanned });
    this.told += this.lines.length;
    this.lines = [];
    this.last = Date.now();
  }
}
