import {
  type Answer,
  asked,
  AskFailed,
  type Pipeline,
  StageClosed,
  type UnitContext,
  type UnitResult,
} from '../../engine/pipeline';
import { ensembleRow, ensembleTrainingRow, preferenceRow } from '../../records/ensemble';
import type { InputFile } from '../input/inputFile';
import type { Instruction } from '../prompts/ensemble';
import { decide, type Given, reviewOf } from './consensus';
import { finishEnsemble } from './finish';
import { completionsOf, crossJudge, drawOrders } from './judging';
import type { InstructionUnit } from './instructions';
import type { EnsembleOptions } from './options';
import { plannedEnsemble } from './plan';
import { cutShort, failuresOf, type Outcome, rowsOf, tooLong, unanswered } from './rows';
import { ensembleStages, type EnsembleStages } from './stages';

/** Several teachers answer each instruction and judge each other's answers; one pair comes out (spec page 3). */
export function ensemble(file: InputFile<Instruction>, options: EnsembleOptions): Pipeline<InstructionUnit> {
  const stages = ensembleStages(options.rubric);
  const part = file.part(options.startIndex, options.maxExamples);
  async function* units(): AsyncGenerator<InstructionUnit> {
    for await (const { value, ...row } of part.rows()) yield { ...row, instruction: value };
  }
  return {
    kind: 'ensemble',
    stages: [stages.answer, stages.judge, stages.synthesize],
    units,
    unitCount: part.count,
    planned: () => plannedEnsemble(stages, units(), part.fit, options.teachers.length),
    work: (unit, run) => workOn(unit, { run, stages, options }),
    outputs: [
      { name: 'ensemble_results.jsonl', schema: ensembleRow },
      { name: 'ensemble_training_pairs.jsonl', schema: ensembleTrainingRow },
      { name: 'preference_pairs.jsonl', schema: preferenceRow },
    ],
    finish: (run) => finishEnsemble(run, options),
  };
}

interface Desk {
  readonly run: UnitContext;
  readonly stages: EnsembleStages;
  readonly options: EnsembleOptions;
}

/** The asks of all teachers at one stage. */
type Asks = readonly (Answer<unknown> | AskFailed | undefined)[];

async function workOn(unit: InstructionUnit, desk: Desk): Promise<UnitResult> {
  const { run, stages, options } = desk;
  const { teachers } = options;
  if (unit.tooLong) return tooLong(unit);
  const orders = drawOrders(teachers.length, run);
  const asking = teachers.map((_, teacher) => asked(run.ask(stages.answer, unit.instruction, { teacher })));
  const answered = await Promise.all(asking);
  const ended = answered.flatMap((answer) => (answer instanceof StageClosed ? [] : [answer]));
  if (ended.length < answered.length) return cutShort(ended.length > 0);
  const answers = ended.map((answer) => (answer instanceof AskFailed ? null : answer.value));
  const lost = failuresOf(unit, stages.answer.name, ended, teachers);
  if (lost.length === teachers.length) return unanswered(unit, lost);
  const judgements = await crossJudge(unit.instruction, answers, orders, run, stages);
  if (!judgements) return cutShort(true);
  const said = judgements.map((judgement) => judgement.said);
  const outcome = outcomeOf(unit, completionsOf(answers, judgements, teachers), options, {
    cost: costOf(ended) + costOf(said),
    failures: [...lost, ...failuresOf(unit, stages.judge.name, said, teachers)],
  });
  return outcome.decision.method === 'synthesis' ? await synthesized(outcome, desk) : rowsOf(outcome);
}

function outcomeOf(
  unit: InstructionUnit,
  completions: ReturnType<typeof completionsOf>,
  options: EnsembleOptions,
  account: Pick<Outcome, 'cost' | 'failures'>,
): Outcome {
  const given: Given[] = completions.flatMap(({ answer, ...rest }, teacher) =>
    answer === null ? [] : [{ ...rest, answer, teacher }],
  );
  const decision = decide(given);
  return {
    unit,
    completions: Object.fromEntries(completions.map((completion, at) => [options.teachers[at] ?? '', completion])),
    given,
    decision,
    consensus: decision.winner.answer,
    method: decision.method === 'vote' ? 'vote' : 'best',
    review: reviewOf(given, decision, options),
    ...account,
  };
}

/** The best-scored teacher writes one answer from all. Without it the best answer stands, for a person to look at. */
async function synthesized(outcome: Outcome, { run, stages, options }: Desk): Promise<UnitResult> {
  const { unit, given, decision } = outcome;
  const answers = given.map(({ answer, score, critiques }) => ({
    answer,
    score,
    comments: critiques.map(({ comment }) => comment),
  }));
  const { teacher } = decision.winner;
  const written = await asked(run.ask(stages.synthesize, { ...unit.instruction, answers }, { teacher }));
  if (written instanceof StageClosed) return cutShort(true);
  const cost = outcome.cost + written.costUsd;
  if (!(written instanceof AskFailed)) {
    return rowsOf({ ...outcome, consensus: written.value, method: 'synthesis', cost });
  }
  const lost = failuresOf(unit, stages.synthesize.name, [written], options.teachers.slice(teacher));
  return rowsOf({
    ...outcome,
    review: outcome.review === '' ? 'synthesis_failed' : outcome.review,
    cost,
    failures: [...outcome.failures, ...lost],
  });
}

function costOf(asks: Asks): number {
  return asks.reduce((sum, ask) => sum + (ask?.costUsd ?? 0), 0);
}
