/** Exit codes of the command line (spec page 6). */
export const exitCode = { done: 0, failed: 1, usage: 2, gate: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Wrong usage or input: exit 2 with a sentence that says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

/** A quality gate, check or criterion that was asked for did not pass: exit 3. */
export class GateError extends Error {
  override readonly name = 'GateError';
  readonly code = 'gate';
}
