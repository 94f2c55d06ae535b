import type { JobRecord } from '../../core/records/training';
import type { Progress } from '../../core/training/progress';

/** A training job as its folder tells it. */
export interface TrainingJob {
  readonly folder: string;
  readonly record: JobRecord;
  readonly progress: Progress;
}

/** Whether something still happens to the job. */
export function isUnderWay({ record: { state } }: TrainingJob): boolean {
  return state === 'launching' || state === 'running' || state === 'cancelling' || state === 'collecting';
}
