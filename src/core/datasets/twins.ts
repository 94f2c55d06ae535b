import { NearIndex } from './near';
import { trainingText } from './row-keys';
import { rowBatches } from './rows';
import { fingerprint } from './hash';
import { FingerprintSet } from './fingerprint-set';

/** Two rows and how alike they are; rows by their number among the rows of the file, from 0. */
export interface Link {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
}

/**
 * Which rows of a file are alike, from a floor on: found once, after which any threshold above the floor is a matter of
 * milliseconds. Of more than `linksPerRow` earlier twins of a row not all are kept; a few tie a group together.
 */
export class TwinGraph {
  constructor(
    /** The line of every row. */
    readonly lines: Uint32Array,
    readonly floor: number,
    private readonly firsts: Uint32Array,
    private readonly seconds: Uint32Array,
    private readonly similarities: Float32Array,
  ) {}

  /** How many rows would go when the first of each group is kept. */
  count(threshold: number): number {
    let merged = 0;
    this.join(threshold, () => merged++);
    return merged;
  }

  /** Groups of rows that are linked at the threshold, each in order, by their first rows. */
  groups(threshold: number): number[][] {
    const linked = new Set<number>();
    const root = this.join(threshold, (a, b) => linked.add(a).add(b));
    const groups = new Map<number, number[]>();
    for (const row of Uint32Array.from(linked).sort()) {
      const first = root(row);
      const group = groups.get(first);
      if (group) group.push(row);
      else groups.set(first, [row]);
    }
    return [...groups.values()];
  }

  /** Joins linked rows; tells each two rows that joined two groups. Returns what finds the first row of a row's group. */
  private join(threshold: number, joined: (a: number, b: number) => void): (row: number) => number {
    const parents = Int32Array.from(this.lines.keys());
    const find = (row: number): number => {
      let root = row;
      while (parents[root] !== root) root = parents[root] = parents[parents[root] ?? 0] ?? 0;
      return root;
    };
    for (const { first, second } of this.links(threshold)) {
      const [a, b] = [find(first), find(second)];
      if (a === b) continue;
      parents[Math.max(a, b)] = Math.min(a, b);
      joined(first, second);
    }
    return find;
  }

  *links(threshold: number): Generator<Link> {
    for (let link = 0; link < this.firsts.length; link++) {
      const similarity = this.similarities[link] ?? 0;
      // Float32 holds a similarity to seven digits.
      if (similarity < threshold - 1e-6) continue;
      yield { first: this.firsts[link] ?? 0, second: this.seconds[link] ?? 0, similarity };
    }
  }
}

/** What was found of a file: nothing but numbers. */
export interface TwinData {
  readonly lines: Uint32Array;
  readonly firsts: Uint32Array;
  readonly seconds: Uint32Array;
  readonly similarities: Float32Array;
}

const LINKS_PER_ROW = 64;

/** Finds the twins of a file. Takes its time on the thread that calls it: the viewer's `scan.worker.ts`. */
export async function findTwins(
  file: string,
  floor: number,
  options: { readonly seed?: number; readonly signal?: AbortSignal; readonly onRows?: (rows: number) => void } = {},
): Promise<TwinData> {
  const index = new NearIndex<number>({
    threshold: floor,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const prints = new FingerprintSet();
  const rowOfPrint: number[] = [];
  const lines: number[] = [];
  const found: { firsts: number[]; seconds: number[]; similarities: number[] } = {
    firsts: [],
    seconds: [],
    similarities: [],
  };
  for await (const batch of rowBatches(file, options.signal)) {
    for (const row of batch) {
      if (!('value' in row)) continue;
      const number = lines.push(row.line.number) - 1;
      const text = trainingText(row.value);
      const link = (first: number, similarity: number) => {
        found.firsts.push(first);
        found.seconds.push(number);
        found.similarities.push(similarity);
      };
      // A thousand copies of one row are a thousand links to the first, not half a million among each other.
      const same = prints.add(fingerprint(text));
      if (same >= 0) link(rowOfPrint[same] ?? 0, 1);
      else {
        rowOfPrint.push(number);
        index.link(text, number, LINKS_PER_ROW, link);
      }
    }
    options.onRows?.(lines.length);
  }
  return {
    lines: Uint32Array.from(lines),
    firsts: Uint32Array.from(found.firsts),
    seconds: Uint32Array.from(found.seconds),
    similarities: Float32Array.from(found.similarities),
  };
}

export function twinGraph(data: TwinData, floor: number): TwinGraph {
  return new TwinGraph(data.lines, floor, data.firsts, data.seconds, data.similarities);
}
