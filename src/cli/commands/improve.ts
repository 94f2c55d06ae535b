import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { readFailure } from '../../core/pipelines/improve/failures';
import { type Guidance, guidanceFor, parseGuidance, withBuiltIn } from '../../core/pipelines/improve/guidance';
import { improve, improveBudget } from '../../core/pipelines/improve/improve';
import type { InputFile } from '../../core/pipelines/input/inputFile';
import type { HardFailure } from '../../core/pipelines/prompts/improve';
import { applyConfig } from '../config';
import { readEnvironment } from '../environment';
import { UsageError } from '../exit';
import { addAskFlags, type AskFlags, wholeNumber } from '../flags';
import { inputRecord, openInput } from '../inputFile';
import { type Io, say } from '../io';
import { launch } from '../launch';
import type { CommandContext } from '../context';
import { readableName } from '../runName';
import { type Cast, castTeachers } from '../teachers';

interface ImproveFlags extends AskFlags {
  readonly batchSize?: number;
  readonly guidance?: string;
}

/** `distillery improve FILE.jsonl`: hard failures → better examples. */
export function configure(command: Command, context: CommandContext): void {
  addAskFlags(
    command
      .argument('<file>', 'failed examples: instruction, reference_answer, previous_output, category, id; or messages')
      .option(
        '--batch-size <n>',
        'at most this many at once; the same as --concurrency',
        wholeNumber({ min: 1, max: 4096 }),
      )
      .option('--guidance <file.yaml>', 'what good answers of each category do, before the built-in guidance'),
  )
    .addHelpText('after', examples)
    .action(async (file: string) => run(file, command, context));
}

const examples = `
Columns under other usual names are read too, and said: prompt, question · expected, target, ground_truth, answer ·
prediction, model_output, response, output · type, topic. Only the instruction must be there. Chat logs: “messages”.
Guidance (built in: math, reasoning, code, factual, writing, instruction, safety, default):
  default: Answer in plain words.
  categories:
    geometry: { guidance: Name each theorem that you use., final_number: true }
    poetry: Keep the metre.
Examples:
  distillery improve failures.jsonl --estimate-only
  distillery improve failures.jsonl --guidance guidance.yaml --teacher deepseek/deepseek-v4-pro --budget 5
Stage for --budget: improve. Role for --teacher: generator.`;

async function run(file: string, command: Command, context: CommandContext): Promise<void> {
  const { io } = context;
  const given = command.opts<ImproveFlags>();
  const config = given.config === undefined ? {} : await applyConfig(command, path.resolve(io.cwd, given.config));
  const flags = command.opts<ImproveFlags>();
  const environment = await readEnvironment(io, { ...(flags.keysStdin && { keysStdin: true }), config });
  const guidance = withBuiltIn(flags.guidance === undefined ? undefined : await readGuidance(flags.guidance, io));
  const input = await openInput(file, readFailure, flags, io);
  if (!flags.quiet) await tellOfUnknown(input, guidance, io);
  const cast = await castTeachers(flags.teacher ?? [], ['generator'], environment, { timeoutMs: flags.timeout * 1000 });
  refuseOffline(cast);
  const startIndex = flags.startIndex ?? 0;
  const range = { startIndex, ...(flags.maxExamples !== undefined && { maxExamples: flags.maxExamples }) };
  await launch(
    {
      pipeline: () => improve(input, { guidance, ...range }),
      name: `improve-${readableName(file, 'failures')}`,
      cast,
      config: {
        guidance: Object.fromEntries([...guidance].map(([category, { text }]) => [category, text])),
        final_number: [...guidance].filter(([, { finalNumber }]) => finalNumber).map(([category]) => category),
        start_index: startIndex,
        ...(flags.maxExamples !== undefined && { max_examples: flags.maxExamples }),
      },
      inputs: [inputRecord(input, io)],
      flags: { ...flags, concurrency: flags.batchSize ?? flags.concurrency },
      defaultBudget: improveBudget,
      command,
      operands: [input.path],
    },
    context,
  );
}

/** It asks about documents and tells cases; a better answer is beyond it, and an estimate of it would mislead. */
function refuseOffline({ teachers }: Cast): void {
  if (teachers['generator']?.some(({ provider }) => provider === 'offline'))
    throw new UsageError(
      'The offline teacher cannot write better answers. Name a teacher with a model behind it, as in --teacher deepseek/deepseek-flash, and set its key, or run “Distillery: Set API Key…” in the editor.',
    );
}

async function readGuidance(file: string, io: Io): Promise<Guidance> {
  let text: string;
  try {
    text = await readFile(path.resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the guidance ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseGuidance(text, file);
}

/** Categories that only the default guides: a typo in a guidance file shows here. */
async function tellOfUnknown(input: InputFile<HardFailure>, guidance: Guidance, io: Io): Promise<void> {
  const unknown = new Map<string, number>();
  let without = 0;
  for await (const { value } of input.rows()) {
    if (value.reference === '') without++;
    if (value.category === 'default' || guidanceFor(guidance, value.category).known) continue;
    unknown.set(value.category, (unknown.get(value.category) ?? 0) + 1);
  }
  const named = [...unknown].slice(0, 8).map(([category, rows]) => `${category} (${rows})`);
  if (named.length > 0) say(io, `Guided by “default”: ${named.join(', ')}${unknown.size > 8 ? ', …' : ''}.`);
  if (without > 0) say(io, `${without} of ${input.count} rows have no reference: the teacher relies on what it knows.`);
}
