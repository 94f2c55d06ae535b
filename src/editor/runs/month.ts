/** The ledger is asked at most this often. */
const freshMs = 30_000;

/** What all runs of this month spent, against its cap; asked for while somebody looks. */
export class Month {
  #text: string | undefined;
  #askedAt = -Infinity;

  constructor(
    private readonly ask: () => Promise<string>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** As far as it is known; `changed` is called when more is. */
  text(changed: () => void): string | undefined {
    if (performance.now() - this.#askedAt > freshMs) {
      this.#askedAt = performance.now();
      void this.ask().then((text) => {
        if (text === this.#text) return;
        this.#text = text;
        changed();
      }, this.failed);
    }
    return this.#text;
  }
}
