import {
  type Answer,
  asked,
  AskFailed,
  type Pipeline,
  StageClosed,
  type UnitContext,
  type UnitResult,
} from '../engine/pipeline';
import type { InputFile } from '../pipelines/input/inputFile';
import {
  type Evaluation,
  evaluationRow,
  evaluationRows,
  type Side,
  type SpeedRow,
  speedRow,
  speedRows,
} from '../records/evaluation';
import type { Counts } from '../records/run';
import { isReference, withoutThinking } from './exact';
import { finishEvaluate } from './finish';
import { plannedEvaluate } from './plan';
import { type EvaluateStages, evaluateStages, type Grade } from './stages';
import type { Test, TestUnit } from './tests';

/** One of the two that are compared: a model that is asked, or answers that are there already. */
export interface Contender {
  /** `provider/model`, or the name of a file. */
  readonly name: string;
  readonly predictions?: ReadonlyMap<string, string>;
}

export interface EvaluateOptions {
  readonly base: Contender;
  readonly tuned: Contender;
  /** `provider/model`, or `exact`: the answer is the reference. */
  readonly judge: string;
  /** The longest answer. */
  readonly maxTokens: number;
  /** How many prompts both models are timed on; 0 where one of them cannot be. */
  readonly speedPrompts: number;
  readonly overlap: Evaluation['overlap'];
  readonly seed: number;
  readonly startIndex: number;
  readonly maxExamples?: number;
}

/** One sum for all stages: a model that is served here takes nothing of it, one that is paid for as much as the judge. */
export const evaluateBudget = { run: 10, shares: {}, reserve: 0 } as const;
export const exact = 'exact';

/** Base and tuned model answer the same tests, each answer is judged by itself, and statistics say what that shows. */
export function evaluate(file: InputFile<Test>, options: EvaluateOptions): Pipeline<TestUnit> {
  const stages = evaluateStages(options.maxTokens);
  const part = file.part(options.startIndex, options.maxExamples);
  const unitCount = part.count;
  async function* units(): AsyncGenerator<TestUnit> {
    for await (const { index, id, value } of part.rows()) yield { index, id, test: value };
  }
  return {
    kind: 'evaluate',
    stages: stagesOf(stages, options),
    units: () => withTiming(units(), unitCount, options.speedPrompts),
    unitCount: unitCount + (options.speedPrompts > 0 ? 1 : 0),
    planned: () => plannedEvaluate(stages, units(), unitCount, options),
    work: (unit, run) => (unit.timed ? timeBoth(unit.timed, run, stages) : compare(unit, run, stages, options)),
    outputs: [
      { name: evaluationRows, schema: evaluationRow },
      ...(options.speedPrompts > 0 ? [{ name: speedRows, schema: speedRow }] : []),
    ],
    finish: (run) => finishEvaluate(run, unitCount, options),
  };
}

/** The tests, and after them a unit that times both models on the first of them. */
async function* withTiming(units: AsyncIterable<TestUnit>, index: number, prompts: number): AsyncGenerator<TestUnit> {
  const timed: Test[] = [];
  for await (const unit of units) {
    if (timed.length < prompts) timed.push(unit.test);
    yield unit;
  }
  const [test] = timed;
  if (test) yield { index, id: 'speed', test, timed };
}

function stagesOf(stages: EvaluateStages, { base, tuned, judge, speedPrompts }: EvaluateOptions) {
  return [
    ...(base.predictions ? [] : [stages.base]),
    ...(tuned.predictions ? [] : [stages.tuned]),
    ...(judge === exact ? [] : [stages.judge]),
    ...(speedPrompts > 0 ? [stages.speed] : []),
  ];
}

const none: Counts = { requested: 0, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };

interface Judged extends Grade {
  readonly answer: string;
  readonly cut: boolean;
  readonly costUsd: number;
}

