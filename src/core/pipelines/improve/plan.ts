import type { PlannedAsk } from '../../engine/pipeline';
import { requestOf } from '../../engine/request';
import type { FailureUnit } from './failures';
import type { ImproveStage } from './stage';

/** Rows whose prompts are counted; the others are like them. */
const sampled = 200;
const answerTokens = { low: 250, likely: 900, high: 4000 };
/** Answers that a free check refuses are asked for once more. */
const refusedShare = 0.1;

export async function* plannedImprove(
  stage: ImproveStage,
  units: AsyncIterable<FailureUnit>,
  rows: number,
): AsyncIterable<PlannedAsk> {
  const counted = Math.min(sampled, rows);
  let taken = 0;
  for await (const { failure, tooLong } of units) {
    if (tooLong) continue;
    if (taken++ >= counted) return;
    yield {
      stage: stage.name,
      role: stage.role,
      count: (rows / counted) * (1 + refusedShare),
      request: requestOf(stage, { failure }),
      output: answerTokens,
    };
  }
}
