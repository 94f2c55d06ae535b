import {
  type Answer,
  asked,
  AskFailed,
  type Pipeline,
  StageClosed,
  type Unit,
  type UnitContext,
  type UnitResult,
} from '../../engine/pipeline';
import { type ImprovedRow, improvedRow } from '../../records/improve';
import type { Counts } from '../../records/run';
import { type InputFile, longestText } from '../input/inputFile';
import type { HardFailure } from '../prompts/improve';
import { type Fault, faultOf, hasFinalNumber } from './checks';
import { finishImprove } from './finish';
import { type Guidance, guidanceFor } from './guidance';
import type { FailureUnit } from './failures';
import { plannedImprove } from './plan';
import { type ImproveStage, improveStage } from './stage';

export interface ImproveOptions {
  readonly guidance: Guidance;
  readonly startIndex: number;
  readonly maxExamples?: number;
}

export const improveBudget = { run: 10, shares: { improve: 1 }, reserve: 0 } as const;

/** Hard failures become better examples: one complete answer each, that stands alone (spec page 3). */
export function improve(file: InputFile<HardFailure>, options: ImproveOptions): Pipeline<FailureUnit> {
  const stage = improveStage(options.guidance);
  const part = file.part(options.startIndex, options.maxExamples);
  async function* units(): AsyncGenerator<FailureUnit> {
    for await (const { value, ...row } of part.rows()) yield { ...row, failure: value };
  }
  return {
    kind: 'improve',
    stages: [stage],
    units,
    unitCount: part.count,
    planned: () => plannedImprove(stage, units(), part.fit),
    work: (unit, run) => workOn(unit, run, stage, options.guidance),
    outputs: [{ name: 'improved_examples.jsonl', schema: improvedRow }],
    finish: (run) => finishImprove(run),
  };
}

const nothing: Counts = { requested: 1, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };

/** One answer; one more when a free check refuses it, with what the check found; then the row is rejected. */
async function workOn(
  unit: FailureUnit,
  run: UnitContext,
  stage: ImproveStage,
  guidance: Guidance,
): Promise<UnitResult> {
  const { failure } = unit;
  if (unit.tooLong) return tooLong(unit);
  const checked = guidanceFor(guidance, failure.category).finalNumber && hasFinalNumber(failure.reference);
  const first = await asked(run.ask(stage, { failure }));
  if (first instanceof StageClosed) return { rows: {}, counts: { ...nothing, requested: 0 }, open: true };
  if (first instanceof AskFailed) return lost(unit, first);
  const fault = faultOf(first.value, failure, checked);
  if (!fault) return improved(unit, first, checked, 1);
  const second = await asked(run.ask(stage, { failure, refused: fault.message }));
  if (second instanceof StageClosed) return { rows: {}, counts: { ...nothing, unvalidated: 1 }, open: true };
  if (second instanceof AskFailed) return lost(unit, second);
  const again = faultOf(second.value, failure, checked);
  return again ? refused(unit, again, second.value) : improved(unit, second, checked, 2);
}

function improved({ id, failure }: FailureUnit, made: Answer<string>, checked: boolean, attempts: number): UnitResult {
  const row: ImprovedRow = {
    instruction: failure.instruction,
    input: '',
    output: made.value,
    meta: {
      id,
      category: failure.category,
      teacher: made.teacher,
      source: 'improved_generation',
      previous_output: failure.previous,
      reference_answer: failure.reference,
      quality: { stands_alone: true, final_number: checked ? 'matches' : 'not_checked', attempts },
    },
  };
  return { rows: { 'improved_examples.jsonl': [row] }, counts: { ...nothing, ok: 1, approved: 1 } };
}

function refused({ id }: Unit, { code, message }: Fault, raw: string): UnitResult {
  return {
    rows: {},
    counts: { ...nothing, rejected: 1 },
    failures: [{ id, stage: 'improve', code, message, raw }],
  };
}

/** Nobody is asked: no teacher takes so much, and trying costs money. */
function tooLong({ id }: Unit): UnitResult {
  const message = `Instruction, reference and previous output have more than ${longestText} characters. Shorten them, or split the row.`;
  return {
    rows: {},
    counts: { ...nothing, failed: 1 },
    failures: [{ id, stage: 'improve', code: 'too_long', message }],
  };
}

function lost({ id }: Unit, { code, message, raw }: AskFailed): UnitResult {
  return {
    rows: {},
    counts: { ...nothing, failed: 1 },
    failures: [{ id, stage: 'improve', code, message, ...(raw !== undefined && { raw }) }],
  };
}
