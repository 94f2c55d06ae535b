import type { CompletionRow, CritiqueRow } from '../../records/ensemble';

/** The mean of the others' scores; null when there are none. No score is ever invented. */
export function meanScore(critiques: readonly CritiqueRow[]): number | null {
  return mean(critiques.map(({ score }) => score));
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** Scores are read by people: no trailing dust of binary fractions. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/**
 * How far the judges agree, 0..1: one minus the mean difference between two judges' scores of the same answer. With one
 * judge an answer (two teachers) the difference of the two answers' scores stands in. Null when there is nothing to compare.
 */
export function judgesAgreement(completions: readonly CompletionRow[]): number | null {
  const differences = completions.flatMap(({ critiques }) => pairDifferences(critiques.map(({ score }) => score)));
  const scores = completions.flatMap(({ score }) => (score === null ? [] : [score]));
  const compared = differences.length > 0 ? differences : scores.length === 2 ? pairDifferences(scores) : [];
  const difference = mean(compared);
  return difference === null ? null : rounded(1 - difference);
}

function pairDifferences(values: readonly number[]): number[] {
  return values.flatMap((value, at) => values.slice(at + 1).map((other) => Math.abs(value - other)));
}
