import type { Problem } from '../datasets/check/problem';

/**
 * - `bad_spec`, `bad_dataset`, `too_few_rows`, `bad_model`, `cannot_fit`: what the person gave; nothing was started.
 * - `no_python`, `no_environment`, `setup_failed`: the trainer's environment.
 * - `no_host`, `host_key`, `denied`: the way to another machine.
 * - `no_job`, `wrong_state`, `job_changed`: the job folder.
 * - `busy`: another job trains on that machine.
 * - `trainer`: the trainer failed; the message says why as far as its log tells.
 */
export type TrainingErrorCode =
  | 'bad_spec'
  | 'bad_dataset'
  | 'too_few_rows'
  | 'bad_model'
  | 'cannot_fit'
  | 'no_python'
  | 'no_environment'
  | 'setup_failed'
  | 'no_host'
  | 'host_key'
  | 'denied'
  | 'no_job'
  | 'wrong_state'
  | 'job_changed'
  | 'busy'
  | 'trainer';

/** What went wrong with a training job, in a sentence that says what to do. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  constructor(
    readonly code: TrainingErrorCode,
    message: string,
    /** Of `bad_dataset`: what is wrong, by line. */
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}
