import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { ensemble } from '../../core/pipelines/ensemble/ensemble';
import { readInstruction } from '../../core/pipelines/ensemble/instructions';
import {
  defaultRubric,
  ensembleBudget,
  ensembleDefaults,
  type EnsembleOptions,
  fewestTeachers,
  mostTeachers,
} from '../../core/pipelines/ensemble/options';
import { leavingOut } from '../../core/pipelines/ensemble/standing';
import { teacherName } from '../../core/teachers/teacher';
import { applyConfig } from '../config';
import { readEnvironment } from '../environment';
import { UsageError } from '../exit';
import { addAskFlags, type AskFlags, fraction } from '../flags';
import { inputRecord, openInput } from '../inputFile';
import { type Io, say } from '../io';
import { launch } from '../launch';
import type { CommandContext } from '../context';
import { readableName } from '../runName';
import { type Cast, castTeachers } from '../teachers';

interface EnsembleFlags extends AskFlags {
  readonly rubric?: string;
  readonly threshold: number;
  readonly minAgreement: number;
}

/** `distillery ensemble FILE.jsonl`: several teachers, one pair. */
export function configure(command: Command, context: CommandContext): void {
  addAskFlags(
    command
      .argument('<file>', 'rows with “instruction” (or prompt, question, messages), “input” and “id” optional')
      .option('--rubric <file>', 'what a good answer is, a text for the judges')
      .option(
        '--threshold <0..1>',
        'a row whose answer scores less needs review',
        fraction({ min: 0, max: 1 }),
        ensembleDefaults.threshold,
      )
      .option(
        '--min-agreement <0..1>',
        'so does a row on which the teachers agree less',
        fraction({ min: 0, max: 1 }),
        ensembleDefaults.minAgreement,
      ),
  )
    .addHelpText('after', examples)
    .action(async (file: string) => run(file, command, context));
}

const examples = `
Every teacher answers every instruction, then scores the others' answers without knowing whose they are. Short answers
vote; else the best one wins if its lead is clear, and if not, the best teacher writes one from all.
Examples:
  distillery ensemble instructions.jsonl --estimate-only
  distillery ensemble instructions.jsonl --teacher answerer=deepseek/deepseek-flash --teacher answerer=openai/gpt-6-luna --budget 5
Without --teacher: DeepSeek, GPT and Claude, as far as there are keys. A teacher that is down is left out while two others stand.
Stages for --budget: answer, judge, synthesize. Role for --teacher: answerer.`;

async function run(file: string, command: Command, context: CommandContext): Promise<void> {
  const { io } = context;
  const given = command.opts<EnsembleFlags>();
  const config = given.config === undefined ? {} : await applyConfig(command, path.resolve(io.cwd, given.config));
  const flags = command.opts<EnsembleFlags>();
  const environment = await readEnvironment(io, { ...(flags.keysStdin && { keysStdin: true }), config });
  const input = await openInput(file, readInstruction, flags, io);
  const cast = await castTeachers(flags.teacher ?? [], ['answerer'], environment, {
    timeoutMs: flags.timeout * 1000,
    several: true,
  });
  const options: EnsembleOptions = {
    teachers: namesOf(cast),
    rubric: flags.rubric === undefined ? defaultRubric : await readRubric(flags.rubric, io),
    threshold: flags.threshold,
    minAgreement: flags.minAgreement,
    startIndex: flags.startIndex ?? 0,
    ...(flags.maxExamples !== undefined && { maxExamples: flags.maxExamples }),
  };
  const { rubric, threshold, minAgreement, startIndex, maxExamples } = options;
  const answerers = leavingOut(cast.teachers['answerer'] ?? [], (sentence) => say(io, sentence));
  await launch(
    {
      pipeline: () => ensemble(input, options),
      name: `ensemble-${readableName(file, 'instructions')}`,
      cast: { ...cast, teachers: { answerer: answerers } },
      config: {
        rubric,
        threshold,
        min_agreement: minAgreement,
        start_index: startIndex,
        ...(maxExamples !== undefined && { max_examples: maxExamples }),
      },
      inputs: [inputRecord(input, io)],
      flags,
      defaultBudget: ensembleBudget,
      command,
      operands: [input.path],
    },
    context,
  );
}

/** Their names are the columns of the results, so no two may be the same. */
function namesOf({ teachers }: Cast): readonly string[] {
  const names = (teachers['answerer'] ?? []).map(teacherName);
  const different = new Set(names);
  if (different.size < names.length)
    throw new UsageError(`An ensemble asks each teacher once; here: ${names.join(', ')}. Name different models.`);
  if (names.length < fewestTeachers) {
    throw new UsageError(
      `An ensemble needs at least two teachers; here: ${names.join(', ') || 'none'}. ` +
        'Add --teacher answerer=PROVIDER/MODEL for each, or set the keys of two of DEEPSEEK_API_KEY, OPENAI_API_KEY and ANTHROPIC_API_KEY.',
    );
  }
  if (names.length > mostTeachers)
    throw new UsageError(`An ensemble takes at most ${mostTeachers} teachers, not ${names.length}.`);
  if (different.has('offline/extractive'))
    throw new UsageError('The offline teacher answers no instructions. Name teachers with a model behind them.');
  return names;
}

async function readRubric(file: string, io: Io): Promise<string> {
  let text: string;
  try {
    text = await readFile(path.resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the rubric ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text.trim() === '') throw new UsageError(`The rubric ${file} is empty: say what a good answer is.`);
  return text.trim();
}
