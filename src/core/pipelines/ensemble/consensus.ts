import type { CompletionRow, ReviewReason } from '../../records/ensemble';
import { clearMargin, type EnsembleOptions, preferenceMargin } from './options';
import { judgesAgreement, rounded } from './scores';
import { countVotes } from './vote';

/** An answer that was given. */
export interface Given extends CompletionRow {
  /** Its teacher's place among the teachers. */
  readonly teacher: number;
  readonly answer: string;
}

/** What the answers come to. `winner` and `group` are places among the given answers. */
export interface Decision {
  /** `synthesis`: the winner's teacher is to write one answer from all. */
  readonly method: 'vote' | 'best' | 'synthesis';
  readonly winner: Given;
  /** The answers that say the same as the winner. */
  readonly group: readonly Given[];
  readonly agreement: number;
}

/** Short answers vote; else the best wins if its lead is clear, and if not, one is to be written from all. */
export function decide(given: readonly Given[]): Decision {
  const [first] = given;
  if (!first) throw new RangeError('There is no answer to decide on.');
  if (given.length === 1) return { method: 'best', winner: first, group: [first], agreement: 0 };
  const ballot = countVotes(given.map(({ answer }) => answer));
  if (ballot) return byVote(given, ballot.groups, first);
  const [best = first, second = best] = ranked(given);
  const agreement = judgesAgreement(given) ?? 0;
  // Without scores there is nothing to write a better answer from.
  const clear = best.score === null || second.score === null || best.score - second.score >= clearMargin;
  return { method: clear ? 'best' : 'synthesis', winner: best, group: [best], agreement };
}

function byVote(given: readonly Given[], groups: readonly (readonly number[])[], first: Given): Decision {
  const parties = groups.map((group) => ranked(given.filter((_, at) => group.includes(at))));
  const size = Math.max(...parties.map((party) => party.length));
  // Parties of one size: the one whose best answer is scored best.
  const [winner = first] = ranked(parties.flatMap((party) => (party.length === size ? party.slice(0, 1) : [])));
  const group = parties.find((party) => party.includes(winner)) ?? [winner];
  return { method: 'vote', winner, group, agreement: rounded(size / given.length) };
}

/** Best score first, unscored last, then in the teachers' order. */
export function ranked(given: readonly Given[]): Given[] {
  return [...given].sort((a, b) => (b.score ?? -1) - (a.score ?? -1) || a.teacher - b.teacher);
}

/** Why a person should look at the row, the gravest reason first; empty when nobody needs to. */
export function reviewOf(
  given: readonly Given[],
  { winner, agreement }: Decision,
  { threshold, minAgreement }: Pick<EnsembleOptions, 'threshold' | 'minAgreement'>,
): ReviewReason {
  if (given.length < 2) return 'one_answer';
  if (winner.score === null) return 'not_scored';
  if (agreement < minAgreement) return 'low_agreement';
  return winner.score < threshold ? 'low_score' : '';
}

/** The best and the worst answer, where their scores are far enough apart. What was voted for is not set against itself. */
export function preferenceOf(
  given: readonly Given[],
  { winner, group }: Decision,
): { readonly chosen: string; readonly rejected: string; readonly margin: number } | undefined {
  const worst = ranked(given.filter((one) => !group.includes(one) && one.score !== null)).at(-1);
  if (!worst || winner.score === null || worst.score === null || worst.answer === winner.answer) return undefined;
  const margin = rounded(winner.score - worst.score);
  return margin >= preferenceMargin ? { chosen: winner.answer, rejected: worst.answer, margin } : undefined;
}
