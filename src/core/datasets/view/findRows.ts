import { open, type FileHandle } from 'node:fs/promises';
import { isAboutReview } from './matching';
import { parseQuery, VALIDATOR } from './query';
import type { ReviewState } from './reviewState';
import { scan, type Place } from './scan';
import { sortRows, type SortOrder } from './sortRows';
import { ValidatorVerdicts } from './validatorVerdicts';

export interface Asked {
  /** The file that is read. */
  readonly path: string;
  /** The file that the person opened: its run lies around it. */
  readonly original: string;
  readonly review: ReviewState;
  readonly query: string;
  readonly sort: SortOrder | null;
  readonly from: Place;
}

/** Told as the file is read: lines that were found, in the order asked for, and how many bytes were looked at. */
export type TellFound = (lines: readonly number[], scanned: number) => void;

/** Finds the rows of a file that a query asks for, in an order. Answers where looking further begins. */
export async function findRows(asked: Asked, tell: TellFound, signal: AbortSignal): Promise<Place> {
  await using file = await open(asked.path, 'r');
  if (asked.sort) return await findSorted(file, asked, asked.sort, tell, signal);
  return await find(file, asked, tell, signal);
}

/** Whether it must be known first which reviewed rows have moved. */
export function asksForReview(query: string): boolean {
  return parseQuery(query).conditions.some(isAboutReview);
}

async function find(file: FileHandle, asked: Asked, tell: TellFound, signal: AbortSignal): Promise<Place> {
  const validator = await validatorFor(asked, signal);
  let last = asked.from;
  for await (const { lines, next } of scan(file, parseQuery(asked.query), asked.review, last, signal, validator)) {
    tell(lines, next.offset);
    last = next;
    await breathe();
  }
  return last;
}

async function findSorted(
  file: FileHandle,
  asked: Asked,
  sort: SortOrder,
  tell: TellFound,
  signal: AbortSignal,
): Promise<Place> {
  const query = parseQuery(asked.query);
  const validator = await validatorFor(asked, signal);
  let chosen: Set<number> | undefined;
  let last: Place = { offset: 0, line: 0 };
  if (query.conditions.length > 0) {
    chosen = new Set();
    for await (const { lines, next } of scan(file, query, asked.review, last, signal, validator)) {
      for (const line of lines) chosen.add(line);
      tell([], next.offset / 2);
      last = next;
      await breathe();
    }
  }
  const before = last.offset / 2;
  const takesPart = chosen ? (line: number) => chosen.has(line) : undefined;
  let read = 0;
  const progress = (scanned: number) => {
    read = scanned;
    tell([], chosen ? before + scanned / 2 : scanned);
  };
  for await (const lines of sortRows(file, sort, takesPart, signal, progress, validator)) {
    tell(lines, read);
    await breathe();
  }
  return { offset: read, line: last.line };
}

/** The validator's verdicts, when they are asked for: reading them costs as much as the run has rows. */
async function validatorFor(
  { query, sort, original }: Asked,
  signal: AbortSignal,
): Promise<ValidatorVerdicts | undefined> {
  const asked =
    query.includes(VALIDATOR) || query.includes('is:disputed') || sort?.field.startsWith(VALIDATOR) === true;
  return asked ? ValidatorVerdicts.around(original, signal) : undefined;
}

/** Lets others in: requests for rows in sight, a cancellation. What runs here would otherwise only wait for the disk. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
