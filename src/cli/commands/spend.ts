import { type Command, Option } from 'commander';
import { type MonthSpend, spendByMonth } from '../../core/engine/ledger';
import { printResult } from '../io';
import { ledgerHome, monthlyCap } from '../ledger';
import type { CommandContext } from '../context';
import { dollars } from '../progress';

/** `distillery spend`: the ledger over all runs, this month against its cap. */
export function configure(command: Command, { io }: CommandContext): void {
  command
    .option('--json', 'exactly one JSON object on stdout')
    .addOption(new Option('--keys-stdin', 'not needed here: the editor starts every command with it').hideHelp())
    .addHelpText(
      'after',
      '\nA month is a calendar month in UTC. DISTILLERY_MONTHLY_CAP (US dollars) caps what all runs of a month spend together.',
    )
    .action(async ({ json = false }: { json?: boolean }) => {
      const months = await spendByMonth(ledgerHome(io));
      const month = new Date().toISOString().slice(0, 7);
      const nothing: MonthSpend = { month, spent_usd: 0, by_provider: {}, by_pipeline: {} };
      const current = months.find((one) => one.month === month) ?? nothing;
      const cap = monthlyCap(io) ?? null;
      const left = cap === null ? null : Math.max(0, cap - current.spent_usd);
      printResult(io, json, { ...current, cap_usd: cap, left_usd: left, months }, () => summary(current, cap, months));
    });
}

function summary(current: MonthSpend, cap: number | null, months: readonly MonthSpend[]): string {
  const against = cap === null ? '' : ` of ${dollars(cap)}, ${dollars(Math.max(0, cap - current.spent_usd))} left`;
  const earlier = months.filter(({ month }) => month !== current.month);
  return [
    `${current.month}: ${dollars(current.spent_usd)}${against}`,
    ...shares('provider', current.by_provider),
    ...shares('pipeline', current.by_pipeline),
    ...earlier.map(({ month, spent_usd }) => `${month}: ${dollars(spent_usd)}`),
  ].join('\n');
}

function shares(what: string, sums: Readonly<Record<string, number>>): string[] {
  return Object.entries(sums)
    .sort(([, a], [, b]) => b - a)
    .map(([name, usd], at) => `  ${(at === 0 ? `by ${what}` : '').padEnd(14)}${name.padEnd(12)} ${dollars(usd)}`);
}
