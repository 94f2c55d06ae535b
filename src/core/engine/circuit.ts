import type { TeacherError } from '../teachers/errors';

/** How long the engine keeps trying. */
export interface Patience {
  /** Attempts of one request that end in network errors, timeouts or overload, before the ask is lost. */
  readonly attempts: number;
  /** Timeouts may have been billed: fewer of them. */
  readonly timeouts: number;
  /** How long one request may be pushed back (429), in milliseconds. */
  readonly pushedBackMs: number;
  /** Nothing but failures for so long (and at least `failures` of them): the run pauses. */
  readonly silenceMs: number;
  readonly failures: number;
  /** A wait longer than this is not slept through: the run pauses and says until when. */
  readonly longestWaitMs: number;
  /** First pause after a failure; doubles, with jitter, up to `longestBackoffMs`. */
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
}

export const patience: Patience = {
  attempts: 8,
  timeouts: 3,
  pushedBackMs: 10 * 60_000,
  silenceMs: 60_000,
  failures: 12,
  longestWaitMs: 5 * 60_000,
  backoffMs: 500,
  longestBackoffMs: 30_000,
};

/** So many asks that fail with no answer in between are not all to blame themselves. */
const FAILING_TOGETHER = 4;

/**
 * Decides when failures are the deployment's and not the request's: then the run pauses with a reason instead of burning
 * through its rows.
 */
export class Circuit {
  #failures = 0;
  #answers = 0;
  #since: number | undefined;
  /** Asks that failed since the last answer. */
  readonly #failing = new Set<string>();

  constructor(private readonly limits: Patience) {}

  /** How many answers came. */
  get answers(): number {
    return this.#answers;
  }

  answered(): void {
    this.#failures = 0;
    this.#since = undefined;
    this.#answers += 1;
    this.#failing.clear();
  }

  /** Several asks failed since the last answer: it is not their own doing. */
  get down(): boolean {
    return this.#failing.size >= FAILING_TOGETHER;
  }

  /** The reason to pause, if this failure is one. */
  failed(error: TeacherError, ask?: string): string | undefined {
    if (ask !== undefined) this.#failing.add(ask);
    if (error.code === 'left_out') return undefined;
    if (error.concernsAll) return error.message;
    const now = performance.now();
    this.#failures += 1;
    this.#since ??= now;
    const wait = error.details.retryAfterMs ?? 0;
    if (wait > this.limits.longestWaitMs) {
      const until = new Date(Date.now() + wait).toISOString();
      return `${error.message} The provider asks to wait until ${until}: resume the run then.`;
    }
    if (this.#failures < this.limits.failures) return undefined;
    if (!error.passing) {
      return this.#answers > 0 ? undefined : `Nothing but refusals of the request itself. The last: ${error.message}`;
    }
    // A server that never answered is most likely not there: waiting a minute for it helps nobody.
    const patient = this.#answers > 0 ? this.limits.silenceMs : this.limits.silenceMs / 6;
    if (now - this.#since < patient) return undefined;
    return `Nothing but failures for ${Math.round((now - this.#since) / 1000)} s. The last: ${error.message}`;
  }
}
