import type { Probe } from './near-compare';
import { mix } from './words';

/** MinHash over the distinct words, folded into one 32-bit key a band. */
export class BandSigner {
  readonly bands: number;
  readonly rows: number;
  private readonly factors: Uint32Array;
  private readonly offsets: Uint32Array;
  private readonly minima: Uint32Array;
  private readonly keys: Uint32Array;

  constructor(threshold: number, seed: number) {
    const shape = bandShape(threshold);
    this.bands = shape.bands;
    this.rows = shape.rows;
    const hashes = shape.bands * shape.rows;
    this.factors = new Uint32Array(hashes);
    this.offsets = new Uint32Array(hashes);
    let state = mix(seed);
    for (let index = 0; index < hashes; index++) {
      // Odd factors: multiplication modulo 2^32 stays a permutation.
      this.factors[index] = (state = mix(state + 0x9e3779b9)) | 1;
      this.offsets[index] = state = mix(state + 0x9e3779b9);
    }
    this.minima = new Uint32Array(hashes);
    this.keys = new Uint32Array(shape.bands);
  }

  /** The keys are valid until the next call. */
  sign(probe: Probe): Uint32Array {
    const { factors, offsets, minima, keys } = this;
    for (let index = 0; index < minima.length; index++) {
      const factor = factors[index] ?? 1;
      const offset = offsets[index] ?? 0;
      let least = 0xffffffff;
      for (let word = 0; word < probe.wordCount; word++) {
        // Multiplication moves only upwards: the high bits decide the minimum, and they depend on all bits of the word.
        const hash = (Math.imul(probe.words[word] ?? 0, factor) + offset) >>> 0;
        if (hash < least) least = hash;
      }
      minima[index] = least;
    }
    for (let band = 0; band < this.bands; band++) {
      let key = band;
      for (let row = band * this.rows; row < (band + 1) * this.rows; row++) key = mix(key ^ (minima[row] ?? 0));
      keys[band] = key;
    }
    return keys;
  }
}

const MOST_HASHES = 256;
const WANTED_RECALL = 0.975;

/** The longest bands (fewest false candidates) that still propose a pair at the threshold with `WANTED_RECALL`. */
export function bandShape(threshold: number): { readonly bands: number; readonly rows: number } {
  for (let rows = 16; rows > 1; rows--) {
    for (let bands = 4; bands * rows <= MOST_HASHES; bands++) {
      if (1 - (1 - threshold ** rows) ** bands >= WANTED_RECALL) return { bands, rows };
    }
  }
  return { bands: 128, rows: 1 };
}

/** One band's hash table: chains of texts that agree on it. */
export class BandTable {
  private heads = new Int32Array(1 << 10).fill(-1);
  private links = new Int32Array(1 << 9);
  private hashes = new Uint32Array(1 << 9);
  private count = 0;
  private key = 0;

  /** Texts get consecutive ids in every band, so that a chain needs no ids of its own. */
  insert(key: number, id: number): void {
    if (id === this.links.length) this.grow();
    this.hashes[id] = key;
    this.count = id + 1;
    this.chain(id);
  }

  first(key: number): number {
    this.key = key;
    return this.same(this.heads[key & (this.heads.length - 1)] ?? -1);
  }

  next(id: number): number {
    return this.same(this.links[id] ?? -1);
  }

  private same(start: number): number {
    let id = start;
    while (id >= 0 && this.hashes[id] !== this.key) id = this.links[id] ?? -1;
    return id;
  }

  private chain(id: number): void {
    const slot = (this.hashes[id] ?? 0) & (this.heads.length - 1);
    this.links[id] = this.heads[slot] ?? -1;
    this.heads[slot] = id;
  }

  private grow(): void {
    const links = new Int32Array(this.links.length * 2);
    const hashes = new Uint32Array(this.links.length * 2);
    hashes.set(this.hashes);
    this.links = links;
    this.hashes = hashes;
    this.heads = new Int32Array(this.heads.length * 2).fill(-1);
    for (let id = 0; id < this.count; id++) this.chain(id);
  }
}
