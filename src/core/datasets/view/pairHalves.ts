import type { DatasetFile } from './datasetFile';
import { fieldOf } from './fields';
import type { ReadRow } from './rowReader';

/** A half of a bidirectional pair, as its `meta` names it. */
export interface PairHalf {
  readonly pair: string;
  readonly direction: 'forward' | 'reverse';
}

/** Undefined for a row that is no half of a pair. */
export function halfOf(row: unknown): PairHalf | undefined {
  const [pair, direction] = [fieldOf(row, 'meta.pair_id'), fieldOf(row, 'meta.direction')];
  if (typeof pair !== 'string' || (direction !== 'forward' && direction !== 'reverse')) return undefined;
  return { pair, direction };
}

/** The other half of a row's pair, where it stands on the line before or after: pairs are written so. */
export async function otherHalf(dataset: DatasetFile, { line, row }: ReadRow): Promise<ReadRow | undefined> {
  const half = row.state === 'ok' ? halfOf(row.value) : undefined;
  if (!half) return undefined;
  const neighbours = half.direction === 'forward' ? [line + 1, line - 1] : [line - 1, line + 1];
  for (const neighbour of neighbours) {
    if (neighbour < 0 || neighbour >= dataset.state.lines) continue;
    const read = await dataset.row(neighbour);
    const other = read.row.state === 'ok' ? halfOf(read.row.value) : undefined;
    if (other?.pair === half.pair && other.direction !== half.direction) return read;
  }
  return undefined;
}
