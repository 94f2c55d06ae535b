import type { JobRecord } from '../../core/records/training';
import type { Progress } from '../../core/training/progress';

/** A training job as its folder tells it. */
export interface TrainingJob {
  readonly folder: string;
  readonly record: JobRecord;
  readonly progress: Progress;
}

/** Whether it can be started, or gone on with from its last checkpoint. */
export function isResumable({ record: { state } }: TrainingJob): boolean {
  return state === 'prepared' || state === 'cancelled' || state === 'failed';
}

/** Whether it has an adapter to merge: of the last step, or the best one of a job that was stopped. */
export function isMergeable({ record: { state, spec }, progress }: TrainingJob): boolean {
  const trained = state === 'completed' || (state === 'cancelled' && progress.best !== undefined);
  return trained && spec.method !== 'full';
}

/** Whether its model can be served on this machine. */
export function isServable({ record: { state, place }, progress }: TrainingJob): boolean {
  return place?.kind === 'local' && (state === 'completed' || (state === 'cancelled' && progress.best !== undefined));
}

/** Whether there is anything for TensorBoard. */
export function hasRun({ record: { place }, progress }: TrainingJob): boolean {
  return place?.kind === 'local' && progress.train.length > 0;
}

/** Whether something still happens to the job. */
export function isUnderWay({ record: { state } }: TrainingJob): boolean {
  return state === 'launching' || state === 'running' || state === 'cancelling' || state === 'collecting';
}
