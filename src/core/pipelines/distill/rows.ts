import type { AskFailed } from '../../engine/pipeline';
import { type Answer, StageClosed, type UnitResult } from '../../engine/pipeline';
import type { GoldenRow, QaRow, RowStatus, ValidationRow } from '../../records/distill';
import type { GeneratedPair } from '../../records/envelopes';
import type { Counts } from '../../records/run';
import type { Judged } from './judge';
import type { PassageUnit } from './passages';
import { generate, validate } from './stages';

const nothing: Counts = { requested: 0, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };

/** What is left of a passage whose generation was lost, or not started. */
export function withoutPairs(unit: PassageUnit, questions: number, error: AskFailed | StageClosed): UnitResult {
  const rows = { 'chunks.jsonl': [unit.row] };
  if (error instanceof StageClosed) return { rows, counts: nothing, open: true };
  const counts = { ...nothing, requested: questions, failed: questions };
  return { rows, counts, failures: [failure(unit.id, generate.name, error)] };
}

/** The rows of a passage, one line in each file for each pair; approved ones are golden too. */
export function pairsOf(
  unit: PassageUnit,
  judged: readonly Judged[],
  made: Answer<readonly GeneratedPair[]>,
): UnitResult {
  const usdEach = made.costUsd / Math.max(1, judged.length);
  return {
    rows: {
      'chunks.jsonl': [unit.row],
      'generated_qa_pairs.jsonl': judged.map((pair) => qaRowOf(unit, pair, made, usdEach)),
      'validation_results.jsonl': judged.map(validationRowOf),
      'golden_dataset.jsonl': judged.flatMap((pair) => (pair.golden ? [goldenRowOf(unit, pair.golden)] : [])),
    },
    counts: countsOf(judged),
    failures: judged.flatMap((pair) => (pair.lost ? [failure(pair.id, validate.name, pair.lost)] : [])),
    ...(judged.some((pair) => pair.open) && { open: true }),
  };
}

function qaRowOf(unit: PassageUnit, judged: Judged, made: Answer<unknown>, usd: number): QaRow {
  const { file, sha256, start, end } = unit.row.source;
  const { question, answer, reasoning, difficulty } = judged.pair;
  return {
    qa_id: judged.id,
    question,
    answer,
    reasoning,
    difficulty,
    evidence: [...judged.evidence],
    source: { file, sha256, chunk_id: unit.id, start, end },
    confidence: judged.verdict?.confidence ?? 0,
    // The offline teacher's rows say so in one word (spec page 2).
    teacher: made.teacher === 'offline/extractive' ? 'offline-extractive' : made.teacher,
    cost_estimate: usd,
    timestamp: made.at,
  };
}

function validationRowOf(judged: Judged): ValidationRow {
  return {
    qa_id: judged.id,
    checks: judged.checks,
    validation: judged.verdict,
    status: judged.status,
    reason: judged.reason,
    cost_estimate: judged.validationUsd,
  };
}

function goldenRowOf(unit: PassageUnit, pair: GeneratedPair): GoldenRow {
  return {
    instruction: pair.question,
    input: '',
    output: pair.answer,
    reasoning: pair.reasoning,
    difficulty: pair.difficulty,
    source: unit.id,
  };
}

function countsOf(judged: readonly Judged[]): Counts {
  const count = (status: RowStatus) => judged.filter((pair) => pair.status === status).length;
  const approved = count('approved');
  return {
    requested: judged.length,
    ok: approved,
    approved,
    rejected: count('rejected'),
    failed: count('failed'),
    unvalidated: count('unvalidated'),
  };
}

function failure(id: string, stage: string, { code, message, raw }: AskFailed) {
  return { id, stage, code, message, ...(raw !== undefined && { raw }) };
}
