import type { FinishContext } from '../../engine/pipeline';
import { improvedRow } from '../../records/improve';
import type { Criterion } from '../../records/run';

const leastImproved = 0.9;
const leastAtFirst = 0.8;

export async function finishImprove(run: FinishContext): Promise<{ readonly criteria: Criterion[] }> {
  let rows = 0;
  let atFirst = 0;
  for await (const value of run.rows('improved_examples.jsonl')) {
    rows++;
    if (improvedRow.parse(value).meta.quality.attempts === 1) atFirst++;
  }
  const { requested } = run.counts;
  return {
    criteria: [
      criterion('improved', requested === 0 ? null : rows / requested, leastImproved),
      criterion('checks_passed_at_first', rows === 0 ? null : atFirst / rows, leastAtFirst),
    ],
  };
}

function criterion(name: string, value: number | null, target: number): Criterion {
  return { name, target: `≥ ${target * 100} %`, value, pass: value !== null && value >= target };
}
