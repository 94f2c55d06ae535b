/** Slots may fail; the sample is drawn a little ahead of an even pace, so that it is full before they run out. */
const headStart = 0.9;

/**
 * A sample without replacement of `wanted` out of `total` slots that come one after another, decided as each comes
 * (Knuth, TAOCP 2, 3.4.2, algorithm S). Slots that fail are never offered; the head start makes up for them. Slots are
 * points in a seeded shuffle, so being early says nothing about a sample.
 */
export class GoldenDraw {
  #chosen = 0;

  constructor(
    private readonly wanted: number,
    private readonly total: number,
  ) {}

  /** @param slot 0-based. @param random uniform in [0, 1). */
  offer(slot: number, random: number): boolean {
    const { missing } = this;
    const left = Math.max(1, (this.total - slot) * (this.wanted < this.total ? headStart : 1));
    const taken = missing > 0 && random * left < missing;
    if (taken) this.#chosen++;
    return taken;
  }

  /** How many are still to be chosen. */
  get missing(): number {
    return this.wanted - this.#chosen;
  }

  /** Slots that were chosen, and whose check was lost: others are to be checked instead. */
  lost(count: number): void {
    this.#chosen -= count;
  }

  /** A slot that was chosen before (a resumed run). */
  restore(): void {
    this.#chosen++;
  }
}
