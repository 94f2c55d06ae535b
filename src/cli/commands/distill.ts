import path from 'node:path';
import type { Command } from 'commander';
import { listDocuments } from '../../core/documents/listDocuments';
import { readDocument } from '../../core/documents/read';
import type { SourceDocument } from '../../core/documents/types';
import type { RowFormat } from '../../core/datasets/formats';
import { distill } from '../../core/pipelines/distill/distill';
import { distillBudget, distillDefaults, type DistillOptions } from '../../core/pipelines/distill/options';
import { applyConfig } from '../config';
import { readEnvironment } from '../environment';
import { UsageError } from '../exit';
import { addAskFlags, type AskFlags, fraction, listOf, wholeNumber } from '../flags';
import { type Io, say } from '../io';
import { launch } from '../launch';
import type { CommandContext } from '../context';
import { readableName } from '../runName';
import { castTeachers } from '../teachers';

interface DistillFlags extends AskFlags {
  readonly questions: number;
  readonly chunkSize: number;
  readonly overlap: number;
  readonly validateFraction: number;
  readonly votes: number;
  readonly applyCorrections?: boolean;
  readonly format: readonly RowFormat[];
  readonly testFraction: number;
}

/** The formats that a question and its answer fit into; `distillery export` makes the others and Parquet. */
const answerFormats = [
  'jsonl',
  'alpaca',
  'messages',
  'sharegpt',
  'prompt-completion',
] as const satisfies readonly RowFormat[];

/** `distillery distill FILE…`: documents → golden dataset. */
export function configure(command: Command, context: CommandContext): void {
  const defaults = distillDefaults;
  addAskFlags(
    command
      .argument('<file...>', 'documents and folders: .txt .md .html .docx .pdf .epub')
      .option(
        '--questions <n>',
        'questions asked of each passage',
        wholeNumber({ min: 1, max: 50 }),
        defaults.questions,
      )
      .option('--chunk-size <chars>', 'size of a passage', wholeNumber({ min: 100, max: 20_000 }), defaults.chunkSize)
      .option(
        '--overlap <chars>',
        'what a passage shares with the one before',
        wholeNumber({ min: 0 }),
        defaults.overlap,
      )
      .option(
        '--validate-fraction <0..1>',
        'share of the pairs that the validator sees',
        fraction({ min: 0, max: 1 }),
        defaults.validateFraction,
      )
      .option(
        '--votes <n>',
        'validator votes a pair; the majority decides',
        wholeNumber({ min: 1, max: 15 }),
        defaults.votes,
      )
      .option('--apply-corrections', 'apply a validator’s correction once, and validate again')
      .option('--format <list>', `training formats: ${answerFormats.join(', ')}`, listOf(answerFormats), [
        ...defaults.export.formats,
      ])
      .option(
        '--test-fraction <0..0.5>',
        'share of the passages held out for the test split',
        fraction({ min: 0, max: 0.5 }),
        defaults.export.testFraction,
      ),
  )
    .addHelpText('after', examples)
    .action(async (files: string[], flags: DistillFlags) => run(files, flags, command, context));
}

const examples = `
Examples:
  distillery distill handbook.md --teacher offline        no key, no cost
  distillery distill docs/ --estimate-only                what it would cost
  distillery distill handbook.md --teacher deepseek/deepseek-flash --teacher validator=anthropic/claude-sonnet-5-5 --budget 2
Stages for --budget: generate, validate. Roles for --teacher: generator, validator.`;

async function run(files: string[], given: DistillFlags, command: Command, context: CommandContext): Promise<void> {
  const config =
    given.config === undefined ? {} : await applyConfig(command, path.resolve(context.io.cwd, given.config));
  const flags = command.opts<DistillFlags>();
  if (flags.overlap * 2 > flags.chunkSize) {
    throw new UsageError(
      `--overlap ${flags.overlap} is more than half of --chunk-size ${flags.chunkSize}: passages would repeat themselves.`,
    );
  }
  const environment = await readEnvironment(context.io, { ...(flags.keysStdin && { keysStdin: true }), config });
  const documents = await readDocuments(files, flags, context.io);
  const cast = await castTeachers(flags.teacher ?? [], ['generator', 'validator'], environment, {
    timeoutMs: flags.timeout * 1000,
  });
  const { export: exporting, seed, ...options } = optionsOf(flags);
  await launch(
    {
      pipeline: () => distill(documents, { ...options, seed, export: exporting }),
      name: runName(documents),
      cast,
      // The export is written anew from the rows whenever it is asked for: it is no part of the work's identity.
      config: snakeCased(options),
      inputs: documents.map(({ file, bytes, sha256 }) => ({ path: file, bytes, sha256 })),
      flags,
      defaultBudget: distillBudget,
      command,
      operands: files.map((file) => path.resolve(context.io.cwd, file)),
    },
    context,
  );
}

function optionsOf(flags: DistillFlags): DistillOptions {
  return {
    questions: flags.questions,
    chunkSize: flags.chunkSize,
    overlap: flags.overlap,
    validateFraction: flags.validateFraction,
    votes: flags.votes,
    applyCorrections: flags.applyCorrections ?? false,
    startIndex: flags.startIndex ?? 0,
    ...(flags.maxExamples !== undefined && { maxPassages: flags.maxExamples }),
    seed: flags.seed,
    export: { formats: flags.format, testFraction: flags.testFraction },
  };
}

/** As the manifest has it: keys are snake_case in every file. */
function snakeCased(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

/** One document that cannot be read stops the command when it was named; in a folder it is left out, and said. */
async function readDocuments(files: readonly string[], flags: AskFlags, io: Io): Promise<SourceDocument[]> {
  const { documents, skipped } = await listDocuments(files.map((file) => path.resolve(io.cwd, file)));
  if (!flags.quiet) for (const { path: file, reason } of skipped) say(io, `Left out: ${nameOf(io, file)} (${reason})`);
  if (documents.length === 0)
    throw new UsageError('There is no document here to distill: .txt .md .html .docx .pdf .epub are read.');
  const read: SourceDocument[] = [];
  for (const file of documents) read.push(await readDocument(file, { name: nameOf(io, file) }));
  return read;
}

/** Relative to the current folder where it is inside, with forward slashes. */
function nameOf(io: Io, file: string): string {
  const relative = path.relative(io.cwd, file);
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (inside ? relative : file).replaceAll('\\', '/');
}

/** `distill-handbook`, `distill-handbook-and-3-more`. */
function runName(documents: readonly SourceDocument[]): string {
  const more = documents.length > 1 ? `-and-${documents.length - 1}-more` : '';
  return `distill-${readableName(documents[0]?.file ?? '', 'document')}${more}`;
}
