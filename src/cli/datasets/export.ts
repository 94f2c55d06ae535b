import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { DatasetError } from '../../core/datasets/errors';
import {
  exportDataset,
  rowFormat,
  trainingFormat,
  type ExportRequest,
  type ExportResult,
  type RowFormat,
  type TrainingFormat,
} from '../../core/datasets/formats';
import { digest, pushDataset } from '../../core/datasets/hub';
import { readRows } from '../../core/datasets/rows';
import { readEnvironment } from '../environment';
import { UsageError } from '../exit';
import { say } from '../io';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, type OutputFlags, outputLines, runStep, shown, shownOutputs } from './step';

interface ExportFlags extends OutputFlags {
  readonly format: TrainingFormat;
  readonly out: string;
  readonly rows: RowFormat;
  readonly system?: string;
  readonly reasoning: 'drop' | 'think';
  readonly license?: string;
  readonly push?: string;
  readonly public?: boolean;
}

/** `distillery export FILE|RUN --format F --out PATH` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file-or-run>', 'a file of rows, or the folder of a run')
    .addOption(
      new Option('--format <format>', 'what the rows become').choices(trainingFormat.options).makeOptionMandatory(),
    )
    .requiredOption('--out <path>', 'a folder, or the name of the file')
    .addOption(
      new Option('--rows <format>', 'the rows of a Parquet file').choices(rowFormat.options).default('messages'),
    )
    .option('--system <text>', 'a system prompt for rows that have none')
    .addOption(
      new Option('--reasoning <policy>', 'left out, or before the answer between <think> tags')
        .choices(['drop', 'think'])
        .default('drop'),
    )
    .option('--license <id>', 'for the dataset card, such as cc-by-4.0')
    .option('--push <org/name>', 'also push to the Hugging Face Hub (token in HF_TOKEN)')
    .option('--private', 'a new repository is private; this is the default')
    .option('--public', 'a new repository is for everybody to see')
    .action(async (source: string, flags: ExportFlags) => run(source, flags, context));
}

async function run(source: string, flags: ExportFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  const { keys } = await readEnvironment(io, flags.keysStdin ? { keysStdin: true } : {});
  const token = keys.given?.['HF_TOKEN'] ?? io.env['HF_TOKEN'];
  const { push } = flags;
  if (push !== undefined && (token === undefined || token === '')) {
    throw new UsageError('Pushing needs a write token of Hugging Face in the environment variable HF_TOKEN.');
  }
  await runStep(
    context,
    flags,
    async (signal) => {
      const file = await trainingFile(absolute(io, source), flags.format);
      const title = path.parse(source.replace(/[\\/]+$/, '')).name;
      const request: ExportRequest = {
        splits: [{ name: 'train', rows: () => valuesOf(file, signal) }],
        format: flags.format,
        rowFormat: flags.rows,
        out: absolute(io, flags.out),
        reasoning: flags.reasoning,
        card: {
          title,
          provenance: [`\`${shown(io, file)}\``],
          method: [],
          ...(flags.license === undefined ? {} : { license: flags.license }),
        },
        signal,
        ...(flags.system === undefined ? {} : { system: flags.system }),
      };
      const result = push === undefined ? await exportDataset(request) : await exportedBefore(request);
      const pushed =
        push === undefined || token === undefined
          ? undefined
          : await pushDataset({
              repo: push,
              files: [...result.outputs.map((output) => output.path), result.datasetInfo],
              card: result.card,
              private: !flags.public,
              accessToken: token,
              signal,
              ...(io.env['HF_ENDPOINT'] === undefined ? {} : { hubUrl: io.env['HF_ENDPOINT'] }),
              onFile: ({ file: name, state }) => {
                if (!flags.quiet) say(io, `${name} ${state}`);
              },
            });
      const outputs = shownOutputs(io, result.outputs);
      const counts = { rows: outputs.reduce((sum, { rows }) => sum + rows, 0) };
      return {
        outputs,
        counts,
        dataset_info: shown(io, result.datasetInfo),
        card: shown(io, result.card),
        ...(pushed ? { pushed } : {}),
      };
    },
    ({ outputs, dataset_info, card, pushed }) =>
      [outputLines(outputs), dataset_info, card, ...(pushed ? [`Pushed to ${pushed.url}`] : [])].join('\n'),
  );
}

/**
 * The export, or the one that is there already when it has the same rows: the same command continues a push.
 * @throws {DatasetError} `exists` when something else is there
 */
async function exportedBefore(request: ExportRequest): Promise<ExportResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'distillery-export-'));
  try {
    return await exportDataset(request);
  } catch (error) {
    if (!(error instanceof DatasetError) || error.code !== 'exists') throw error;
    const again = await exportDataset({ ...request, out: path.join(folder, path.basename(request.out)) });
    // Beside the file, or inside the folder, that was named.
    const root = path.dirname(again.card) === folder ? path.dirname(request.out) : request.out;
    const there = (file: string) => path.join(root, path.basename(file));
    const missing = [again.datasetInfo, again.card].some((file) => !existsSync(there(file)));
    if (missing || !(await allSame(again.outputs, there))) throw error;
    const outputs = again.outputs.map(({ path: file, rows }) => ({ path: there(file), rows }));
    return { outputs, datasetInfo: there(again.datasetInfo), card: there(again.card) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function allSame(outputs: ExportResult['outputs'], there: (file: string) => string): Promise<boolean> {
  for (const { path: file } of outputs) {
    if (!existsSync(there(file)) || (await digest('sha256', file)) !== (await digest('sha256', there(file))))
      return false;
  }
  return true;
}

async function* valuesOf(file: string, signal: AbortSignal): AsyncGenerator {
  for await (const { value } of readRows(file, signal)) yield value;
}

/** What a run's folder has to train on, the best first. */
const OUTPUTS = [
  'golden_dataset.jsonl',
  'training_pairs.jsonl',
  'ensemble_training_pairs.jsonl',
  'improved_examples.jsonl',
  'stage1_sft_data.jsonl',
];

async function trainingFile(source: string, format: TrainingFormat): Promise<string> {
  const info = await stat(source).catch(() => undefined);
  if (!info?.isDirectory()) return source;
  for (const name of format === 'preference' ? ['preference_pairs.jsonl'] : OUTPUTS) {
    const file = path.join(source, name);
    if (await stat(file).catch(() => undefined)) return file;
  }
  throw new UsageError(`${source} has no rows to export yet. Name a file, or a run that has ended.`);
}
