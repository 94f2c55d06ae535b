import type { FinishContext } from '../engine/pipeline';
import {
  evaluationFile,
  evaluationRow,
  evaluationRows,
  speedRow,
  speedRows,
  type SpeedRow,
} from '../records/evaluation';
import type { Criterion } from '../records/run';
import type { EvaluateOptions } from './evaluate';
import { Comparison } from './report';

/** A comparison of fewer says little of the rest. */
const leastCompared = 0.95;

/** `evaluation.json` over what has been judged so far, and the criteria. */
export async function finishEvaluate(run: FinishContext, tests: number, options: EvaluateOptions) {
  const comparison = new Comparison();
  for await (const row of run.rows(evaluationRows)) comparison.add(evaluationRow.parse(row));
  const compared = tests === 0 ? null : comparison.n / tests;
  const enough = {
    name: 'compared',
    target: `≥ ${leastCompared * 100} %`,
    value: compared,
    pass: (compared ?? 0) >= leastCompared,
  };
  if (comparison.n === 0) return { criteria: [enough] };
  const speed: SpeedRow[] = [];
  if (options.speedPrompts > 0) for await (const row of run.rows(speedRows)) speed.push(speedRow.parse(row));
  const lost = run.counts.failed;
  const report = comparison.report(options, { lost, open: tests - comparison.n - lost }, speed);
  const rows = await run.write(evaluationFile, [JSON.stringify(report, undefined, 2)]);
  const { p_value: value } = report.mcnemar;
  const criteria: Criterion[] = [
    enough,
    { name: 'tuned_is_better', target: 'p ≤ 0.05, more gained than lost', value, pass: report.verdict === 'better' },
    { name: 'tuned_is_not_worse', target: 'not p ≤ 0.05 with more lost', value, pass: report.verdict !== 'worse' },
  ];
  return { criteria, outputs: [{ path: evaluationFile, rows }], results: { verdict: report.verdict } };
}
