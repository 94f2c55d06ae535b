import { type Answer, AskFailed, StageClosed, type Unit, type UnitResult } from '../../engine/pipeline';
import type { Formatted, GoldenVerdict, StageARow, StageBRow } from '../../records/cascade';
import type { Counts } from '../../records/run';
import { rawPrompt } from '../prompts/cascade';
import type { Domain } from './domain';
import type { Point } from './points';
import { isGolden, type Trace } from './stages';

/** What a sample has come to so far. */
export interface CascadeRows {
  readonly unit: Unit & { readonly point: Point };
  readonly domain: Domain;
  readonly raw?: Answer<Trace>;
  readonly row?: StageBRow;
  readonly checked?: { readonly verdict: GoldenVerdict; readonly usd: number };
}

/** How a sample ended, other than as a row. */
export interface CascadeEnd {
  readonly lost?: AskFailed | StageClosed;
  readonly stage?: string;
  /** The sample that says the same. */
  readonly twin?: string;
  readonly open?: boolean;
}

export function stageBRowOf(unit: Unit, domain: Domain, answer: Answer<Formatted>): StageBRow {
  const { difficulty, ...row } = answer.value;
  return {
    sample_id: unit.id,
    source_domain: domain.name,
    instruction: row.instruction,
    reasoning_chain: row.reasoning_chain,
    trinary_logic: row.trinary_logic,
    confidence: row.confidence,
    citations: row.citations,
    metadata: { domain: domain.name, difficulty },
    cost_estimate: answer.costUsd,
    timestamp: answer.at,
  };
}

/** The rows of a sample, and how it is counted: a formatted row is ok, whatever the golden check says of it. */
export function rowsOf(made: CascadeRows, end: CascadeEnd = {}): UnitResult {
  const { unit, raw, row, checked } = made;
  const golden = row && checked && isGolden(checked.verdict);
  return {
    rows: {
      'stage_a_raw_pairs.jsonl': raw ? [stageARowOf(made, raw)] : [],
      'stage_b_formatted_pairs.jsonl': row ? [row] : [],
      'validation_results.jsonl': checked
        ? [
            {
              sample_id: unit.id,
              validation: checked.verdict,
              approved: isGolden(checked.verdict),
              cost_estimate: checked.usd,
            },
          ]
        : [],
      'golden_test_set.jsonl': golden ? [{ ...row, validation: checked.verdict, golden_approved: true }] : [],
    },
    counts: countsOf(made, end),
    failures: failuresOf(unit, end),
    ...((end.open || end.lost instanceof StageClosed) && { open: true }),
  };
}

function stageARowOf({ unit, domain }: CascadeRows, raw: Answer<Trace>): StageARow {
  return {
    sample_id: unit.id,
    domain: domain.name,
    prompt: rawPrompt(domain, unit.point)
      .map((message) => message.content)
      .join('\n\n'),
    raw_reasoning: raw.value.text,
    reasoning_tokens: raw.value.reasoningTokens,
    timestamp: raw.at,
    cost_estimate: raw.costUsd,
  };
}

/** A sample that the run never came to asks for nothing; one that was cut short with a trace is unvalidated. */
function countsOf({ raw, row, checked }: CascadeRows, { lost, twin }: CascadeEnd): Counts {
  const counts = { requested: 1, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };
  if (row) return { ...counts, ok: 1, approved: checked && isGolden(checked.verdict) ? 1 : 0 };
  if (twin !== undefined) return { ...counts, rejected: 1 };
  if (lost instanceof AskFailed) return { ...counts, failed: 1 };
  return raw ? { ...counts, unvalidated: 1 } : { ...counts, requested: 0 };
}

function failuresOf(unit: Unit, { lost, stage = '', twin }: CascadeEnd): NonNullable<UnitResult['failures']> {
  if (twin !== undefined) {
    return [{ id: unit.id, stage: 'format', code: 'near_duplicate', message: `It says the same as ${twin}.` }];
  }
  if (!(lost instanceof AskFailed)) return [];
  const { code, message, raw } = lost;
  return [{ id: unit.id, stage, code, message, ...(raw !== undefined && { raw }) }];
}
