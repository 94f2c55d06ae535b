import type { PassRate } from '../records/evaluation';

/** The 97.5 % point of the normal distribution. */
const z = 1.959963984540054;

/** A share with its 95 % interval (Wilson 1927): honest also near 0 and 1, and for few tests. */
export function passRate(passes: number, n: number): PassRate {
  const rate = passes / n;
  const spread = z * z;
  const middle = (rate + spread / (2 * n)) / (1 + spread / n);
  const half = (z / (1 + spread / n)) * Math.sqrt((rate * (1 - rate)) / n + spread / (4 * n * n));
  // At the ends one limit is the share itself, whatever rounding makes of it.
  const low = passes === 0 ? 0 : middle - half;
  const high = passes === n ? 1 : middle + half;
  return { passes, rate, low, high };
}

/** How far apart two shares are, as an effect size (Cohen 1988): positive where the second is the larger. */
export function cohensH(from: number, to: number): number {
  return 2 * Math.asin(Math.sqrt(to)) - 2 * Math.asin(Math.sqrt(from));
}

/** P-values as they stand after many tests at once (Benjamini and Hochberg 1995), in the order in which they came. */
export function adjustedForMany(pValues: readonly number[]): number[] {
  const order = pValues.map((p, at) => ({ p, at })).sort((a, b) => b.p - a.p);
  const adjusted = pValues.map(() => 1);
  let least = 1;
  for (const [fromLargest, { p, at }] of order.entries()) {
    least = Math.min(least, p * (pValues.length / (pValues.length - fromLargest)));
    adjusted[at] = least;
  }
  return adjusted;
}

/** Pairs of answers by what became of them. */
export interface Pairs {
  readonly n: number;
  readonly gained: number;
  readonly lost: number;
}

export const resamples = 10_000;

/**
 * The lift (share gained minus share lost) with the 95 % percentile interval of a paired bootstrap: whole pairs are
 * drawn with replacement. `random` gives numbers in [0, 1).
 */
export function lift({ n, gained, lost }: Pairs, random: () => number) {
  const value = (gained - lost) / n;
  if (gained + lost === 0) return { value, low: value, high: value };
  const up = gained / n;
  const down = up + lost / n;
  const lifts = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let pair = 0; pair < n; pair++) {
      const drawn = random();
      sum += drawn < up ? 1 : drawn < down ? -1 : 0;
    }
    lifts[sample] = sum / n;
  }
  lifts.sort();
  return { value, low: quantile(lifts, 0.025), high: quantile(lifts, 0.975) };
}

/** Between two of the sorted values where it falls between them, as numpy does it. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle of the values; null where there are none. */
export function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : quantile(Float64Array.from(values).sort(), 0.5);
}
