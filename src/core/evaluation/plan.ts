import type { PlannedAsk, Stage } from '../engine/pipeline';
import { requestOf } from '../engine/request';
import type { EvaluateOptions } from './evaluate';
import type { EvaluateStages } from './stages';
import type { TestUnit } from './tests';

/** Tests whose prompts are counted; the others are like them. */
const sampled = 200;
const gradeTokens = { low: 40, likely: 80, high: 400 };
/** An answer is about as long as its reference: so many tokens a character, with room. */
const tokensPerCharacter = { low: 0.2, likely: 0.4, high: 1.2 };
const fewestTokens = { low: 10, likely: 60, high: 400 };

export async function* plannedEvaluate(
  stages: EvaluateStages,
  units: AsyncIterable<TestUnit>,
  rows: number,
  { base, tuned, judge, maxTokens, speedPrompts }: EvaluateOptions,
): AsyncIterable<PlannedAsk> {
  const counted = Math.min(sampled, rows);
  let taken = 0;
  for await (const { test } of units) {
    if (taken++ >= counted) return;
    const output = answerTokens(test.reference.length, maxTokens);
    const ask = <In>(stage: Stage<In, unknown>, input: In, count: number, tokens = output): PlannedAsk => ({
      stage: stage.name,
      role: stage.role,
      count,
      request: requestOf(stage, input),
      output: tokens,
    });
    const each = rows / counted;
    if (!base.predictions) yield ask(stages.base, test, each);
    if (!tuned.predictions) yield ask(stages.tuned, test, each);
    if (judge !== 'exact') yield ask(stages.judge, { test, answer: test.reference }, each * 2, gradeTokens);
    if (taken <= speedPrompts) yield ask(stages.speed, test, 1);
  }
}

function answerTokens(characters: number, most: number) {
  const tokens = (how: 'low' | 'likely' | 'high') =>
    Math.min(most, Math.max(fewestTokens[how], Math.round(characters * tokensPerCharacter[how])));
  return { low: tokens('low'), likely: tokens('likely'), high: tokens('high') };
}
