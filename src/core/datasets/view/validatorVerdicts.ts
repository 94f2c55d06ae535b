import { join } from 'node:path';
import { qaRow, validationRow } from '../../records/distill';
import { rowBatches } from '../rows';
import { DatasetError } from '../errors';
import { fieldOf } from './fields';
import { VALIDATOR } from './query';
import { chunkIdOf, questionOf, RunFolder } from './runFolder';
import type { RowReview } from './reviewState';

/** What a run's validator said of a row. */
export interface ValidatorVerdict {
  readonly status: string;
  readonly reason: string;
  /** 0 to 1; null where no model was asked. */
  readonly confidence: number | null;
  /** What the row has cost, its validation included, in USD. */
  readonly cost: number;
}

/** The verdicts of the run that a dataset lies in, by row: held in memory while one search or count goes on. */
export class ValidatorVerdicts {
  private readonly verdicts = new Map<string, ValidatorVerdict>();
  private readonly pairs = new Map<string, string>();

  /** Undefined for a dataset that is in no run folder. */
  static async around(dataset: string, signal: AbortSignal): Promise<ValidatorVerdicts | undefined> {
    const run = await RunFolder.around(dataset);
    if (!run) return undefined;
    const known = new ValidatorVerdicts();
    for await (const row of rowsOf(join(run.folder, 'validation_results.jsonl'), signal)) {
      const parsed = validationRow.safeParse(row);
      if (!parsed.success) continue;
      const { qa_id, status, reason, validation, cost_estimate } = parsed.data;
      known.verdicts.set(qa_id, { status, reason, confidence: validation?.confidence ?? null, cost: cost_estimate });
    }
    for await (const row of rowsOf(join(run.folder, 'generated_qa_pairs.jsonl'), signal)) {
      const parsed = qaRow.safeParse(row);
      if (!parsed.success) continue;
      const { qa_id, source, cost_estimate } = parsed.data;
      known.remember(qa_id, source.chunk_id, parsed.data);
      const verdict = known.verdicts.get(qa_id);
      if (verdict) known.verdicts.set(qa_id, { ...verdict, cost: verdict.cost + cost_estimate });
    }
    return known;
  }

  of(row: unknown): ValidatorVerdict | undefined {
    const id = fieldOf(row, 'qa_id');
    if (typeof id === 'string') return this.verdicts.get(id);
    const chunk = chunkIdOf(row);
    if (chunk === undefined) return undefined;
    const found =
      this.pairs.get(key(chunk, questionOf(row))) ??
      this.pairs.get(key(chunk, fieldOf(row, 'output') ?? fieldOf(row, 'answer')));
    return found === undefined ? undefined : this.verdicts.get(found);
  }

  /** Golden rows and exports have no id: they are known by their chunk and one half, which corrections left alone. */
  private remember(id: string, chunk: string, { question, answer }: { question: string; answer: string }): void {
    for (const half of [question, answer]) {
      if (!this.pairs.has(key(chunk, half))) this.pairs.set(key(chunk, half), id);
    }
  }
}

/** Whether the person decided otherwise than the validator. */
export function isDisputed(review: RowReview | undefined, verdict: ValidatorVerdict | undefined): boolean {
  if (!review?.verdict || !verdict) return false;
  return review.verdict === 'approved' ? verdict.status === 'rejected' : verdict.status === 'approved';
}

/** A validator's field, by its name with the prefix. */
export function validatorValue(verdict: ValidatorVerdict | undefined, field: string): unknown {
  return verdict && fieldOf(verdict, field.slice(VALIDATOR.length));
}

function key(chunk: string, half: unknown): string {
  return `${chunk} ${String(half)}`;
}

async function* rowsOf(file: string, signal: AbortSignal): AsyncGenerator {
  try {
    for await (const batch of rowBatches(file, signal)) for (const row of batch) if ('value' in row) yield row.value;
  } catch (error) {
    // A run that has not come that far has no such file yet.
    if (!(error instanceof DatasetError) || error.code !== 'not_found') throw error;
  }
}
