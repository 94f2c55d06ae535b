import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkFiles } from '../datasets/check/check';
import type { Problem } from '../datasets/check/problem';
import { combineFiles } from '../datasets/combine';
import { exportDataset, readExample, type RowFormat } from '../datasets/formats';
import { readRows } from '../datasets/rows';
import { splitFile } from '../datasets/split';
import { TrainingError } from './errors';

/** What the trainer reads, in the job's `data` folder. */
export interface PreparedData {
  readonly stage: 'sft' | 'dpo';
  readonly trainRows: number;
  readonly validationRows: number;
  readonly tokens: number;
  readonly longestRowTokens: number;
}

/** The name in `dataset_info.json`; the held-out rows are `training_validation`. */
export const DATASET = 'training';
/** Fewer rows teach nothing, and leave nothing to hold out. */
const LEAST_ROWS = 10;

export interface DataRequest {
  readonly files: readonly string[];
  readonly validationFraction: number;
  readonly seed: number;
  /** Tokens of a row, when the person has set a limit. */
  readonly cutoffLength?: number | undefined;
  readonly system?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks the files, holds rows out by groups (pairs and passages stay together) and writes both sides for the trainer:
 * only the columns that it needs, because it fails on a type that changes in any other.
 * @throws {TrainingError} `bad_dataset` with the lines, `too_few_rows`
 */
export async function prepareData(request: DataRequest, folder: string): Promise<PreparedData> {
  const { signal } = request;
  const stopping = signal ? { signal } : {};
  const tokens = await refuseBadRows(request);
  const { preferences, rows } = await shapesOf(request);
  if (rows < LEAST_ROWS) {
    throw new TrainingError(
      'too_few_rows',
      `${rows} ${rows === 1 ? 'row is' : 'rows are'} too few to train on: at least ${LEAST_ROWS} are needed, a few hundred make a difference.`,
    );
  }
  const format: RowFormat = preferences ? 'preference' : 'messages';
  const work = await mkdtemp(path.join(path.dirname(folder), '.data-'));
  try {
    const whole = await oneFile(request, path.join(work, 'all.jsonl'));
    const ratios = { train: 1 - request.validationFraction, validation: request.validationFraction };
    const { outputs, groups } = await splitFile({ file: whole, out: work, ratios, seed: request.seed, ...stopping });
    const [train, validation] = outputs;
    if (!train || !validation || train.rows === 0 || validation.rows === 0) {
      throw new TrainingError(
        'too_few_rows',
        `All rows belong together (${groups} group): nothing can be held out to see when to stop. Add rows from other passages.`,
      );
    }
    await exportDataset({
      splits: [train, validation].map((split) => ({
        name: split.split,
        rows: () => valuesOf(split.path, signal),
      })),
      format,
      out: folder,
      name: DATASET,
      card: { title: 'Rows of this training job', provenance: [], method: [] },
      ...(request.system === undefined ? {} : { system: request.system }),
      ...stopping,
    });
    return {
      stage: preferences ? 'dpo' : 'sft',
      trainRows: train.rows,
      validationRows: validation.rows,
      tokens: tokens.total,
      longestRowTokens: tokens.longest,
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Rules about several files as separate splits: here they become one and are split anew. */
const BETWEEN_FILES: readonly string[] = ['pair_split', 'mixed_format', 'mixed_types'];

async function refuseBadRows({
  files,
  cutoffLength,
  signal,
}: DataRequest): Promise<{ total: number; longest: number }> {
  const { problems, totals } = await checkFiles({
    files,
    target: 'llamafactory',
    tokens: true,
    ...(cutoffLength === undefined ? {} : { maxTokens: cutoffLength }),
    ...(signal ? { signal } : {}),
  });
  const errors = problems.filter(({ severity, code }) => severity === 'error' && !BETWEEN_FILES.includes(code));
  if (errors.length > 0) throw badDataset(errors, totals.errors);
  return totals.tokens ?? { total: 0, longest: 0 };
}

function badDataset(errors: readonly Problem[], total: number): TrainingError {
  const shown = errors.slice(0, 20).map(({ file, line, message }) => `  ${file}:${line}: ${message}`);
  const more = total > shown.length ? [`  and ${total - shown.length} more: distillery check FILE lists them`] : [];
  const long = errors.every(({ code }) => code === 'over_tokens');
  const advice = long
    ? 'Set a larger cutoff_length, or shorten these rows:'
    : 'The data cannot be trained on as it is:';
  return new TrainingError('bad_dataset', [advice, ...shown, ...more].join('\n'), errors);
}

/** Whether the rows are answers or preferences; a job is one or the other. */
async function shapesOf({ files, signal }: DataRequest): Promise<{ preferences: boolean; rows: number }> {
  let preferences: boolean | undefined;
  let rows = 0;
  for (const file of files) {
    for await (const { value, line } of readRows(file, signal)) {
      rows++;
      const found = readExample(value);
      const prefers = 'example' in found && found.example.rejected !== undefined;
      preferences ??= prefers;
      if (prefers !== preferences) {
        throw new TrainingError(
          'bad_dataset',
          `${file}:${line.number}: answers and preferences are mixed; train on one kind at a time.`,
        );
      }
    }
  }
  return { preferences: preferences ?? false, rows };
}

async function oneFile({ files, signal }: DataRequest, out: string): Promise<string> {
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) return only;
  await combineFiles({ files, out, ...(signal ? { signal } : {}) });
  return out;
}

async function* valuesOf(file: string, signal: AbortSignal | undefined): AsyncGenerator {
  for await (const { value } of readRows(file, signal)) yield value;
}
