import type { BudgetPlan } from '../../core/records/plan';
import type { RunReport } from '../../core/records/run';
import { dollars, grouped } from '../progress';
import { quoted } from '../summary';
import { monthAfter } from './start';

/** Which pipeline for which need; also in the editor's walkthrough. */
export const guide = `
Which pipeline for which need:
  You have documents, and the model should know what they say     distill FILE…
  You have a field and no data, and the model should reason in it  cascade --domain NAME
  You have instructions, and want answers to trust, or
  preference pairs                                                 ensemble FILE.jsonl
  You have a tuned model and know what it gets wrong               improve FAILURES.jsonl
Which goal:
  depth      one field as well as the money allows; the first choice for a model with one task
  breadth    several fields, a golden test set for each; for a model that must not be narrow
  iterative  a first dataset, then train, evaluate, and spend the larger part on what fails
20 to 25 % is kept back: for the field that turns out hard, or another round of improve.
Examples:
  distillery plan 50
  distillery plan 200 --goal breadth --months 4
  distillery plan 25 --domain legal --start        its runs, one after the other, never above their parts`;

export function summarizePlan(plan: BudgetPlan): string {
  const { goal, usd, months, monthly_usd, reserve_usd, items } = plan;
  const every = months === 1 ? '' : ` over ${months} months, ${dollars(monthly_usd)} each`;
  return [
    `${dollars(usd)} for ${goal}${every}`,
    ...items.flatMap(({ name, usd: part, rows, usd_per_row, basis, why, starts }) => [
      `  ${name.padEnd(22)}${dollars(part).padStart(9)}  about ${grouped(rows)} rows at ${dollars(usd_per_row)} (${basis === 'measured' ? 'as in your runs' : 'by the price table'})`,
      `  ${''.padEnd(22)}${why}${rows === 0 ? ' Too little money for one row.' : ''}${starts || rows === 0 ? '' : ' Waits for your file.'}`,
    ]),
    `  ${'reserve'.padEnd(22)}${dollars(reserve_usd).padStart(9)}  ${Math.round((reserve_usd / monthly_usd) * 100)} %`,
    ...(months === 1 ? [] : monthly(plan)),
    'The runs:',
    ...items.filter(({ rows }) => rows > 0).map(({ command }) => `  distillery ${command.map(quoted).join(' ')}`),
  ].join('\n');
}

/** What is spent by the end of each month. */
function monthly({ first_month, months, monthly_usd, reserve_usd }: BudgetPlan): string[] {
  return [
    '  month        runs   reserve   together',
    ...Array.from({ length: months }, (_, at) =>
      [
        `  ${monthAfter(first_month, at)}`,
        dollars(monthly_usd - reserve_usd).padStart(9),
        dollars(reserve_usd).padStart(9),
        dollars(monthly_usd * (at + 1)).padStart(10),
      ].join(' '),
    ),
  ];
}

export function summarizeStarted(plan: BudgetPlan, runs: readonly RunReport[]): string {
  const spent = runs.reduce((sum, { spend_usd }) => sum + spend_usd, 0);
  const waiting = plan.items.filter(({ starts, rows }) => !starts && rows > 0);
  return [
    ...runs.map(
      ({ run, status, counts, spend_usd, cap_usd, folder }) =>
        `${run.padEnd(22)}${status.padEnd(17)}${grouped(counts.ok)} rows, ${dollars(spend_usd)} of ${dollars(cap_usd ?? 0)}  ${folder}`,
    ),
    `Spent ${dollars(spent)} of this month’s ${dollars(plan.monthly_usd)}.`,
    ...waiting.map(({ command }) => `Waits for your file: distillery ${command.map(quoted).join(' ')}`),
  ].join('\n');
}
