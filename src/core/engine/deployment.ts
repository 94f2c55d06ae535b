import type { RateLimits } from '../teachers/teacher';
import type { Demand } from './neighbours';
import { Pace, type PushBack } from './pace';
import { Refill, type Told } from './refill';

interface Waiter {
  readonly priority: number;
  readonly tokens: number;
  readonly since: number;
  readonly signal: AbortSignal;
  start(): void;
  stop(): void;
}

/** A place among the requests under way; exactly one `end` gives it back. */
export interface Slot {
  /** An answer came, and with it what the provider says of its limits. */
  answered(rate?: RateLimits): void;
  /** It was turned away. Others wait as long as it was told to when it is one of many. */
  pushedBack(why: PushBack, retryAfterMs?: number): void;
  end(): void;
}

/** What a run learned about a deployment, for the next one. */
export interface Learned {
  readonly limit: number;
  /** Requests per second; absent where nothing was ever pushed back. */
  readonly rate?: number;
}

const START = 32;
/** Too many at once are pushed back within a moment; where nothing was for so long, twice as many may go. */
const DOUBLE_EVERY_MS = 500;
/** Every so many starts, the oldest goes first, whatever its stage. */
const OLDEST_EVERY = 8;

/**
 * One deployment's door: how many requests may be under way, and when the next may go. The number doubles from round to
 * round while answers come well, twice a second until the first push-back, and never passes the maximum; push-backs set a
 * pace (`pace.ts`), headers are believed (`refill.ts`). Later stages go first, so that what is begun is finished; every
 * eighth start goes to whoever waits longest, so that nobody starves.
 */
export class Deployment {
  #limit: number;
  #inFlight = 0;
  #starts = 0;
  #waiters: Waiter[] = [];
  /** One listener for all that wait: a signal's listeners are a list that is walked each time. */
  readonly #heeded = new WeakSet<AbortSignal>();
  #holdUntil = 0;
  #lastStart = -Infinity;
  /** Since when every slot is taken and more requests wait, or since it doubled. */
  #fullSince: number | undefined;
  readonly #pace: Pace;
  readonly #requests = new Refill();
  readonly #tokens = new Refill();
  #timer: NodeJS.Timeout | undefined;
  /** Runs that want more of this deployment than they get, this one included. */
  #sharers = 1;

  constructor(
    private readonly maximum: number,
    private readonly delayMs = 0,
    learned?: Learned,
  ) {
    this.#limit = Math.max(1, Math.min(maximum, learned?.limit ?? START));
    this.#pace = new Pace(performance.now(), learned?.rate);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get queued(): number {
    return this.#waiters.length;
  }

  get learned(): Learned {
    const rate = this.#pace.rate(performance.now());
    return { limit: Math.floor(this.#limit), ...(rate !== undefined && { rate }) };
  }

  /**
   * Waits for a slot.
   * @param priority higher goes first.
   * @param tokens that the request counts for at the provider.
   * @param since when the request first asked: one that was pushed back keeps its place among the oldest.
   */
  acquire(priority: number, tokens: number, signal: AbortSignal, since = performance.now()): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(new DOMException('The run stops.', 'AbortError'));
      if (signal.aborted) {
        stop();
        return;
      }
      if (!this.#heeded.has(signal)) {
        this.#heeded.add(signal);
        signal.addEventListener('abort', () => this.#letGo(signal), { once: true });
      }
      this.#waiters.push({ priority, tokens, since, signal, start: () => resolve(this.#slot(tokens)), stop });
      this.#pump();
    });
  }

