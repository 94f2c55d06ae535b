/** What a provider's headers said about one of its limits. Times are epoch milliseconds. */
export interface Told {
  readonly limit?: number;
  readonly remaining: number;
  /** When the limit is whole again. */
  readonly resetAt?: number;
}

/** The part of a bucket that is not counted on. */
const SPARE = 0.06;

/**
 * A provider's own bucket (requests or tokens), as its last headers described it and as we have drawn on it since. With a
 * limit and a reset time it is known how fast it fills.
 */
export class Refill {
  #level = Infinity;
  #perMs = 0;
  #at = 0;
  #limit = Infinity;
  #resetAt = 0;
  #drawn = 0;

  /** All that was ever drawn. */
  get total(): number {
    return this.#drawn;
  }

  /**
   * @param now the time of day, which `told.resetAt` is of; only their difference counts.
   * @param asOf when the request was sent whose answer told this: the provider counted then, not when the answer came. By
   * a clock that nobody sets, as in `wait`.
   * @param drawnSince what other requests have drawn since.
   */
  told(told: Told, now: number, asOf = now, drawnSince = 0): void {
    const { limit = Infinity, remaining } = told;
    const resetAt = told.resetAt === undefined ? undefined : asOf + told.resetAt - now;
    this.#level = remaining - drawnSince;
    this.#at = asOf;
    this.#limit = limit;
    this.#resetAt = resetAt ?? Infinity;
    const missing = limit - remaining;
    this.#perMs = resetAt !== undefined && Number.isFinite(missing) && resetAt > asOf ? missing / (resetAt - asOf) : 0;
  }

  drawn(amount: number): void {
    this.#level -= amount;
    this.#drawn += amount;
  }

  /** Milliseconds until `amount` is there. Infinity: only the next answer can tell. */
  wait(amount: number, now: number): number {
    if (now >= this.#resetAt) return 0;
    const level = Math.min(this.#limit, this.#level + (now - this.#at) * this.#perMs);
    // A little stays in it: the provider's clock and ours never quite agree on when it is full enough.
    // What is larger than the whole bucket goes when the bucket is full: the provider decides.
    const spare = this.#perMs > 0 ? Math.min(amount, this.#limit * SPARE) : 0;
    const short = Math.min(amount + spare, this.#limit) - level;
    if (short <= 0) return 0;
    return Math.min(this.#resetAt - now, this.#perMs > 0 ? short / this.#perMs : Infinity);
  }
}
