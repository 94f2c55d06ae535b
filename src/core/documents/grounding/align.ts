/** First and last position in the passage that a letter of the quote stands for. */
export interface Alignment {
  readonly from: number;
  readonly to: number;
}

/** How a cell of the matrix was reached. */
const enum Step {
  Pair,
  SkipPassage,
  SkipQuote,
}

/**
 * The alignment of the whole quote with the passage up to `end`, of at most `limit` edits; it starts where it is cheapest.
 * Banded: the end is fixed and no path strays further than `limit` from the diagonal.
 */
export function align(quote: string, passage: string, end: number, limit: number): Alignment {
  const m = quote.length;
  const width = 2 * limit + 1;
  // Row r has r characters of the quote's tail aligned; column c stands for (r + c - limit) characters of the passage's.
  const steps = new Uint8Array((m + 1) * width);
  let above = new Int32Array(width).fill(m * 4);
  for (let c = limit; c < width; c += 1) {
    above[c] = c - limit;
    steps[c] = Step.SkipPassage;
  }
  for (let r = 1; r <= m; r += 1) {
    const row = new Int32Array(width).fill(m * 4);
    const letter = quote.charCodeAt(m - r);
    for (let c = Math.max(0, limit - r); c < width; c += 1) {
      const used = r + c - limit;
      if (used > end) break;
      const same = used > 0 && letter === passage.charCodeAt(end - used);
      let best = used > 0 ? (above[c] ?? 0) + (same ? 0 : 1) : m * 4;
      let step = Step.Pair;
      const skipQuote = c + 1 < width ? (above[c + 1] ?? 0) + 1 : m * 4;
      const skipPassage = c > 0 ? (row[c - 1] ?? 0) + 1 : m * 4;
      if (skipQuote < best) [best, step] = [skipQuote, Step.SkipQuote];
      if (skipPassage < best) [best, step] = [skipPassage, Step.SkipPassage];
      row[c] = best;
      steps[r * width + c] = step;
    }
    above = row;
  }
  return trace(quote, end, limit, steps, cheapest(above));
}

function cheapest(row: Int32Array): number {
  let best = 0;
  for (let c = 1; c < row.length; c += 1) if ((row[c] ?? 0) < (row[best] ?? 0)) best = c;
  return best;
}

function trace(quote: string, end: number, limit: number, steps: Uint8Array, column: number): Alignment {
  const width = 2 * limit + 1;
  let from: number | undefined;
  let to = end - 1;
  let r = quote.length;
  let c = column;
  while (r > 0) {
    const step = steps[r * width + c];
    if (step === Step.SkipPassage) {
      c -= 1;
    } else if (step === Step.SkipQuote) {
      r -= 1;
      c += 1;
    } else {
      to = end - (r + c - limit);
      from ??= to;
      r -= 1;
    }
  }
  return { from: from ?? Math.max(0, end - 1), to };
}
