import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { evaluate, evaluateBudget, type EvaluateOptions, exact } from '../../core/evaluation/evaluate';
import { overlapWith, refuseOverlap } from '../../core/evaluation/overlap';
import { readPredictions } from '../../core/evaluation/predictions';
import { readTest, type Test } from '../../core/evaluation/tests';
import type { InputFile } from '../../core/pipelines/input/inputFile';
import { type Evaluation, evaluation, evaluationFile } from '../../core/records/evaluation';
import type { RunReport } from '../../core/records/run';
import { createTeacher } from '../../core/teachers/create';
import { defaultTeacher } from '../../core/teachers/defaults';
import { OFFLINE, parseTeacher } from '../../core/teachers/spec';
import { type Teacher, teacherName } from '../../core/teachers/teacher';
import { findJob, type FoundJob } from '../../core/training/job';
import { applyConfig } from '../config';
import type { CommandContext } from '../context';
import { type Environment, readEnvironment } from '../environment';
import { asContender, contender, type Named, predictionsName, requireTwo } from '../evaluation/contenders';
import { summarizeEvaluation } from '../evaluation/summary';
import { UsageError } from '../exit';
import { addRunFlags, type AskFlags, wholeNumber } from '../flags';
import { inputRecord, openInput } from '../inputFile';
import type { Io } from '../io';
import { launch, type Told } from '../launch';
import { readableName } from '../runName';
import type { Cast } from '../teachers';

interface EvaluateFlags extends AskFlags {
  readonly tests?: string;
  readonly base?: string;
  readonly tuned?: string;
  readonly judge?: string;
  readonly trainingFile?: string;
  readonly allowOverlap?: boolean;
  readonly job?: string;
  readonly maxTokens: number;
  readonly speed: number;
}

/** `distillery evaluate`: base against tuned, honest statistics. */
export function configure(command: Command, context: CommandContext): void {
  addRunFlags(
    command
      .option(
        '--tests <file>',
        'held-out rows with “instruction” and “output” (the reference); id, input, category optional',
      )
      .option('--base <who>', 'PROVIDER/MODEL, MODEL@http://…/v1, or a file of predictions (id, output)')
      .option('--tuned <who>', 'the same, of the tuned model')
      .option(
        '--judge <provider/model|exact>',
        'who grades the answers; “exact” for short ones: they are the reference',
      )
      .option('--training-file <file>', 'what was trained on: tests that it gives away are refused')
      .option('--allow-overlap', 'compare all the same; the report says so')
      .option('--job <job>', 'a training job: its held-out rows, its training file and its two models, served here')
      .option('--max-tokens <n>', 'the longest answer', wholeNumber({ min: 1, max: 100_000 }), 1024)
      .option(
        '--speed <n>',
        'time both models on so many prompts; 0: not at all',
        wholeNumber({ min: 0, max: 1000 }),
        5,
      ),
  )
    .addHelpText('after', examples)
    .action(async () => run(command, context));
}

const examples = `
Both models answer every test greedily. The judge grades each answer by itself, pass or fail with a reason, and does not
know whose it is. evaluation.json has pass rates, lift, McNemar's test, categories and every regression.
Examples:
  distillery evaluate --job lora-handbook --judge openai/gpt-6.1-terra
  distillery evaluate --tests golden.jsonl --base base.jsonl --tuned tuned.jsonl --judge exact
  distillery evaluate --tests golden.jsonl --training-file train.jsonl --judge anthropic/claude-sonnet-5-5 \\
    --base qwen3-0.6b@http://127.0.0.1:8000/v1 --tuned handbook@http://127.0.0.1:8001/v1
Stages for --budget: base, tuned, judge, speed. Predictions may be those of LLaMA-Factory's predict step.`;

async function run(command: Command, context: CommandContext): Promise<void> {
  const { io } = context;
  const given = command.opts<EvaluateFlags>();
  const config = given.config === undefined ? {} : await applyConfig(command, path.resolve(io.cwd, given.config));
  await makeAbsolute(command, io);
  const flags = command.opts<EvaluateFlags>();
  const environment = await readEnvironment(io, { ...(flags.keysStdin && { keysStdin: true }), config });
  const job = flags.job === undefined ? undefined : await findJob(io.cwd, flags.job);
  const { tests: testsFile, trainingFile } = filesOf(flags, job);
  const tests = await openInput(testsFile, readTest, flags, io);
  const end = new AbortController();
  try {
    const teachers = { ...environment, timeoutMs: flags.timeout * 1000, learnt: new Map() };
    const naming = { cwd: io.cwd, job, context: teachers, end: end.signal };
    const base = await contender('base', flags.base, naming);
    const tuned = await contender('tuned', flags.tuned, naming);
    requireTwo(base, tuned);
    const judge = await judgeOf(flags.judge, environment, teachers);
    const options: EvaluateOptions = {
      base: asContender(base, base.file === undefined ? undefined : await readPredictions(base.file, tests)),
      tuned: asContender(tuned, tuned.file === undefined ? undefined : await readPredictions(tuned.file, tests)),
      judge: judge.teacher ? teacherName(judge.teacher) : exact,
      maxTokens: flags.maxTokens,
      speedPrompts: base.asked?.stopwatch && tuned.asked?.stopwatch ? flags.speed : 0,
      overlap: await checkedOverlap(trainingFile, tests, flags.allowOverlap ?? false, io),
      seed: flags.seed,
      startIndex: flags.startIndex ?? 0,
      ...(flags.maxExamples !== undefined && { maxExamples: flags.maxExamples }),
    };
    const files = [base.file, tuned.file, trainingFile].filter((file) => file !== undefined);
    await launch(
      {
        pipeline: () => evaluate(tests, options),
        name: `evaluate-${readableName(job?.job.name ?? testsFile, 'tests')}`,
        cast: castOf(base, tuned, judge, environment, options.speedPrompts > 0),
        config: identityOf(options),
        inputs: [inputRecord(tests, io), ...(await Promise.all(files.map((file) => fileRecord(file, io))))],
        // The trainer's own server answers one question at a time.
        flags: job && command.getOptionValueSource('concurrency') === 'default' ? { ...flags, concurrency: 4 } : flags,
        defaultBudget: evaluateBudget,
        command,
        operands: [],
        result: resultOf,
      },
      context,
    );
  } finally {
    end.abort();
  }
}

