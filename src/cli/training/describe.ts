import path from 'node:path';
import type { JobRecord, TrainingSummary } from '../../core/records/training';
import { readJob } from '../../core/training/job';
import { readSummary } from '../../core/training/runner';
import { quoted } from '../summary';

/** The `--json` of a job. */
export interface JobReport {
  readonly job: string;
  readonly folder: string;
  readonly state: JobRecord['state'];
  readonly reason: string | null;
  readonly model: string;
  readonly method: string;
  readonly where: string;
  readonly plan: JobRecord['plan'];
  readonly merged: string | null;
  readonly summary: TrainingSummary | null;
}

export async function reportOf(folder: string): Promise<JobReport> {
  const job = await readJob(folder);
  return {
    job: path.basename(folder),
    folder,
    state: job.state,
    reason: job.reason,
    model: job.spec.model,
    method: job.spec.method,
    where: job.place?.kind === 'ssh' ? `ssh:${job.place.host}` : 'local',
    plan: job.plan,
    merged: job.merged,
    summary: (await readSummary(folder)) ?? null,
  };
}

/** For a person: where it stands, how it ended, what to do next. */
export function describeJob(report: JobReport): string {
  const { summary } = report;
  const lines = [`${report.job}: ${report.state}${report.reason === null ? '' : ` (${report.reason})`}`];
  lines.push(`  ${report.method} of ${report.model}, ${report.where}`);
  if (summary && report.state !== 'running') {
    const loss =
      summary.best_loss === null ? '' : `, best loss ${summary.best_loss.toFixed(4)} at step ${summary.best_step ?? 0}`;
    lines.push(`  stopped: ${summary.stop_reason} at step ${summary.stopped_step} of ${summary.max_steps}${loss}`);
  }
  lines.push(`  → ${report.folder}`, ...nextSteps(report).map((step) => `  ${step}`));
  return lines.join('\n');
}

function nextSteps({ job, folder, state, method, merged }: JobReport): string[] {
  const name = quoted(job);
  switch (state) {
    case 'prepared':
      return [`start: distillery jobs resume ${name}`, `by hand: see ${path.join(folder, 'README.md')}`];
    case 'launching':
    case 'running':
    case 'cancelling':
    case 'collecting':
      return [`watch: distillery jobs watch ${name}`, `stop and keep the best: distillery jobs cancel ${name}`];
    case 'completed':
      if (merged !== null) return [`serve: see ${path.join(folder, 'SERVING.md')}`];
      return method === 'full' ? [] : [`next: distillery jobs merge ${name}`];
    case 'cancelled':
    case 'failed':
      return [`go on from the last checkpoint: distillery jobs resume ${name}`];
  }
}
