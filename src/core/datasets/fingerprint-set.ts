import type { Fingerprint } from './hash';

/** Fingerprints in the order in which they came, 20 to 28 bytes each: millions of them without an object for any. */
export class FingerprintSet {
  private lows = new Float64Array(1 << 12);
  private highs = new Float64Array(1 << 12);
  private slots = new Int32Array(1 << 13).fill(-1);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The place of an equal one that came before, or -1 when this is new and was taken in at place `size - 1`. */
  add(print: Fingerprint): number {
    let slot = this.slotOf(print.low);
    for (;;) {
      const place = this.slots[slot] ?? -1;
      if (place < 0) break;
      if (this.lows[place] === print.low && this.highs[place] === print.high) return place;
      slot = (slot + 1) & (this.slots.length - 1);
    }
    this.slots[slot] = this.count;
    this.lows[this.count] = print.low;
    this.highs[this.count] = print.high;
    if (++this.count === this.lows.length) this.grow();
    return -1;
  }

  has(print: Fingerprint): boolean {
    let slot = this.slotOf(print.low);
    for (;;) {
      const place = this.slots[slot] ?? -1;
      if (place < 0) return false;
      if (this.lows[place] === print.low && this.highs[place] === print.high) return true;
      slot = (slot + 1) & (this.slots.length - 1);
    }
  }

  private slotOf(low: number): number {
    return (low % 2 ** 32) & (this.slots.length - 1);
  }

  private grow(): void {
    const lows = new Float64Array(this.lows.length * 2);
    const highs = new Float64Array(this.lows.length * 2);
    lows.set(this.lows);
    highs.set(this.highs);
    this.lows = lows;
    this.highs = highs;
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    for (let place = 0; place < this.count; place++) {
      let slot = this.slotOf(lows[place] ?? 0);
      while ((this.slots[slot] ?? -1) >= 0) slot = (slot + 1) & (this.slots.length - 1);
      this.slots[slot] = place;
    }
  }
}
