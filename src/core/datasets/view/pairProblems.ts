import { pairProblems } from '../pairs';

/** Rows of a file that cannot be reversed. */
export interface PairProblems {
  readonly rows: number;
  readonly problems: number;
  /** The first of them; lines from 0. */
  readonly listed: { readonly line: number; readonly column: number; readonly message: string }[];
}

const MOST_LISTED = 1000;

/** Looks at the whole file. `onRows` hears how many rows were looked at. */
export async function findPairProblems(
  file: string,
  signal: AbortSignal,
  onRows: (rows: number) => void,
): Promise<PairProblems> {
  let [rows, problems] = [0, 0];
  const listed: PairProblems['listed'] = [];
  const counted = (seen: number) => {
    rows = seen;
    onRows(seen);
  };
  for await (const { line, column, message } of pairProblems(file, signal, counted)) {
    problems++;
    if (listed.length < MOST_LISTED) listed.push({ line: line - 1, column, message });
  }
  return { rows, problems, listed };
}
