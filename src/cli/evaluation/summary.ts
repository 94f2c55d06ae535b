import type { Evaluation, McNemar, PassRate, Verdict } from '../../core/records/evaluation';
import { grouped } from '../progress';

/** An evaluation for a person: the verdict first, then what it stands on. */
export function summarizeEvaluation(report: Evaluation): string {
  const { n, base, tuned, lift, mcnemar, left_out: left, models, judge } = report;
  const out = left.lost + left.open;
  const lines: (string | [string, string])[] = [
    verdicts[report.verdict],
    ['tests', `${grouped(n)} compared${out > 0 ? `, ${grouped(out)} left out` : ''}, judged by ${judge}`],
    ['base', `${rate(base, n)}  ${models.base}`],
    ['tuned', `${rate(tuned, n)}  ${models.tuned}`],
    [
      'lift',
      `${points(lift.value)} points (95 %: ${points(lift.low)} to ${points(lift.high)}), Cohen’s h ${report.cohens_h.toFixed(2)}`,
    ],
    ['McNemar', describeTest(mcnemar)],
    ...report.categories.map(({ category, n: of, base: from, tuned: to, adjusted_p: p, verdict }): [string, string] => [
      category === '' ? '(none)' : category,
      `${percent(from.rate)} → ${percent(to.rate)} of ${grouped(of)}, p ${pValue(p)} among all: ${words[verdict]}`,
    ]),
    ...cutLines(report),
    ...speedLines(report),
    ['regressions', `${grouped(report.regressions.length)}, in evaluation.json`],
    ['overlap', describeOverlap(report)],
  ];
  return lines.map((line) => (typeof line === 'string' ? line : `  ${line[0].padEnd(12)}${line[1]}`)).join('\n');
}

const verdicts: Readonly<Record<Verdict, string>> = {
  better: 'The tuned model is better.',
  worse: 'The tuned model is WORSE.',
  no_difference_shown: 'No difference is shown.',
};
const words: Readonly<Record<Verdict, string>> = {
  better: 'better',
  worse: 'worse',
  no_difference_shown: 'no difference shown',
};

function rate({ passes, rate: share, low, high }: PassRate, n: number): string {
  return `${percent(share)} passed (${grouped(passes)} of ${grouped(n)}; 95 %: ${percent(low)} to ${percent(high)})`;
}

function describeTest({ method, statistic, p_value, gained, lost }: McNemar): string {
  const by = method === 'exact_binomial' ? 'exact' : `chi² ${statistic.toFixed(2)}`;
  return `${grouped(gained)} gained, ${grouped(lost)} lost: p ${pValue(p_value)} (${by})`;
}

function describeOverlap({ overlap: { status, training_file, tests } }: Evaluation): string {
  if (status === 'not_checked') return 'not checked: name --training-file to know that no test was trained on';
  if (status === 'none') return `no test is in ${training_file ?? 'the training file'}`;
  return `${grouped(tests.length)} tests are in ${training_file ?? 'the training file'}: allowed, and counted`;
}

function cutLines({ cut: { base, tuned } }: Evaluation): [string, string][] {
  if (base + tuned === 0) return [];
  return [['cut', `${grouped(base)} answers of base, ${grouped(tuned)} of tuned: a larger --max-tokens is fairer`]];
}

function speedLines({ speed }: Evaluation): [string, string][] {
  if (!speed) return [];
  return (['base', 'tuned'] as const).map((side) => {
    const { first_token_ms: first, tokens_per_second: pace, prompts } = speed[side];
    const parts = [
      ...(pace === null ? [] : [`${pace.toFixed(1)} tokens/s`]),
      ...(first === null ? [] : [`first token after ${Math.round(first)} ms`]),
    ];
    return [`${side} speed`, `${parts.join(', ') || 'not measured'} (median of ${prompts} prompts)`];
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function points(share: number): string {
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`;
}

function pValue(p: number): string {
  if (p === 0) return '< 1e-300';
  return p < 0.0001 ? p.toExponential(1) : p.toFixed(4);
}
