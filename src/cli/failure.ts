import { CommanderError } from 'commander';
import { exitCode, type ExitCode, GateError, UsageError } from './exit';

/** An error as the command line tells it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exit: ExitCode;
}

/** Errors of ours carry a `code` and a sentence; anything else is a defect, shown with its stack. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error), exit: exitCode.failed };
  if (error instanceof CommanderError)
    return { code: 'usage', message: error.message.replace(/^error: /u, ''), exit: exitCode.usage };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error instanceof GateError) return { code: error.code, message: error.message, exit: exitCode.gate };
  if (error instanceof UsageError || isInputError(error)) {
    return { code: code ?? 'usage', message: error.message, exit: exitCode.usage };
  }
  if (code !== undefined) return { code, message: error.message, exit: exitCode.failed };
  return { code: 'defect', message: error.stack ?? error.message, exit: exitCode.failed };
}

/** Classes of the core whose cause is what the person gave us. */
const inputErrors = new Set([
  'DocumentError',
  'DomainError',
  'GuidanceError',
  'DatasetError',
  'TeacherSpecError',
  // Thrown before a run begins only when a key is missing; in a run it pauses the run.
  'TeacherError',
  'UnknownPrice',
  'DifferentWork',
  'BadManifest',
  'EvaluationError',
]);

/** Of training, what the person gave us; the rest went wrong on the way. */
const inputTraining = new Set([
  'bad_spec',
  'bad_dataset',
  'too_few_rows',
  'bad_model',
  'cannot_fit',
  'no_job',
  'wrong_state',
]);

function isInputError(error: Error): boolean {
  if (error.name === 'TrainingError') return 'code' in error && inputTraining.has(String(error.code));
  return inputErrors.has(error.name);
}
