export interface Histogram {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly sum: number;
  /** From `from` up to, not including, `to`; the last bar includes it. */
  readonly bars: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

const BARS = 40;
const SAMPLE = 10_000;

/** Counts of numbers in about 40 bars whose width is a round number, in one pass and bounded memory. */
export class NumberHistogram {
  count = 0;
  private least = Infinity;
  private most = -Infinity;
  private sum = 0;
  private early: number[] | undefined = [];
  private width = 0;
  private bars = new Map<number, number>();

  add(value: number): void {
    this.count++;
    this.sum += value;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
    if (this.early && this.early.length < SAMPLE) this.early.push(value);
    else {
      this.settle();
      this.bar(value);
    }
  }

  result(): Histogram | null {
    if (this.count === 0) return null;
    this.settle();
    const indices = [...this.bars.keys()];
    const first = Math.min(...indices);
    const last = Math.max(...indices);
    const bars = Array.from({ length: last - first + 1 }, (_, at) => ({
      from: (first + at) * this.width,
      to: (first + at + 1) * this.width,
      count: this.bars.get(first + at) ?? 0,
    }));
    return { least: this.least, most: this.most, mean: this.sum / this.count, sum: this.sum, bars };
  }

  /** Chooses the width from the first numbers; wider when later ones are far out. */
  private settle(): void {
    if (!this.early) return;
    const { early } = this;
    this.early = undefined;
    this.width = roundWidth((this.most - this.least) / BARS);
    for (const value of early) this.bar(value);
  }

  private bar(value: number): void {
    while ((this.most - this.least) / this.width > 3 * BARS) this.widen();
    const index = Math.floor(value / this.width + 1e-9);
    this.bars.set(index, (this.bars.get(index) ?? 0) + 1);
  }

  /** Twice the width: neighbouring bars fall together. */
  private widen(): void {
    const wider = new Map<number, number>();
    for (const [index, count] of this.bars) {
      const half = Math.floor(index / 2);
      wider.set(half, (wider.get(half) ?? 0) + count);
    }
    this.bars = wider;
    this.width *= 2;
  }
}

/** The next of 1, 2, 5 × 10ⁿ. */
function roundWidth(width: number): number {
  if (!(width > 0) || !Number.isFinite(width)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5, 10].find((step) => step * power >= width * 0.999) ?? 10;
  return factor * power;
}