/** So that the command that resumes it works from anywhere. A job stays one by its folder. */
async function makeAbsolute(command: Command, io: Io): Promise<void> {
  const { tests, trainingFile, job, base, tuned } = command.opts<EvaluateFlags>();
  const set = (name: string, value: string) =>
    command.setOptionValueWithSource(name, value, command.getOptionValueSource(name));
  if (tests !== undefined) set('tests', path.resolve(io.cwd, tests));
  if (trainingFile !== undefined) set('trainingFile', path.resolve(io.cwd, trainingFile));
  if (job !== undefined) set('job', (await findJob(io.cwd, job)).folder);
  for (const [name, who] of Object.entries({ base, tuned }))
    if (who !== undefined && predictionsName.test(who)) set(name, path.resolve(io.cwd, who));
}

/** The rows that a job held out are its tests, and the others are what it was trained on. */
function filesOf({ tests, trainingFile }: EvaluateFlags, job: FoundJob | undefined) {
  const data = job && path.join(job.folder, 'data');
  const held = tests ?? (data && path.join(data, 'validation.jsonl'));
  if (held === undefined)
    throw new UsageError('Name the held-out rows with --tests FILE, or a training job with --job JOB.');
  return { tests: held, trainingFile: trainingFile ?? (data && path.join(data, 'train.jsonl')) };
}

/** Undefined for `exact`. Without `--judge`, the best validator whose key is there. */
async function judgeOf(
  named: string | undefined,
  { keys }: Environment,
  teachers: Parameters<typeof createTeacher>[1],
): Promise<{ readonly teacher?: Teacher; readonly notice?: string }> {
  if (named === exact) return {};
  const { spec } = named === undefined ? defaultTeacher('validator', keys) : { spec: parseTeacher(named) };
  if (spec.provider === OFFLINE.provider)
    throw new UsageError(
      'The offline teacher grades no answers. Say who does: --judge PROVIDER/MODEL, or --judge exact where answers are short.',
    );
  const teacher = await createTeacher(spec, teachers);
  return { teacher, ...(named === undefined && { notice: `The judge is ${teacherName(teacher)}.` }) };
}

async function checkedOverlap(
  file: string | undefined,
  tests: InputFile<Test>,
  isAllowed: boolean,
  io: Io,
): Promise<Evaluation['overlap']> {
  if (file === undefined) return { status: 'not_checked', training_file: null, tests: [] };
  const given = await overlapWith(file, tests);
  const shown = path.relative(io.cwd, file).startsWith('..') ? file : path.relative(io.cwd, file).replaceAll('\\', '/');
  if (!isAllowed) refuseOverlap(shown, given, tests.count);
  return { status: given.length > 0 ? 'allowed' : 'none', training_file: shown, tests: given.map(({ test }) => test) };
}

function castOf(
  base: Named,
  tuned: Named,
  judge: { teacher?: Teacher; notice?: string },
  { prices }: Environment,
  isTimed: boolean,
): Cast {
  const sides = { base, tuned };
  const asked = Object.entries(sides).flatMap(([role, { asked: who }]) => (who ? [{ role, ...who }] : []));
  const free = asked
    .filter(({ isFree }) => isFree)
    .map(({ teacher }) => [teacherName(teacher), { input: 0, output: 0 }] as const);
  const isJudging = asked.some(({ teacher }) => teacher.deployment === judge.teacher?.deployment);
  return {
    teachers: {
      ...Object.fromEntries(asked.map(({ role, teacher }) => [role, [teacher]])),
      ...(judge.teacher && { judge: [judge.teacher] }),
      ...(isTimed && { speed: asked.flatMap(({ stopwatch }) => stopwatch ?? []) }),
    },
    batchTeachers: [],
    prices: { ...prices, ...Object.fromEntries(free) },
    notices: [
      ...(judge.notice === undefined ? [] : [judge.notice]),
      ...(isJudging ? ['The judge is one of the two that it judges: let another model do it.'] : []),
    ],
  };
}

function identityOf({
  base,
  tuned,
  judge,
  maxTokens,
  speedPrompts,
  overlap,
  startIndex,
  maxExamples,
}: EvaluateOptions) {
  return {
    base: base.name,
    tuned: tuned.name,
    judge,
    max_tokens: maxTokens,
    speed: speedPrompts,
    overlap: overlap.status,
    start_index: startIndex,
    ...(maxExamples !== undefined && { max_examples: maxExamples }),
  };
}

async function fileRecord(file: string, io: Io) {
  const hash = createHash('sha256');
  for await (const block of createReadStream(file)) hash.update(block as Buffer);
  return inputRecord({ path: file, bytes: (await stat(file)).size, sha256: hash.digest('hex') }, io);
}

/** The report, with the run folder that it stands in; nothing as long as nothing was judged. */
async function resultOf({ folder, outputs }: RunReport): Promise<Told | undefined> {
  if (!outputs.some((output) => output.path === evaluationFile)) return undefined;
  const report = evaluation.parse(JSON.parse(await readFile(path.join(folder, evaluationFile), 'utf8')));
  return { json: { ...report, folder }, text: summarizeEvaluation(report) };
}
