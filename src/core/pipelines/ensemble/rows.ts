import { type Answer, AskFailed, type Unit, type UnitResult } from '../../engine/pipeline';
import type {
  CompletionRow,
  ConsensusMethod,
  EnsembleRow,
  EnsembleTrainingRow,
  PreferenceRow,
  ReviewReason,
} from '../../records/ensemble';
import type { Counts } from '../../records/run';
import { longestText } from '../input/inputFile';
import { type Instruction, wholeInstruction } from '../prompts/ensemble';
import { type Decision, type Given, preferenceOf } from './consensus';
import { mean } from './scores';

export type Failures = NonNullable<UnitResult['failures']>;

/** What an instruction came to. */
export interface Outcome {
  readonly unit: Unit & { readonly instruction: Instruction };
  /** By teacher, also of those that gave no answer. */
  readonly completions: Readonly<Record<string, CompletionRow>>;
  readonly given: readonly Given[];
  readonly decision: Decision;
  readonly consensus: string;
  readonly method: ConsensusMethod;
  readonly review: ReviewReason;
  readonly cost: number;
  readonly failures: Failures;
}

const nothing: Counts = { requested: 0, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };

/** Rows that need review are in the results, and not among those to train on; they count as unvalidated. */
export function rowsOf(outcome: Outcome): UnitResult {
  const { unit, given, decision, review, failures } = outcome;
  const trusted = review === '';
  // Where the teachers or the judges are at odds, best and worst mean little.
  const comparable = trusted || review === 'low_score' || review === 'synthesis_failed';
  const preference = comparable ? preferenceOf(given, decision) : undefined;
  const pair = preference && ({ prompt: wholeInstruction(unit.instruction), ...preference } satisfies PreferenceRow);
  return {
    rows: {
      'ensemble_results.jsonl': [resultOf(outcome)],
      'ensemble_training_pairs.jsonl': trusted ? [trainingOf(outcome)] : [],
      'preference_pairs.jsonl': pair ? [pair] : [],
    },
    counts: trusted ? { ...nothing, requested: 1, ok: 1, approved: 1 } : { ...nothing, requested: 1, unvalidated: 1 },
    failures,
  };
}

/** No teacher answered. */
export function unanswered({ id }: Unit, failures: Failures): UnitResult {
  const codes = [...new Set(failures.map(({ code }) => code))];
  const lost = { id, stage: 'answer', code: codes.length === 1 ? (codes[0] ?? '') : 'no_answer' };
  return {
    rows: {},
    counts: { ...nothing, requested: 1, failed: 1 },
    failures: [...failures, { ...lost, message: 'No teacher answered.' }],
  };
}

/** Nobody is asked: no teacher takes so much, and trying costs money. */
export function tooLong({ id }: Unit): UnitResult {
  const message = `The instruction has more than ${longestText} characters. Shorten it, or split it.`;
  return {
    rows: {},
    counts: { ...nothing, requested: 1, failed: 1 },
    failures: [{ id, stage: 'answer', code: 'too_long', message }],
  };
}

/** The money ended, or the run was stopped. What was answered is in the journal, and used when the run goes on. */
export function cutShort(begun: boolean): UnitResult {
  return { rows: {}, counts: begun ? { ...nothing, requested: 1, unvalidated: 1 } : nothing, open: true };
}

/** Asks that were lost, told with who lost them. */
export function failuresOf(
  { id }: Unit,
  stage: string,
  asks: readonly (Answer<unknown> | AskFailed | undefined)[],
  teachers: readonly string[],
): Failures {
  return asks.flatMap((ask, at) => {
    if (!(ask instanceof AskFailed)) return [];
    const { code, message, raw } = ask;
    const teacher = teachers[at] ?? '';
    return [
      {
        id,
        stage,
        code,
        message: message.startsWith(teacher) ? message : `${teacher}: ${message}`,
        ...(raw !== undefined && { raw }),
      },
    ];
  });
}

function resultOf({ unit, completions, given, decision, ...outcome }: Outcome): EnsembleRow {
  return {
    id: unit.id,
    ...unit.instruction,
    completions: { ...completions },
    avg_score: averageOf(given),
    consensus: outcome.consensus,
    consensus_method: outcome.method,
    agreement: decision.agreement,
    cost: outcome.cost,
    needs_review: outcome.review !== '',
    review_reason: outcome.review,
  };
}

function trainingOf({ unit, given, decision, consensus, method }: Outcome): EnsembleTrainingRow {
  return {
    ...unit.instruction,
    output: consensus,
    meta: {
      id: unit.id,
      source: 'ensemble',
      consensus_method: method,
      agreement: decision.agreement,
      avg_score: averageOf(given),
    },
  };
}

/** The mean over the answers that have a score. */
function averageOf(given: readonly Given[]): number | null {
  return mean(given.flatMap(({ score }) => (score === null ? [] : [score])));
}
