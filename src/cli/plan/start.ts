import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { BudgetPlan } from '../../core/records/plan';
import { type RunReport, runReport } from '../../core/records/run';
import { exitCode, type ExitCode } from '../exit';
import { type Io, say } from '../io';
import type { CommandContext } from '../context';

export interface Started {
  readonly code: ExitCode;
  readonly runs: readonly RunReport[];
}

/**
 * Runs a month's part of a plan, one run after the other, each within its own part: together they cannot pass the
 * month's. Stops at the first that does not end well; the same command goes on there.
 * @param handover the line that the editor gave on stdin, handed on to every run.
 */
export async function startPlan(
  commands: readonly (readonly string[])[],
  { io, distillery }: CommandContext,
  options: { readonly quiet: boolean; readonly handover?: string },
): Promise<Started> {
  const runs: RunReport[] = [];
  for (const command of commands) {
    if (!options.quiet) say(io, `distillery ${command.join(' ')}`);
    const words = [...command, '--yes', '--json', ...(options.quiet ? ['--quiet'] : [])];
    const { code, report } = await runOne(words, io, distillery, options.handover);
    if (report) runs.push(report);
    if (code !== exitCode.done) return { code, runs };
  }
  return { code: exitCode.done, runs };
}

async function runOne(
  words: readonly string[],
  io: Io,
  distillery: CommandContext['distillery'],
  handover: string | undefined,
): Promise<{ readonly code: ExitCode; readonly report: RunReport | undefined }> {
  const stdout = new PassThrough();
  const printed = text(stdout);
  const stdin = Readable.from(handover === undefined ? [] : [`${handover}\n`]);
  const argv = handover === undefined ? words : [...words, '--keys-stdin'];
  const code = await distillery(argv, { ...io, stdout, stdin });
  stdout.end();
  const out = await printed;
  const report = out.trim() === '' ? undefined : runReport.safeParse(JSON.parse(out)).data;
  return { code, report };
}

/** The month of the plan that it is now, from 0; the last one when the plan is over. */
export function monthOf({ first_month, months }: Pick<BudgetPlan, 'first_month' | 'months'>, now: Date): number {
  const [year = 0, month = 1] = first_month.split('-').map(Number);
  const passed = (now.getUTCFullYear() - year) * 12 + now.getUTCMonth() + 1 - month;
  return Math.min(Math.max(passed, 0), months - 1);
}

/** `2026-11` and two months: `2027-01`. */
export function monthAfter(first: string, months: number): string {
  const [year = 0, month = 1] = first.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
}
