import { trainingText } from '../row-keys';
import { explainTwins } from '../twin-explanation';
import type { TwinGraph } from '../twins';
import { isObject } from './fields';
import { sliceWhole } from './preview';

/** Twins are looked for down to here, once; the slider moves above. */
export const TWIN_FLOOR = 0.6;

const MOST_LINES = 20;
const COMPARED_CHARACTERS = 20_000;

/** Some of the groups at a threshold, with the lines (from 0) of their first rows. */
export function listTwins(graph: TwinGraph, threshold: number, { start, count }: { start: number; count: number }) {
  const groups = graph.groups(threshold);
  const spare = groups.reduce((sum, group) => sum + group.length - 1, 0);
  const listed = groups.slice(start, start + count).map((group) => ({
    size: group.length,
    lines: linesOf(graph, group.slice(0, MOST_LINES)),
  }));
  return { groups: groups.length, spare, listed };
}

/** The lines, from 0, of all rows but the first of each group; or, with `keep`, the others of that line's group. */
export function spareTwins(graph: TwinGraph, threshold: number, keep: number | null): number[] {
  const groups = graph.groups(threshold);
  if (keep === null) return groups.flatMap((group) => linesOf(graph, group.slice(1)));
  const own = groups.map((group) => linesOf(graph, group)).find((lines) => lines.includes(keep)) ?? [];
  return own.filter((line) => line !== keep);
}

/** Two rows as they were compared: how alike they are and what they share. */
export function explainRows(first: unknown, second: unknown) {
  const { similarity, shared, ...texts } = explainTwins(compared(first), compared(second));
  return { similarity, shared: [...shared], first: texts.first, second: texts.second };
}

function compared(row: unknown): string {
  return sliceWhole(isObject(row) ? trainingText(row) : JSON.stringify(row), COMPARED_CHARACTERS);
}

function linesOf({ lines }: TwinGraph, rows: readonly number[]): number[] {
  return rows.map((row) => (lines[row] ?? 1) - 1);
}
