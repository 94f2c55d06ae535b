import { l10n } from 'vscode';
import type { BudgetPlan, PlanItem } from '../../core/records/plan';
import { count, dollars } from '../text';

/** A plan as a page of Markdown. */
export function planPage(plan: BudgetPlan): string {
  return [
    `# ${l10n.t('{0}, and what comes out of it', dollars(plan.usd))}`,
    '',
    plan.months === 1
      ? l10n.t('To be spent in {0}.', plan.first_month)
      : l10n.t('{0} a month over {1} months, from {2}.', dollars(plan.monthly_usd), plan.months, plan.first_month),
    '',
    `| ${l10n.t('run')} | ${l10n.t('at most')} | ${l10n.t('rows, about')} | ${l10n.t('a row')} | ${l10n.t('what for')} |`,
    '|---|---:|---:|---:|---|',
    ...plan.items.map(row),
    `| ${l10n.t('reserve')} | ${dollars(plan.reserve_usd)} | | | ${l10n.t('for what the results show to be needed')} |`,
    '',
    l10n.t('Counts come from your own runs where there are some, else from the price table and typical lengths.'),
    '',
    `## ${l10n.t('Which pipeline for which need')}`,
    '',
    `- ${l10n.t('You have documents, and the model should know what they say: Distill Document…')}`,
    `- ${l10n.t('You have a field and no data, and the model should reason in it: Run Cascade…')}`,
    `- ${l10n.t('You have instructions, and want answers to trust, or preference pairs: Run Ensemble…')}`,
    `- ${l10n.t('You have a tuned model and know what it gets wrong: Improve Hard Failures…')}`,
    '',
    `## ${l10n.t('The runs as commands')}`,
    '',
    '```sh',
    ...plan.items.map(({ command }) => `distillery ${command.join(' ')}`),
    '```',
    '',
  ].join('\n');
}

function row({ name, usd, rows, usd_per_row, basis, why }: PlanItem): string {
  const source = basis === 'measured' ? l10n.t('measured') : l10n.t('by the price table');
  return `| ${name} | ${dollars(usd)} | ${count(rows)} | ${dollars(usd_per_row)} (${source}) | ${why} |`;
}
