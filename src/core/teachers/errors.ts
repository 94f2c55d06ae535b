/**
 * Why a teacher gave no reply, in the terms that the engine acts on:
 * - `rate_limited`, `overloaded`, `network`, `timeout`: passing; tried again later.
 * - `wrong_key`, `no_credit`, `not_found`, `forbidden`: the same for every request; the run pauses.
 * - `refused_request`, `too_long`: this request will never be answered; the row fails.
 * - `left_out`: this teacher is out, and others of its role stand: its asks are lost, the run goes on (ensemble).
 * - `cancelled`: our own signal.
 */
export type TeacherErrorCode =
  | 'rate_limited'
  | 'overloaded'
  | 'network'
  | 'timeout'
  | 'wrong_key'
  | 'no_credit'
  | 'not_found'
  | 'forbidden'
  | 'refused_request'
  | 'too_long'
  | 'left_out'
  | 'cancelled';

export class TeacherError extends Error {
  override readonly name = 'TeacherError';

  constructor(
    readonly code: TeacherErrorCode,
    /** A sentence for the person: what happened and what to do. Never holds a key. */
    message: string,
    readonly details: {
      readonly status?: number;
      /** How long the server asked us to wait, from now. */
      readonly retryAfterMs?: number;
      /** The request may have been worked on and billed although no reply arrived (timeout, cut connection, cancel). */
      readonly maybeBilled?: boolean;
      readonly requestId?: string;
    } = {},
  ) {
    super(message);
  }

  get passing(): boolean {
    return (
      this.code === 'rate_limited' || this.code === 'overloaded' || this.code === 'network' || this.code === 'timeout'
    );
  }

  get concernsAll(): boolean {
    return (
      this.code === 'wrong_key' || this.code === 'no_credit' || this.code === 'not_found' || this.code === 'forbidden'
    );
  }
}
