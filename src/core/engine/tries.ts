import type { TeacherError } from '../teachers/errors';
import type { Circuit, Patience } from './circuit';

/**
 * The attempts of one request, and the pause before the next: exponential, with full jitter. In an outage a request is
 * not given up: it goes on until somebody is answered, or the circuit pauses the run.
 */
export class Tries {
  #failures = 0;
  /** In outages: they only make the pauses longer. */
  #excused = 0;
  #circuit: Circuit | undefined;
  #answersAtFailure = -1;
  /** As the attempt began: what fails after the first answer may have been sent before it. */
  #silent = false;
  #down = false;
  #timeouts = 0;
  #pushedBackSince: number | undefined;

  constructor(private readonly limits: Patience) {}

  /** A live attempt begins. */
  begin(circuit: Circuit): void {
    this.#circuit = circuit;
    this.#silent = circuit.answers === this.#answersAtFailure;
    this.#down = circuit.down;
  }

  /** Milliseconds to wait; undefined: enough. */
  next(error: TeacherError): number | undefined {
    if (this.#isOutage(error)) {
      this.#excused += 1;
      this.#pushedBackSince = undefined;
    } else if (error.code === 'rate_limited') {
      const now = performance.now();
      this.#pushedBackSince ??= now;
      if (now - this.#pushedBackSince > this.limits.pushedBackMs) return undefined;
    } else {
      this.#failures += 1;
      if (error.code === 'timeout') this.#timeouts += 1;
      if (this.#failures >= this.limits.attempts || this.#timeouts >= this.limits.timeouts) return undefined;
    }
    this.#answersAtFailure = this.#circuit?.answers ?? -1;
    const doublings = Math.min(this.#failures + this.#excused, 10);
    const ceiling = Math.min(this.limits.longestBackoffMs, this.limits.backoffMs * 2 ** doublings);
    return (error.details.retryAfterMs ?? 0) + Math.random() * ceiling;
  }

  /**
   * Nobody was answered since the last failure, and it is not the request that keeps it so: a connection that was cut may
   * be its doing, a server that is not there cannot.
   */
  #isOutage({ code, details }: TeacherError): boolean {
    if (!this.#silent) return false;
    const absent = code === 'rate_limited' || (code === 'network' && details.maybeBilled !== true);
    return absent || this.#down || this.#circuit?.down === true;
  }

  /** Whether a request whose batch came back without its answer goes into a following one. */
  another(): boolean {
    this.#failures += 1;
    return this.#failures < this.limits.attempts;
  }
}
