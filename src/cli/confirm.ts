import { createInterface } from 'node:readline/promises';
import type { Estimate } from '../core/engine/estimate';
import { UsageError } from './exit';
import type { AskFlags } from './flags';
import type { Io } from './io';
import { dollars } from './progress';

/** Above this many dollars a run asks first. */
export const confirmAboveUsd = 50;

/**
 * Asks before a run that could spend more than the threshold; without a terminal, asking is refusing.
 * @throws UsageError when the person says no, or cannot be asked.
 */
export async function confirmSpending(
  io: Io,
  flags: Pick<AskFlags, 'yes' | 'json'>,
  cap: number | undefined,
  estimate: () => Promise<Estimate>,
): Promise<void> {
  if (flags.yes || (cap !== undefined && cap <= confirmAboveUsd)) return;
  const { likely_usd, high_usd } = await estimate();
  const most = Math.min(high_usd, cap ?? Infinity);
  if (most <= confirmAboveUsd) return;
  const sum = `This run is likely to cost ${dollars(Math.min(likely_usd, most))}, at most ${dollars(most)}`;
  if (!io.stdin.isTTY || flags.json) {
    throw new UsageError(`${sum}. Add --yes to start it, or a smaller --budget.`);
  }
  const asking = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await asking.question(`${sum}. Start? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('Not started; nothing was sent.');
  } finally {
    asking.close();
  }
}
