import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Host } from '../../core/training/host';
import { parseProgress, type Progress, summarizeProgress } from '../../core/training/progress';
import { spendOf } from '../../core/training/spend';
import { watchJob } from '../../core/training/runner';
import { exitCode } from '../exit';
import { say } from '../io';
import type { CommandContext } from '../context';
import { dollars, duration, grouped } from '../progress';
import { type JobReport, reportOf } from './describe';

const LINE_EVERY_MS = 5000;

/** Follows a job to its end, with a line of progress now and then. */
export async function follow(
  folder: string,
  host: Host,
  context: CommandContext,
  flags: { readonly quiet?: boolean },
  signal: AbortSignal,
): Promise<JobReport> {
  let saidAt = 0;
  let reading: Promise<void> = Promise.resolve();
  const job = await watchJob(folder, host, {
    signal,
    onTrouble: (error) => say(context.io, `${error.message} Trying again; the job goes on there.`),
    onLook: ({ spec }) => {
      if (flags.quiet || Date.now() - saidAt < LINE_EVERY_MS) return;
      saidAt = Date.now();
      reading = reading.then(async () => {
        const progress = await progressOf(folder);
        say(context.io, progressText(path.basename(folder), progress, spendOf(spec, progress.seconds)));
      });
    },
  });
  await reading;
  if (job.state === 'failed') context.exit(exitCode.failed);
  return reportOf(folder);
}

/** Where a job stands, out of its own file; nothing before the trainer has begun. */
export async function progressOf(folder: string): Promise<Progress> {
  const text = await readFile(path.join(folder, 'progress.jsonl'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return summarizeProgress(parseProgress(text));
}

/** `lora-handbook step 340/1,500 · loss 0.812 (best 0.809 at 300) · 1 of 3 without improvement · 12 min left` */
export function progressText(name: string, progress: Progress, spend?: number): string {
  if (progress.maxSteps === 0) return `${name} the model is being loaded`;
  const parts = [`${name} step ${grouped(progress.step)}/${grouped(progress.maxSteps)}`];
  const latest = progress.evaluations.at(-1);
  if (latest) {
    const best = progress.best ? ` (best ${progress.best.loss.toFixed(3)} at ${progress.best.step})` : '';
    parts.push(`eval loss ${latest.loss?.toFixed(3) ?? 'not a number'}${best}`);
    parts.push(`${progress.withoutImprovement} of ${latest.patience} without improvement`);
  } else {
    const loss = progress.train.at(-1)?.loss;
    if (loss !== undefined && loss !== null) parts.push(`loss ${loss.toFixed(3)}`);
  }
  if (progress.secondsLeft !== undefined) parts.push(`${duration(progress.secondsLeft * 1000)} left`);
  if (spend !== undefined) parts.push(dollars(spend));
  return parts.join(' · ');
}