  #letGo(signal: AbortSignal): void {
    const stopped = this.#waiters.filter((waiter) => waiter.signal === signal);
    this.#waiters = this.#waiters.filter((waiter) => waiter.signal !== signal);
    for (const waiter of stopped) waiter.stop();
  }

  /** What other runs hear of this one; undefined where nothing waits. */
  get demand(): Demand | undefined {
    if (this.queued === 0) return undefined;
    const rate = this.#pace.rate(performance.now());
    return rate === undefined ? {} : { rate };
  }

  /** Other runs want this deployment too: its limits are theirs as well. */
  share(others: readonly Demand[]): void {
    this.#sharers = others.length + 1;
    const rates = others.map(({ rate }) => rate);
    if (this.queued > 0) this.#pace.share(performance.now(), rates);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #slot(tokens: number): Slot {
    const now = performance.now();
    this.#inFlight += 1;
    this.#lastStart = now;
    this.#pace.sent(now);
    this.#requests.drawn(1);
    this.#tokens.drawn(tokens);
    const drawn = { requests: this.#requests.total, tokens: this.#tokens.total };
    let open = true;
    return {
      answered: ({ requests, tokens } = {}) => {
        const then = Date.now();
        const { total } = this.#requests;
        if (requests) this.#requests.told(this.#ours(requests), then, now, total - drawn.requests);
        if (tokens) this.#tokens.told(this.#ours(tokens), then, now, this.#tokens.total - drawn.tokens);
        // Room for one more, if the room there is was used.
        if (this.#inFlight >= this.#limit * 0.8) this.#limit = Math.min(this.maximum, this.#limit + 1);
      },
      pushedBack: (why, retryAfterMs = 0) => {
        const then = performance.now();
        const sign = this.#pace.pushedBack(then, now, why);
        if (sign !== 'alone') this.#holdUntil = Math.max(this.#holdUntil, then + retryAfterMs);
        if (sign === 'cut') this.#limit = Math.max(1, Math.min(this.#limit, this.#inFlight));
      },
      end: () => {
        if (!open) return;
        open = false;
        this.#inFlight -= 1;
        this.#pump();
      },
    };
  }

  /** Our part of a provider's bucket. */
  #ours({ limit, remaining, ...told }: Told): Told {
    const n = this.#sharers;
    return { ...told, remaining: remaining / n, ...(limit !== undefined && { limit: limit / n }) };
  }

  #pump(): void {
    while (this.#waiters.length > 0 && this.#inFlight < Math.max(1, Math.floor(this.#limit))) {
      const next = this.#next();
      const waiter = this.#waiters[next];
      if (!waiter) return;
      const wait = this.#waitFor(waiter);
      if (wait > 0) {
        this.#wakeIn(wait);
        return;
      }
      this.#waiters.splice(next, 1);
      this.#starts += 1;
      waiter.start();
    }
    if (this.#doubled()) this.#pump();
  }

  /** All that is under way was taken in: more is tried before the first answers come, which may take long. */
  #doubled(): boolean {
    const now = performance.now();
    if (this.#waiters.length === 0) this.#fullSince = undefined;
    if (this.#waiters.length === 0 || this.#limit >= this.maximum || this.#pace.rate(now) !== undefined) return false;
    this.#fullSince ??= now;
    const left = this.#fullSince + DOUBLE_EVERY_MS - now;
    if (left > 0) this.#wakeIn(left);
    else {
      this.#fullSince = now;
      this.#limit = Math.min(this.maximum, this.#limit * 2);
    }
    return left <= 0;
  }

  #next(): number {
    const oldestFirst = this.#starts % OLDEST_EVERY === OLDEST_EVERY - 1;
    let best = 0;
    for (let index = 1; index < this.#waiters.length; index += 1) {
      const one = this.#waiters[index];
      const other = this.#waiters[best];
      if (!one || !other) continue;
      if (oldestFirst ? one.since < other.since : one.priority > other.priority) best = index;
    }
    return best;
  }

  /** Milliseconds until `waiter` may start. */
  #waitFor({ tokens }: Waiter): number {
    const now = performance.now();
    const ours = Math.max(this.#holdUntil - now, this.#lastStart + this.delayMs - now, this.#pace.wait(now));
    const theirs = Math.max(this.#requests.wait(1, now), this.#tokens.wait(tokens, now));
    // Without a reset time only an answer can tell; when none is under way, one request goes to ask.
    if (theirs === Infinity) return this.#inFlight > 0 ? Math.max(ours, LOOK_AGAIN_MS) : ours;
    return Math.max(ours, theirs);
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), Math.min(ms, LOOK_AGAIN_MS));
  }
}

const LOOK_AGAIN_MS = 1000;
