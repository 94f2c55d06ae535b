/** An end of an approximate occurrence, exclusive, and its edit distance. */
export interface Occurrence {
  readonly end: number;
  readonly distance: number;
}

const wordSize = 32;

/**
 * The best ends in `text` at which `pattern` occurs with at most `limit` edits, best first.
 * Bit-parallel over blocks of 32 rows (Myers 1999; Hyyrö 2003): ⌈m/32⌉ steps a character, whatever the texts hold.
 */
export function findApproximately(pattern: string, text: string, limit: number, most: number): Occurrence[] {
  const scores = new LastRow(pattern);
  const minima: Occurrence[] = [];
  let previous = pattern.length;
  let falling = true;
  for (let i = 0; i < text.length; i += 1) {
    const distance = scores.step(text.charCodeAt(i));
    if (distance > previous && falling && previous <= limit) insert(minima, { end: i, distance: previous }, most);
    if (distance !== previous) falling = distance < previous;
    previous = distance;
  }
  if (falling && previous <= limit) insert(minima, { end: text.length, distance: previous }, most);
  return minima;
}

/** Keeps the `most` smallest, earlier first where they are equal. */
function insert(minima: Occurrence[], found: Occurrence, most: number): void {
  const worst = minima.at(-1);
  if (minima.length === most && worst && worst.distance <= found.distance) return;
  const at = minima.findIndex(({ distance }) => distance > found.distance);
  minima.splice(at < 0 ? minima.length : at, 0, found);
  if (minima.length > most) minima.pop();
}

/** The last row of the edit-distance matrix, column by column; an occurrence may start anywhere. */
class LastRow {
  private readonly blocks: number;
  private readonly masks = new Map<number, Int32Array>();
  private readonly positive: Int32Array;
  private readonly negative: Int32Array;
  private readonly none: Int32Array;
  private readonly lastBit: number;
  private score: number;

  constructor(pattern: string) {
    this.blocks = Math.ceil(pattern.length / wordSize);
    this.positive = new Int32Array(this.blocks).fill(-1);
    this.negative = new Int32Array(this.blocks);
    this.none = new Int32Array(this.blocks);
    this.lastBit = (pattern.length - 1) % wordSize;
    this.score = pattern.length;
    for (let i = 0; i < pattern.length; i += 1) {
      const code = pattern.charCodeAt(i);
      const mask = this.masks.get(code) ?? new Int32Array(this.blocks);
      const block = Math.floor(i / wordSize);
      mask[block] = (mask[block] ?? 0) | (1 << (i % wordSize));
      this.masks.set(code, mask);
    }
  }

  step(code: number): number {
    const { blocks, positive, negative } = this;
    const equal = this.masks.get(code) ?? this.none;
    let carry = 0;
    for (let b = 0; b < blocks; b += 1) {
      const pv = positive[b] ?? 0;
      const mv = negative[b] ?? 0;
      let eq = equal[b] ?? 0;
      const xv = eq | mv;
      if (carry < 0) eq |= 1;
      const xh = (((eq & pv) + pv) ^ pv) | eq;
      let ph = mv | ~(xh | pv);
      let mh = pv & xh;
      const top = b === blocks - 1 ? this.lastBit : wordSize - 1;
      const out = ((ph >>> top) & 1) - ((mh >>> top) & 1);
      ph = (ph << 1) | (carry > 0 ? 1 : 0);
      mh = (mh << 1) | (carry < 0 ? 1 : 0);
      positive[b] = mh | ~(xv | ph);
      negative[b] = ph & xv;
      carry = out;
    }
    this.score += carry;
    return this.score;
  }
}
