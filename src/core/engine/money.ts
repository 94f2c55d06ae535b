/**
 * Money is whole nano-dollars in a `number`: exact up to nine million dollars, so sums do not drift however many rows a
 * run has. Dollars appear only where a person reads or writes them. Prices are in `teachers/price.ts`.
 */
export type Nano = number;

const NANO_PER_USD = 1e9;

/** A cap that a person wrote, to the nearest nano-dollar. */
export function fromUsd(usd: number): Nano {
  return Math.round(usd * NANO_PER_USD);
}

export function toUsd(nano: Nano): number {
  return nano / NANO_PER_USD;
}
