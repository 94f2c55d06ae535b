import type { TeacherError } from '../teachers/errors';
import type { Patience } from './circuit';

/** The attempts of one request, and the pause before the next: exponential, with full jitter. */
export class Tries {
  #failures = 0;
  #timeouts = 0;
  #pushedBackSince: number | undefined;

  constructor(private readonly limits: Patience) {}

  /** Milliseconds to wait; undefined: enough. */
  next(error: TeacherError): number | undefined {
    if (error.code === 'rate_limited') {
      const now = performance.now();
      this.#pushedBackSince ??= now;
      if (now - this.#pushedBackSince > this.limits.pushedBackMs) return undefined;
    } else {
      this.#failures += 1;
      if (error.code === 'timeout') this.#timeouts += 1;
      if (this.#failures >= this.limits.attempts || this.#timeouts >= this.limits.timeouts) return undefined;
    }
    const ceiling = Math.min(this.limits.longestBackoffMs, this.limits.backoffMs * 2 ** Math.min(this.#failures, 10));
    return (error.details.retryAfterMs ?? 0) + Math.random() * ceiling;
  }

  /** Whether a request whose batch came back without its answer goes into a following one. */
  another(): boolean {
    this.#failures += 1;
    return this.#failures < this.limits.attempts;
  }
}
