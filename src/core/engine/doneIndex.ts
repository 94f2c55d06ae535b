import type { Place } from './blockReader';

/**
 * Where the journal holds each unit's last `done` line, by unit index: twelve bytes and a flag a unit, so that a million
 * units stay small.
 */
export class DoneIndex {
  #offsets = new Float64Array(1024);
  /** 0: the unit has no `done` line. */
  #lengths = new Uint32Array(1024);
  #open = new Uint8Array(1024);
  #end = 0;
  /** Units with a `done` line; those of them that are open. */
  size = 0;
  openUnits = 0;

  set(unit: number, place: Place, open: boolean): void {
    if (unit >= this.#lengths.length) this.#grow(unit + 1);
    if (this.#lengths[unit] === 0) this.size += 1;
    this.openUnits += (open ? 1 : 0) - (this.#open[unit] ?? 0);
    this.#offsets[unit] = place.offset;
    this.#lengths[unit] = place.length;
    this.#open[unit] = open ? 1 : 0;
    this.#end = Math.max(this.#end, unit + 1);
  }

  get(unit: number): Place | undefined {
    const length = this.#lengths[unit] ?? 0;
    return length === 0 ? undefined : { offset: this.#offsets[unit] ?? 0, length };
  }

  /** Whether nothing of the unit is left to do. */
  closed(unit: number): boolean {
    return (this.#lengths[unit] ?? 0) > 0 && this.#open[unit] === 0;
  }

  reopen(unit: number): void {
    if (this.closed(unit)) {
      this.#open[unit] = 1;
      this.openUnits += 1;
    }
  }

  reopenAll(): void {
    for (let unit = 0; unit < this.#end; unit += 1) this.reopen(unit);
  }

  /** In the order of unit indices. */
  *places(): Generator<Place> {
    for (let unit = 0; unit < this.#end; unit += 1) {
      const place = this.get(unit);
      if (place) yield place;
    }
  }

  #grow(needed: number): void {
    let size = this.#lengths.length;
    while (size < needed) size *= 2;
    this.#offsets = copyInto(new Float64Array(size), this.#offsets);
    this.#lengths = copyInto(new Uint32Array(size), this.#lengths);
    this.#open = copyInto(new Uint8Array(size), this.#open);
  }
}

function copyInto<T extends Float64Array | Uint32Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
