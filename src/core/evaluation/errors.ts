/**
 * - `bad_tests`, `bad_predictions`: a file cannot be compared with.
 * - `overlap`: tests were trained on.
 * - `same_model`: there is nothing to compare.
 */
export type EvaluationErrorCode = 'bad_tests' | 'bad_predictions' | 'overlap' | 'same_model';

/** Why nothing is compared, in a sentence that says what to do. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  constructor(
    readonly code: EvaluationErrorCode,
    message: string,
  ) {
    super(message);
  }
}
