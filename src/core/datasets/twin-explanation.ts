import { similarity } from './near';
import { wordSpans } from './words';

/** Two texts side by side: what they share, and what only one of them has. */
export interface TwinExplanation {
  readonly similarity: number;
  readonly first: string;
  readonly second: string;
  /** The longest passages that stand in both, as the first writes them, longest first. */
  readonly shared: readonly string[];
  /** Passages of each, in order, that are not in the other. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

const SHOWN = 10;
/** Words compared; beyond this a person reads no side by side anyway. */
const COMPARED = 2000;

export function explainTwins(first: string, second: string): TwinExplanation {
  const a = words(first);
  const b = words(second);
  const runs = commonRuns(a, b);
  const shared = runs
    .map((run) => passage(first, a, run.a, run.length))
    .sort((one, other) => other.length - one.length)
    .slice(0, SHOWN);
  return {
    similarity: similarity(first, second),
    first,
    second,
    shared,
    onlyFirst: gaps(
      first,
      a,
      runs.map((run) => ({ start: run.a, length: run.length })),
    ),
    onlySecond: gaps(
      second,
      b,
      runs.map((run) => ({ start: run.b, length: run.length })),
    ),
  };
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

interface Run {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

function words(text: string): Word[] {
  return wordSpans(text)
    .slice(0, COMPARED)
    .map(({ start, end }) => ({ start, end, key: text.slice(start, end).normalize('NFKC').toLowerCase() }));
}

/** The longest common run of words, then the longest to its left and right, and so on (Ratcliff and Obershelp 1988). */
function commonRuns(a: readonly Word[], b: readonly Word[]): Run[] {
  const places = new Map<string, number[]>();
  for (const [index, { key }] of b.entries()) places.set(key, [...(places.get(key) ?? []), index]);
  const found: Run[] = [];
  const open = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const run = longestRun(a, places, range);
    if (run.length === 0) continue;
    found.push(run);
    open.push({ aFrom: range.aFrom, aTo: run.a, bFrom: range.bFrom, bTo: run.b });
    open.push({ aFrom: run.a + run.length, aTo: range.aTo, bFrom: run.b + run.length, bTo: range.bTo });
  }
  return found.sort((one, other) => one.a - other.a);
}

function longestRun(
  a: readonly Word[],
  places: ReadonlyMap<string, readonly number[]>,
  range: { aFrom: number; aTo: number; bFrom: number; bTo: number },
): Run {
  let best: Run = { a: 0, b: 0, length: 0 };
  let ending = new Map<number, number>();
  for (let index = range.aFrom; index < range.aTo; index++) {
    const next = new Map<number, number>();
    for (const place of places.get(a[index]?.key ?? '') ?? []) {
      if (place < range.bFrom || place >= range.bTo) continue;
      const length = (ending.get(place - 1) ?? 0) + 1;
      next.set(place, length);
      if (length > best.length) best = { a: index - length + 1, b: place - length + 1, length };
    }
    ending = next;
  }
  return best;
}

function gaps(text: string, all: readonly Word[], covered: readonly { start: number; length: number }[]): string[] {
  const passages: string[] = [];
  let from = 0;
  for (const { start, length } of [
    ...covered.toSorted((a, b) => a.start - b.start),
    { start: all.length, length: 0 },
  ]) {
    if (start > from) passages.push(passage(text, all, from, start - from));
    from = start + length;
  }
  return passages.slice(0, SHOWN);
}

function passage(text: string, all: readonly Word[], start: number, length: number): string {
  return text.slice(all[start]?.start ?? 0, all[start + length - 1]?.end ?? text.length);
}
