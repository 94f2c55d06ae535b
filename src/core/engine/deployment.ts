import type { RateLimits } from '../teachers/teacher';

interface Waiter {
  readonly priority: number;
  readonly tokens: number;
  readonly since: number;
  start(): void;
}

/** A place in the queue of a deployment; `end` gives it back. */
export interface Slot {
  end(): void;
}

/** What the last run learned about a deployment. */
export interface Learned {
  readonly limit: number;
}

const START = 16;
const CUT = 0.7;

/**
 * One deployment's door: how many requests may be under way, and when the next may go. The number grows while answers
 * come well (doubling at first, then by one a round), is cut once per burst of "too many", and never passes the maximum.
 * Later stages go first, so that what is begun is finished; every eighth start goes to whoever waits longest, so that
 * nobody starves.
 */
export class Deployment {
  #limit: number;
  #growing: 'fast' | 'slowly' = 'fast';
  #inFlight = 0;
  #tokensInFlight = 0;
  #starts = 0;
  #waiters: Waiter[] = [];
  #holdUntil = 0;
  #lastStart = -Infinity;
  #cutAt = -Infinity;
  #rate: RateLimits | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly maximum: number,
    private readonly delayMs = 0,
    learned?: Learned,
  ) {
    this.#limit = Math.max(1, Math.min(maximum, learned?.limit ?? START));
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get queued(): number {
    return this.#waiters.length;
  }

  get learned(): Learned {
    return { limit: Math.floor(this.#limit) };
  }

  /**
   * Waits for a slot.
   * @param priority higher goes first.
   * @param tokens that the request counts for at the provider.
   * @param since when the request first asked: one that was pushed back keeps its place among the oldest.
   */
  acquire(priority: number, tokens: number, signal: AbortSignal, since = performance.now()): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(new DOMException('The run stops.', 'AbortError'));
      };
      const waiter: Waiter = {
        priority,
        tokens,
        since,
        start: () => {
          signal.removeEventListener('abort', abort);
          resolve(this.#slot(tokens));
        },
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort);
      this.#waiters.push(waiter);
      this.#pump();
    });
  }

  /** An answer came. */
  answered(rate?: RateLimits): void {
    if (rate) this.#rate = rate;
    if (this.#inFlight + 1 >= this.#limit * 0.8) {
      this.#limit = Math.min(this.maximum, this.#limit + (this.#growing === 'fast' ? 1 : 1 / this.#limit));
    }
  }

  /** "Too many" or "overloaded", for a request that was started at `startedAt` (`performance.now()`). */
  pushedBack(startedAt: number, retryAfterMs: number | undefined, rate?: RateLimits): void {
    if (rate) this.#rate = rate;
    const now = performance.now();
    if (retryAfterMs !== undefined) this.#holdUntil = Math.max(this.#holdUntil, now + retryAfterMs);
    // One burst, one cut: requests that were started before the last cut say nothing new.
    if (startedAt <= this.#cutAt) return;
    this.#cutAt = now;
    this.#growing = 'slowly';
    this.#limit = Math.max(1, Math.min(this.#limit, this.#inFlight + 1) * CUT);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #slot(tokens: number): Slot {
    this.#inFlight += 1;
    this.#tokensInFlight += tokens;
    this.#lastStart = performance.now();
    let open = true;
    return {
      end: () => {
        if (!open) return;
        open = false;
        this.#inFlight -= 1;
        this.#tokensInFlight -= tokens;
        this.#pump();
      },
    };
  }

  #pump(): void {
    while (this.#waiters.length > 0 && this.#inFlight < Math.max(1, Math.floor(this.#limit))) {
      const next = this.#next();
      const wait = this.#waitFor(next);
      if (wait > 0) {
        this.#wakeIn(wait);
        return;
      }
      this.#waiters.splice(this.#waiters.indexOf(next), 1);
      this.#starts += 1;
      next.start();
    }
  }

  #next(): Waiter {
    const oldestFirst = this.#starts % 8 === 7;
    return this.#waiters.reduce((best, waiter) => {
      const better = oldestFirst ? waiter.since < best.since : waiter.priority > best.priority;
      return better ? waiter : best;
    });
  }

  /** Milliseconds until `waiter` may start, given what the provider said about its limits. */
  #waitFor(waiter: Waiter): number {
    const now = performance.now();
    const paced = Math.max(this.#holdUntil, this.#lastStart + this.delayMs) - now;
    const { requests, tokens } = this.#rate ?? {};
    const clock = Date.now();
    const closed = (limit: { remaining: number; resetAt?: number } | undefined, used: number): number => {
      if (!limit || used <= limit.remaining) return 0;
      // Without a reset time only those under way can tell more; when there are none, one goes to ask.
      if (limit.resetAt === undefined) return this.#inFlight > 0 ? 1000 : 0;
      return Math.max(0, limit.resetAt - clock);
    };
    return Math.max(paced, closed(requests, this.#inFlight + 1), closed(tokens, this.#tokensInFlight + waiter.tokens));
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), Math.min(ms, 60_000));
  }
}