/** Both answers to one test, each judged by itself. What is lost on one side takes the test out of the comparison. */
async function compare(
  unit: TestUnit,
  run: UnitContext,
  stages: EvaluateStages,
  options: EvaluateOptions,
): Promise<UnitResult> {
  const [base, tuned] = await Promise.all([
    oneSide('base', unit, run, stages, options),
    oneSide('tuned', unit, run, stages, options),
  ]);
  if (base instanceof StageClosed || tuned instanceof StageClosed)
    return { rows: {}, counts: { ...none, requested: 1, unvalidated: 1 }, open: true };
  const { id, test } = unit;
  const failures = [base, tuned].flatMap((one) => ('stage' in one ? [{ id, ...one }] : []));
  if ('stage' in base || 'stage' in tuned) return { rows: {}, counts: { ...none, requested: 1, failed: 1 }, failures };
  const { category, instruction, input, reference } = test;
  const row = {
    id,
    category,
    instruction,
    input,
    reference,
    base: { answer: base.answer, pass: base.pass, reason: base.reason, cut: base.cut },
    tuned: { answer: tuned.answer, pass: tuned.pass, reason: tuned.reason, cut: tuned.cut },
    cost_estimate: base.costUsd + tuned.costUsd,
  };
  return { rows: { [evaluationRows]: [row] }, counts: { ...none, requested: 1, ok: 1, approved: 1 } };
}

interface Lost {
  readonly stage: string;
  readonly code: string;
  readonly message: string;
  readonly raw?: string;
}

async function oneSide(
  side: Side,
  { id, test }: TestUnit,
  run: UnitContext,
  stages: EvaluateStages,
  options: EvaluateOptions,
): Promise<Judged | Lost | StageClosed> {
  const predicted = options[side].predictions?.get(id);
  const said = predicted === undefined ? await asked(run.ask(stages[side], test)) : withoutThinking(predicted);
  if (said instanceof StageClosed) return said;
  if (said instanceof AskFailed) {
    // To refuse is an answer, and the wrong one; anything else says nothing of the model.
    if (said.code !== 'refused') return lost(side, said);
    return { answer: said.raw ?? '', pass: false, reason: 'It refused to answer.', cut: false, costUsd: said.costUsd };
  }
  const [answer, costUsd] = typeof said === 'string' ? [said, 0] : [said.value, said.costUsd];
  const cut = typeof said !== 'string' && said.reply.finish === 'length';
  if (answer === '') return { answer, pass: false, reason: 'There is no answer.', cut, costUsd };
  const grade = await gradeOf(answer, test, run, stages, options.judge);
  if (grade instanceof StageClosed) return grade;
  if (grade instanceof AskFailed) return lost('judge', grade);
  return { answer, ...grade.value, cut, costUsd: costUsd + grade.costUsd };
}

async function gradeOf(answer: string, test: Test, run: UnitContext, { judge }: EvaluateStages, by: string) {
  if (by !== exact) return asked<Pick<Answer<Grade>, 'value' | 'costUsd'>>(run.ask(judge, { test, answer }));
  const pass = isReference(answer, test.reference);
  return { value: { pass, reason: pass ? 'It is the reference.' : 'It is not the reference.' }, costUsd: 0 };
}

function lost(stage: string, { code, message, raw }: AskFailed): Lost {
  return { stage, code, message, ...(raw !== undefined && { raw }) };
}

/** One question at a time, base and tuned in turn, when nothing else is asked of them any more. */
async function timeBoth(tests: readonly Test[], run: UnitContext, { speed }: EvaluateStages): Promise<UnitResult> {
  await run.inTurn(() => null);
  const rows: SpeedRow[] = [];
  for (const [at, test] of tests.entries()) {
    for (const [teacher, model] of (['base', 'tuned'] as const).entries()) {
      const measured = await asked(run.ask(speed, test, { teacher, vote: at }));
      if (measured instanceof StageClosed) return { rows: {}, counts: none, open: true };
      if (!(measured instanceof AskFailed)) rows.push({ id: String(at), model, ...measured.value });
    }
  }
  return { rows: { [speedRows]: rows }, counts: none };
}
