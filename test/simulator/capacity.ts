import type { Capacity } from './options';

/** A token bucket. `take` says how many milliseconds to wait, or 0 when the request is let through. */
export class Bucket {
  #capacity: Capacity | undefined;
  #tokens = 0;
  #at = 0;
  admitted = 0;
  turnedAway = 0;

  constructor(capacity: Capacity | undefined) {
    this.change(capacity);
  }

  change(capacity: Capacity | undefined): void {
    const first = this.#capacity === undefined;
    this.#refill();
    this.#capacity = capacity;
    this.#tokens = Math.min(first ? Infinity : this.#tokens, capacity?.burst ?? Infinity);
    this.#at = performance.now();
  }

  take(): number {
    const capacity = this.#capacity;
    if (!capacity) {
      this.admitted++;
      return 0;
    }
    this.#refill();
    if (this.#tokens >= 1) {
      this.#tokens--;
      this.admitted++;
      return 0;
    }
    this.turnedAway++;
    return ((1 - this.#tokens) / capacity.perSecond) * 1000;
  }

  /** Rate-limit headers in OpenAI's and Anthropic's words. */
  headers(speaks: 'openai' | 'anthropic'): Record<string, string> {
    const capacity = this.#capacity;
    const limit = capacity?.burst ?? 10_000;
    if (capacity?.headers === false) return {};
    const remaining = capacity ? Math.max(0, Math.floor(this.#tokens)) : limit - 1;
    const resetMs = capacity ? ((capacity.burst - this.#tokens) / capacity.perSecond) * 1000 : 6;
    if (speaks === 'openai') {
      return {
        'x-ratelimit-limit-requests': String(limit),
        'x-ratelimit-remaining-requests': String(remaining),
        'x-ratelimit-reset-requests': `${Math.ceil(resetMs)}ms`,
        'x-ratelimit-limit-tokens': '30000000',
        'x-ratelimit-remaining-tokens': '29990000',
        'x-ratelimit-reset-tokens': '0s',
      };
    }
    const reset = new Date(Date.now() + resetMs).toISOString();
    return {
      'anthropic-ratelimit-requests-limit': String(limit),
      'anthropic-ratelimit-requests-remaining': String(remaining),
      'anthropic-ratelimit-requests-reset': reset,
      'anthropic-ratelimit-tokens-limit': '30000000',
      'anthropic-ratelimit-tokens-remaining': '29990000',
      'anthropic-ratelimit-tokens-reset': reset,
    };
  }

  get tellsWait(): boolean {
    return this.#capacity?.headers !== false;
  }

  #refill(): void {
    const now = performance.now();
    const capacity = this.#capacity;
    if (capacity) {
      this.#tokens = Math.min(capacity.burst, this.#tokens + ((now - this.#at) / 1000) * capacity.perSecond);
    }
    this.#at = now;
  }
}
