import type { FinishContext } from '../../engine/pipeline';
import { ensembleRow } from '../../records/ensemble';
import type { Criterion } from '../../records/run';
import { JudgeBias, positionBias } from './bias';
import type { EnsembleOptions } from './options';
import { rounded } from './scores';

/** Beyond this a judge's order effect moves results. */
const mostPositionBias = 0.05;
const leastTrusted = 0.8;
const leastAnswered = 0.95;

/** `judge_bias.jsonl`: how each judge scores by position and by teacher; and the criteria. */
export async function finishEnsemble(run: FinishContext, { teachers, threshold, minAgreement }: EnsembleOptions) {
  const bias = new JudgeBias();
  const answered = new Map(teachers.map((teacher) => [teacher, 0]));
  const sum = { rows: 0, trusted: 0, agreement: 0, score: 0, scored: 0 };
  for await (const value of run.rows('ensemble_results.jsonl')) {
    const row = ensembleRow.parse(value);
    bias.add(row);
    sum.rows++;
    sum.agreement += row.agreement;
    if (!row.needs_review) sum.trusted++;
    if (row.avg_score !== null) {
      sum.score += row.avg_score;
      sum.scored++;
    }
    for (const [teacher, { answer }] of Object.entries(row.completions))
      if (answer !== null) answered.set(teacher, (answered.get(teacher) ?? 0) + 1);
  }
  const rows = bias.rows();
  const written = await run.write(
    'judge_bias.jsonl',
    rows.map((row) => JSON.stringify(row)),
  );
  const share = (part: number, whole: number) => (whole === 0 ? null : rounded(part / whole));
  const criteria: Criterion[] = [
    atLeast('trusted_rows', share(sum.trusted, sum.rows), leastTrusted),
    atLeast('mean_score', share(sum.score, sum.scored), threshold),
    atLeast('mean_agreement', share(sum.agreement, sum.rows), minAgreement),
    ...[...answered].map(([teacher, count]) =>
      atLeast(`answered by ${teacher}`, share(count, sum.rows), leastAnswered),
    ),
    // With two teachers a judge is shown one answer: there is no order.
    ...(teachers.length > 2 ? [atMost('position_bias', positionBias(rows), mostPositionBias)] : []),
  ];
  return { criteria, outputs: [{ path: 'judge_bias.jsonl', rows: written }] };
}

function atLeast(name: string, value: number | null, target: number): Criterion {
  return { name, target: `≥ ${Math.round(target * 100)} %`, value, pass: value !== null && value >= target };
}

/** Where it cannot be measured it does not pass either. */
function atMost(name: string, value: number | null, target: number): Criterion {
  return { name, target: `≤ ${Math.round(target * 100)} %`, value, pass: value !== null && value <= target };
}
