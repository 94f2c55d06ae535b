export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Beyond this many differing words the texts are simply different: the search is quadratic in the difference. */
const MOST_CHANGES = 600;

/**
 * The difference of two texts in words and the spaces between them, shortest first (Myers, "An O(ND) difference
 * algorithm", 1986). Undefined when the texts differ too much for a comparison to help.
 */
export function wordDiff(before: string, after: string): DiffPart[] | undefined {
  const [a, b] = [pieces(before), pieces(after)];
  const trace: Map<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  for (let changes = 0; changes <= Math.min(a.length + b.length, MOST_CHANGES); changes++) {
    trace.push(new Map(reach));
    for (let k = -changes; k <= changes; k += 2) {
      let x = step(reach, k, changes);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return merged(path(a, b, trace));
    }
  }
  return undefined;
}

function pieces(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/** Comes down from the diagonal above, or right from the one below, whichever is further. */
function step(reach: ReadonlyMap<number, number>, k: number, changes: number): number {
  const [below, above] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
  return k === -changes || (k !== changes && below < above) ? above : below + 1;
}

/** Walks back from the end through the trace of furthest points. */
function path(a: readonly string[], b: readonly string[], trace: readonly ReadonlyMap<number, number>[]): DiffPart[] {
  const parts: DiffPart[] = [];
  let [x, y] = [a.length, b.length];
  for (let changes = trace.length - 1; changes >= 0; changes--) {
    const reach = trace[changes] ?? new Map<number, number>();
    const k = x - y;
    const [below, above] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
    const down = k === -changes || (k !== changes && below < above);
    const [beforeX, beforeK] = down ? [above, k + 1] : [below, k - 1];
    const beforeY = beforeX - beforeK;
    const [startX, startY] = changes === 0 ? [0, 0] : [down ? beforeX : beforeX + 1, down ? beforeY + 1 : beforeY];
    while (x > startX && y > startY) {
      parts.push({ kind: 'same', text: a[--x] ?? '' });
      y--;
    }
    if (changes === 0) break;
    if (down) parts.push({ kind: 'added', text: b[--y] ?? '' });
    else parts.push({ kind: 'removed', text: a[--x] ?? '' });
  }
  return parts.reverse();
}

function merged(parts: readonly DiffPart[]): DiffPart[] {
  const joined: DiffPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.kind === part.kind) joined[joined.length - 1] = { kind: part.kind, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}
