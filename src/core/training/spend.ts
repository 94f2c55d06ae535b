import type { TrainingSpec } from '../records/training';

/** What a job has cost, or will, in US dollars; undefined where its machines cost nothing. */
export function spendOf({ usd_per_hour }: TrainingSpec, seconds: number): number | undefined {
  return usd_per_hour === undefined ? undefined : (seconds / 3600) * usd_per_hour;
}
