import type { McNemar, Verdict } from '../records/evaluation';

/** Below so many tests that tell the models apart, chi-square is no good approximation. */
const exactBelow = 25;
/** Two-sided. */
const significant = 0.05;

/**
 * Whether two models that answered the same tests differ, by the tests that only one of them passes. McNemar 1947, with
 * Edwards' continuity correction, or the binomial test that it approximates.
 */
export function mcnemarTest(gained: number, lost: number): McNemar {
  const discordant = gained + lost;
  if (discordant < exactBelow) {
    const statistic = Math.min(gained, lost);
    return { method: 'exact_binomial', statistic, p_value: binomialTwoSided(statistic, discordant), gained, lost };
  }
  const statistic = Math.max(0, Math.abs(gained - lost) - 1) ** 2 / discordant;
  return { method: 'chi_square_corrected', statistic, p_value: chiSquareTail(statistic), gained, lost };
}

/** A model that is worse never passes: the direction is part of the verdict. */
export function verdictOf(
  { gained, lost }: Pick<McNemar, 'gained' | 'lost'>,
  p: number,
  atMost = significant,
): Verdict {
  if (p > atMost || gained === lost) return 'no_difference_shown';
  return gained > lost ? 'better' : 'worse';
}

/** Both tails of a fair coin: as few as `fewer` of `n`, or as many. */
function binomialTwoSided(fewer: number, n: number): number {
  let ways = 1;
  let sum = 0;
  for (let k = 0; k <= fewer; k++) {
    sum += ways;
    ways = (ways * (n - k)) / (k + 1);
  }
  return Math.min(1, (2 * sum) / 2 ** n);
}

/** P(X ≥ x) of chi-square with one degree of freedom. */
export function chiSquareTail(x: number): number {
  return x <= 0 ? 1 : erfc(Math.sqrt(x / 2));
}

/**
 * The complementary error function for z ≥ 0, exact to about 1e-14 relative also far out, where 1 − erf would be nothing but
 * rounding. Abramowitz and Stegun 7.1.6 (series) and 7.1.14 (continued fraction).
 */
function erfc(z: number): number {
  const scale = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 2) {
    let term = 2 * z * scale;
    let erf = 0;
    for (let n = 1; term > 1e-18; n++) {
      erf += term;
      term *= (2 * z * z) / (2 * n + 1);
    }
    return 1 - erf;
  }
  let fraction = z;
  for (let n = 100; n > 0; n--) fraction = z + n / 2 / fraction;
  return scale / fraction;
}
