import type { PlannedAsk } from '../../engine/pipeline';
import { requestOf } from '../../engine/request';
import type { InstructionUnit } from './instructions';
import type { EnsembleStages } from './stages';

/** Rows whose prompts are counted; the others are like them. */
const sampled = 200;
const answerTokens = { low: 150, likely: 600, high: 2500 };
const critiqueTokens = { low: 60, likely: 150, high: 500 };
/** How many rows end in a synthesis: few where answers are short, most where they are long. */
const synthesized = 0.5;
const typicalAnswer =
  'The second reading is the likelier one, because the measurement was repeated and agreed. '.repeat(25);
const typicalComment = 'It is right in the main, and leaves out what happens in the second case.';

/** What a whole run asks. Everything is asked of every teacher, but the synthesis, which one of them writes. */
export async function* plannedEnsemble(
  stages: EnsembleStages,
  units: AsyncIterable<InstructionUnit>,
  rows: number,
  teachers: number,
): AsyncIterable<PlannedAsk> {
  const counted = Math.min(sampled, rows);
  const each = rows / Math.max(1, counted);
  const others = teachers - 1;
  let taken = 0;
  for await (const { instruction, tooLong } of units) {
    if (tooLong) continue;
    if (taken++ >= counted) return;
    const { answer, judge, synthesize } = stages;
    const answers = Array.from({ length: others }, () => typicalAnswer);
    yield {
      stage: answer.name,
      role: answer.role,
      count: each,
      request: requestOf(answer, instruction),
      output: answerTokens,
    };
    yield {
      stage: judge.name,
      role: judge.role,
      count: each,
      request: requestOf(judge, { ...instruction, answers }),
      output: {
        low: critiqueTokens.low * others,
        likely: critiqueTokens.likely * others,
        high: critiqueTokens.high * others,
      },
    };
    const criticised = Array.from({ length: teachers }, () => ({
      answer: typicalAnswer,
      score: 0.7,
      comments: Array.from({ length: others }, () => typicalComment),
    }));
    yield {
      stage: synthesize.name,
      role: synthesize.role,
      count: (each * synthesized) / teachers,
      request: requestOf(synthesize, { ...instruction, answers: criticised }),
      output: answerTokens,
    };
  }
}
