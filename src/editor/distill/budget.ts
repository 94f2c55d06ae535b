/** Amounts that a person would name. */
const steps = [1, 2, 3, 5, 10];

/**
 * The cap that is proposed for an estimate: the next round amount above the high end, with a fifth to spare, so that the
 * run is not ended by its own wall; at least five cents, because the worst case of a single request must fit below it.
 */
export function proposedCap(highUsd: number): number {
  const wanted = Math.max(0.05, highUsd * 1.2);
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const step of steps) {
    const amount = Number((step * power).toPrecision(3));
    if (amount >= wanted) return amount;
  }
  throw new RangeError(`No cap can be proposed for an estimate of ${highUsd} USD.`);
}

/** An amount as a person types it: `5`, `$2.50`, `2,50`. Undefined when it is none, or not above zero. */
export function parseAmount(text: string): number | undefined {
  const digits = /^\$?\s*(\d+(?:[.,]\d{1,4})?)\s*\$?$/u.exec(text.trim())?.[1];
  const amount = digits === undefined ? Number.NaN : Number(digits.replace(',', '.'));
  return amount > 0 ? amount : undefined;
}
