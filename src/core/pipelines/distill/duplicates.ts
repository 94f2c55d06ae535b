import type { NearIndex } from '../../datasets/near';
import type { UnitResult } from '../../engine/pipeline';
import { qaRow, validationRow } from '../../records/distill';
import type { CheckedPair } from './checks';

/** A pair after all free checks. */
export interface Admitted extends CheckedPair {
  readonly id: string;
}

/** A pair that passed the other checks takes its place among the kept, unless a twin has it already. */
export function admit(kept: NearIndex<string>, id: string, checked: CheckedPair): Admitted {
  if (checked.reason !== '') return { ...checked, id };
  const twin = kept.add(checked.pair.question, id);
  if (twin === undefined) return { ...checked, id };
  return { ...checked, id, checks: { ...checked.checks, duplicate_of: twin.key }, reason: 'duplicate' };
}

/** The same from a decision on record: what was kept then is kept now. */
export function readmit(kept: NearIndex<string>, recorded: readonly Admitted[]): readonly Admitted[] {
  for (const { id, reason, pair } of recorded) if (reason === '') kept.add(pair.question, id);
  return recorded;
}

/** What a finished passage kept, as `admit` left it. */
export function restoreKept(kept: NearIndex<string>, result: UnitResult): void {
  const questions = new Map<string, string>();
  for (const row of result.rows['generated_qa_pairs.jsonl'] ?? []) {
    const { qa_id, question } = qaRow.parse(row);
    questions.set(qa_id, question);
  }
  for (const row of result.rows['validation_results.jsonl'] ?? []) {
    const { qa_id, checks } = validationRow.parse(row);
    const question = questions.get(qa_id);
    if (question !== undefined && passedFreeChecks(checks)) kept.add(question, qa_id);
  }
}

function passedFreeChecks(checks: CheckedPair['checks']): boolean {
  const grounded = checks.evidence === 'verified' || checks.evidence === 'repaired';
  return grounded && checks.not_empty && checks.stands_alone && checks.duplicate_of === null;
}
