import { open, type FileHandle } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { findPairProblems } from '../../core/datasets/view/pairProblems';
import { DatasetViewError } from '../../core/datasets/view/errors';
import { mathml } from '../../core/datasets/view/mathml';
import { parseQuery, VALIDATOR } from '../../core/datasets/view/query';
import { ReviewLog, reviewPath } from '../../core/datasets/view/reviewLog';
import { scan, type Place } from '../../core/datasets/view/scan';
import { sortRows } from '../../core/datasets/view/sortRows';
import { gatherStatistics } from '../../core/datasets/view/statistics';
import { ValidatorVerdicts } from '../../core/datasets/view/validatorVerdicts';
import { tokensOfParts } from '../../core/datasets/view/partTokens';
import { explainRows, listTwins, spareTwins, TWIN_FLOOR } from '../../core/datasets/view/twinGroups';
import { findTwins, twinGraph, type TwinGraph } from '../../core/datasets/twins';
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
  statistics: async ({ path, original }, signal) => {
    await using file = await open(path, 'r');
    const tell = atTimes((bytes) => server.emit('read', { bytes }));
    return await gatherStatistics(file, signal, tell, await ValidatorVerdicts.around(original, signal));
  },
  pairProblems: ({ path }, signal) =>
    findPairProblems(
      path,
      signal,
      atTimes((rows) => server.emit('checked', { rows })),
    ),
  twins: async ({ path }, signal) => {
    const onRows = atTimes((rows) => server.emit('compared', { rows }));
    graph = twinGraph(await findTwins(path, TWIN_FLOOR, { signal, onRows }), TWIN_FLOOR);
    return { rows: graph.lines.length, floor: TWIN_FLOOR };
  },
  twinGroups: ({ threshold, start, count }) => listTwins(foundTwins(), threshold, { start, count }),
  spareTwins: ({ threshold, keep }) => ({ lines: spareTwins(foundTwins(), threshold, keep) }),
  explainTwins: ({ first, second }) => explainRows(JSON.parse(first), JSON.parse(second)),
  math: async ({ tex, display }) => ({ mathml: (await mathml(tex, display)) ?? null }),
  tokens: async ({ json }) => ({ parts: await tokensOfParts(JSON.parse(json)) }),
});

let graph: TwinGraph | undefined;

function foundTwins(): TwinGraph {
  if (!graph) throw new DatasetViewError('not_open', 'Twins were not looked for yet. Open the Twins tab again.');
  return graph;
}

/** Hands numbers on no more often than the eye can follow. */
function atTimes(tell: (value: number) => void): (value: number) => void {
  let last = 0;
  return (value) => {
    if (Date.now() - last < TELL_MS) return;
    last = Date.now();
    tell(value);
  };
}

async function find(file: FileHandle, asked: Find, signal: AbortSignal): Promise<Place> {
  const { job, query, original, from } = asked;
  const { state } = await ReviewLog.open(reviewPath(original));
  const validator = await validatorFor(asked, signal);
  const told = new Batches(job);
  let last: Place = from;
  for await (const { lines, next } of scan(file, parseQuery(query), state, from, signal, validator)) {
    told.add(lines, next.offset);
    last = next;
    await breathe();
  }
  told.flush(last.offset);
  return last;
}

/** The validator's verdicts, when they are asked for: reading them costs as much as the run has rows. */
async function validatorFor(
  { query, sort, original }: Find,
  signal: AbortSignal,
): Promise<ValidatorVerdicts | undefined> {
  const asked =
    query.includes(VALIDATOR) || query.includes('is:disputed') || sort?.field.startsWith(VALIDATOR) === true;
  return asked ? ValidatorVerdicts.around(original, signal) : undefined;
}

async function findSorted(
  file: FileHandle,
  asked: Find,
  sort: NonNullable<Find['sort']>,
  signal: AbortSignal,
): Promise<Place> {
  const { state } = await ReviewLog.open(reviewPath(asked.original));
  const query = parseQuery(asked.query);
  const validator = await validatorFor(asked, signal);
  const told = new Batches(asked.job);
  let chosen: Set<number> | undefined;
  let last: Place = { offset: 0, line: 0 };
  if (query.conditions.length > 0) {
    chosen = new Set();
    for await (const { lines, next } of scan(file, query, state, last, signal, validator)) {
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
  for await (const lines of sortRows(file, sort, takesPart, signal, progress, validator)) {
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
