type Asks = Readonly<Record<string, readonly [answered: number, lost: number]>>;

/**
 * What units asked, of those that are done together with all that were started before them. Of all that are done so far
 * the quick ones would be too many: they have little to ask.
 */
export class FairSample {
  #next = 0;
  #units = 0;
  readonly #asks = new Map<string, number>();
  readonly #squares = new Map<string, number>();
  readonly #early = new Map<number, Asks | undefined>();

  get units(): number {
    return this.#units;
  }

  asks(stage: string): number {
    return this.#asks.get(stage) ?? 0;
  }

  /** How much units differ in what they ask: the variance of their number of asks. */
  variance(stage: string): number {
    if (this.#units === 0) return 0;
    const mean = this.asks(stage) / this.#units;
    return Math.max(0, (this.#squares.get(stage) ?? 0) / this.#units - mean * mean);
  }

  /**
   * @param ticket in the order in which units were started, from 0.
   * @param asks by stage; undefined for a unit that ended before its end.
   */
  ended(ticket: number, asks: Asks | undefined): void {
    this.#early.set(ticket, asks);
    while (this.#early.has(this.#next)) {
      this.#count(this.#early.get(this.#next));
      this.#early.delete(this.#next);
      this.#next += 1;
    }
  }

  #count(asks: Asks | undefined): void {
    if (!asks) return;
    this.#units += 1;
    for (const [stage, [answered, lost]] of Object.entries(asks)) {
      const asked = answered + lost;
      this.#asks.set(stage, this.asks(stage) + asked);
      this.#squares.set(stage, (this.#squares.get(stage) ?? 0) + asked * asked);
    }
  }
}
