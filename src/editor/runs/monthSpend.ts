import { l10n } from 'vscode';
import { z } from 'zod';
import { type Cli, nothingToHandOver } from '../process/cli';
import { resultOf } from '../process/result';
import { dollars } from '../text';

const spend = z.object({ month: z.string(), spent_usd: z.number(), cap_usd: z.number().nullable() });
const patienceMs = 30_000;

/** `2026-11: $12.10 of $50.00 over all runs`, as the command line's ledger has it. */
export async function monthSpend(cli: Cli): Promise<string> {
  const call = { args: ['spend', '--json'], cwd: process.cwd(), handover: nothingToHandOver };
  const { month, spent_usd, cap_usd } = resultOf(await cli.run(call, AbortSignal.timeout(patienceMs)), spend);
  return cap_usd === null
    ? l10n.t('{0}: {1} over all runs', month, dollars(spent_usd))
    : l10n.t('{0}: {1} of {2} over all runs', month, dollars(spent_usd), dollars(cap_usd));
}
