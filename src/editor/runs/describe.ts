import { l10n } from 'vscode';
import type { Criterion } from '../../core/records/run';
import type { Run } from './run';
import { count, dollarRange, dollars, duration, percent, spendOfCap } from '../text';

/** A run in words: the Runs view, the status bar and the notifications say the same. */

/** `handbook`: the run's name without its kind, where the place is short. */
export function shortName({ manifest: { run, kind } }: Run): string {
  return run.startsWith(`${kind}-`) ? run.slice(kind.length + 1) : run;
}

/** Behind the run's name in the Runs view. */
export function describeRun(run: Run): string {
  const { report } = run.manifest;
  const spend = spending(run);
  switch (run.state) {
    case 'running':
      return [l10n.t('running'), percent(progress(run)), ...spend].join(' · ');
    case 'completed':
      return [l10n.t('done'), approved(run), ...cost(run)].join(' · ');
    case 'budget_exhausted':
      return [l10n.t('budget used up'), approved(run), ...spend].join(' · ');
    case 'paused':
      return l10n.t('paused: {0}', report.reason ?? l10n.t('no reason given'));
    case 'failed':
      return l10n.t('failed: {0}', report.reason ?? l10n.t('no reason given'));
    case 'cancelled':
      return [l10n.t('stopped'), percent(progress(run)), ...spend].join(' · ');
    case 'interrupted':
      return [l10n.t('interrupted'), percent(progress(run)), ...spend].join(' · ');
  }
}

/** `handbook 312/1,040 · $0.21 of $1.00 · 3 min` */
export function describeProgress(run: Run): string {
  const { report } = run.manifest;
  const parts = [`${shortName(run)} ${count(report.units.done)}/${count(report.units.total)}`, ...spending(run)];
  if (report.eta_ms !== null) parts.push(duration(report.eta_ms));
  return parts.join(' · ');
}

/** One line a stage: `generate: 208 of 208 answered · 2 failed · $0.15`. */
export function describeStages(run: Run): { readonly name: string; readonly text: string }[] {
  return run.manifest.report.stages.map((stage) => ({
    name: stage.name,
    text: [
      stage.requested === 0
        ? l10n.t('nothing answered yet')
        : l10n.t('{0} of {1} answered', count(stage.ok), count(stage.requested)),
      ...(stage.failed > 0 ? [l10n.t('{0} failed', count(stage.failed))] : []),
      ...(isFree(run) ? [] : [spendOfCap(stage.spend_usd, stage.cap_usd)]),
    ].join(' · '),
  }));
}

/** Bills that the budget did not expect, what waits at a provider, and what the whole run is likely to cost, as far as both are known. */
export function describeOutlook(run: Run): { readonly name: string; readonly text: string }[] {
  const { batches = [], estimate, overbilled } = run.manifest.report;
  return [
    ...(overbilled === undefined
      ? []
      : [
          {
            name: l10n.t('dearer than expected'),
            text: l10n.t('{0} bills passed their reservation', count(overbilled)),
          },
        ]),
    ...batches.map((batch) => ({
      name: l10n.t('batch at {0}', batch.teacher),
      text: l10n.t('{0} requests wait', count(batch.requests)),
    })),
    ...(estimate === undefined || run.state !== 'running' || isFree(run)
      ? []
      : [{ name: l10n.t('likely'), text: l10n.t('{0} in all', dollarRange(estimate.low_usd, estimate.high_usd)) }]),
  ];
}

/** `1,000 rows: 950 approved · 41 rejected · 9 failed` */
export function describeRows({ manifest: { report } }: Run): string {
  const { counts } = report;
  return [
    l10n.t('{0} approved', count(counts.approved)),
    l10n.t('{0} rejected', count(counts.rejected)),
    ...(counts.failed > 0 ? [l10n.t('{0} failed', count(counts.failed))] : []),
    ...(counts.unvalidated > 0 ? [l10n.t('{0} unvalidated', count(counts.unvalidated))] : []),
  ].join(' · ');
}

/** `coverage: 94 % (target ≥ 80 %)` */
export function describeCriterion({ value, target }: Criterion): string {
  if (value === null) return l10n.t('not measured (target {0})', target);
  return l10n.t('{0} (target {1})', target.includes('%') ? percent(value) : count(value), target);
}

/** The sentence of the notification at a run's end. */
export function describeEnd(run: Run): string {
  const { report } = run.manifest;
  const name = run.manifest.run;
  switch (run.state) {
    case 'completed':
      if (run.manifest.kind === 'evaluate') return describeEvaluation(run);
      return isFree(run)
        ? l10n.t('{0}: {1} of {2} rows approved.', name, count(report.counts.approved), count(report.counts.requested))
        : l10n.t(
            '{0}: {1} of {2} rows approved, {3}.',
            name,
            count(report.counts.approved),
            count(report.counts.requested),
            dollars(report.spend_usd),
          );
    case 'budget_exhausted':
      return l10n.t(
        '{0}: the budget of {1} is used up. {2} rows were approved.',
        name,
        dollars(report.cap_usd ?? report.spend_usd),
        count(report.counts.approved),
      );
    case 'paused':
      return l10n.t('{0} paused. {1}', name, report.reason ?? '');
    case 'failed':
      return l10n.t('{0} failed. {1}', name, report.reason ?? '');
    case 'interrupted':
      return l10n.t('{0} was interrupted. Nothing is lost: it goes on where it stopped.', name);
    case 'cancelled':
      return l10n.t('{0} was stopped. Nothing is lost: it goes on where it stopped.', name);
    case 'running':
      return l10n.t('{0} is running.', name);
  }
}

/** What the report says, in a sentence. */
function describeEvaluation({ manifest: { run, report } }: Run): string {
  const passes = (name: string) => report.criteria.find((criterion) => criterion.name === name)?.pass ?? false;
  const tests = count(report.counts.ok);
  if (passes('tuned_is_better')) return l10n.t('{0}: the tuned model is better, on {1} tests.', run, tests);
  if (!passes('tuned_is_not_worse')) return l10n.t('{0}: the tuned model is worse, on {1} tests.', run, tests);
  return l10n.t('{0}: {1} tests show no difference.', run, tests);
}

/** Whether no teacher of the run takes money: then amounts are not worth the place. */
function isFree({ manifest: { teachers, prices } }: Run): boolean {
  return Object.values(teachers)
    .flat()
    .every(({ provider, model }) => {
      const price = prices[`${provider}/${model}`];
      return provider === 'offline' || (price?.input === 0 && price.output === 0);
    });
}

function spending(run: Run): string[] {
  const { spend_usd, cap_usd } = run.manifest.report;
  return isFree(run) ? [l10n.t('free')] : [spendOfCap(spend_usd, cap_usd)];
}

function progress({ manifest: { report } }: Run): number {
  return report.units.total === 0 ? 0 : report.units.done / report.units.total;
}

function approved({ manifest: { kind, report } }: Run): string {
  if (kind === 'evaluate') return l10n.t('{0} tests compared', count(report.counts.ok));
  return l10n.t('{0} approved', count(report.counts.approved));
}

function cost(run: Run): string[] {
  const { spend_usd, cost_per_accepted_usd: each } = run.manifest.report;
  if (isFree(run)) return [l10n.t('free')];
  return each === null ? [dollars(spend_usd)] : [dollars(spend_usd), l10n.t('{0} a row', dollars(each))];
}
