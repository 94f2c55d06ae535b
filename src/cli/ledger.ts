import os from 'node:os';
import path from 'node:path';
import { UsageError } from './exit';
import type { Io } from './io';

/** Where the ledger over all runs is: `DISTILLERY_HOME`, or `~/.distillery`. */
export function ledgerHome({ env }: Io): string {
  return env['DISTILLERY_HOME'] ?? path.join(os.homedir(), '.distillery');
}

/** The cap over all runs of a month: the flag, or `DISTILLERY_MONTHLY_CAP`, in USD. */
export function monthlyCap({ env }: Io, flag?: number): number | undefined {
  if (flag !== undefined) return flag;
  const text = env['DISTILLERY_MONTHLY_CAP']?.trim();
  if (text === undefined || text === '') return undefined;
  const usd = Number(text);
  if (Number.isFinite(usd) && usd > 0) return usd;
  throw new UsageError(`DISTILLERY_MONTHLY_CAP is “${text}”: give an amount in US dollars above 0, or nothing.`);
}
