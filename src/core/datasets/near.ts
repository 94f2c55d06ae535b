import { mix, WordSequence } from './words';

/**
 * Near-duplicates: MinHash signatures find candidates, the words themselves decide. Two texts are as similar as
 *
 *     (2·|shared words| + |shared neighbouring pairs|) / (2·|all words| + |all neighbouring pairs|)
 *
 * so the same words in another order are no twins, and one changed word in forty costs little. Hashing only proposes:
 * every twin is verified on the words, so there are no false twins from hashing alone. Deterministic for a given seed.
 *
 * Sources: Broder 1997 (MinHash); Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4 (banding).
 */
export interface NearOptions {
  /** Similarity from which texts are twins. Default 0.8. */
  readonly threshold?: number;
  readonly seed?: number;
}

export interface Twin<Key> {
  /** The key of the text that was there before. */
  readonly key: Key;
  /** `threshold` to 1. */
  readonly similarity: number;
}

/** What every text of an index is compared by: words kept in memory at 4 bytes each, plus 4 bytes a band. */
export class NearIndex<Key> {
  readonly threshold: number;
  private readonly signer: BandSigner;
  private readonly store = new WordStore();
  private readonly keys: Key[] = [];
  private readonly bands: BandTable[];
  private readonly sequence = new WordSequence();
  private readonly probe = new Probe();
  private seen = new Int32Array(1024).fill(-1);
  private visit = 0;

  constructor(options: NearOptions = {}) {
    this.threshold = options.threshold ?? 0.8;
    this.signer = new BandSigner(this.threshold, options.seed ?? 42);
    this.bands = Array.from({ length: this.signer.bands }, () => new BandTable());
  }

  /** How many texts were kept. */
  get size(): number {
    return this.keys.length;
  }

  /**
   * Keeps the text, unless it is a near-duplicate of one kept before: then the most similar of those is returned and
   * nothing is kept. A text without words is nobody's twin and is not kept.
   */
  add(text: string, key: Key): Twin<Key> | undefined {
    this.sequence.read(text);
    if (this.sequence.length === 0) return undefined;
    this.probe.load(this.sequence);
    const keys = this.signer.sign(this.probe);
    let best = -1;
    let similarity = 0;
    this.candidates(keys, (id) => {
      const found = this.probe.similarity(this.store, id, Math.max(this.threshold, similarity));
      // Candidates come in no particular order: ties go to the earliest, so that the outcome does not depend on it.
      if (found > similarity || (found === similarity && found > 0 && id < best)) {
        best = id;
        similarity = found;
      }
    });
    const twin = best < 0 ? undefined : this.keys[best];
    if (best >= 0 && twin !== undefined) return { key: twin, similarity };
    this.keep(keys, key);
    return undefined;
  }

  /**
   * Keeps the text whatever it resembles, and reports every earlier text that is at least `threshold` similar.
   * At most `limit` of them are compared: a file of one template has millions of pairs, and a few links tie a group.
   */
  link(text: string, key: Key, limit: number, found: (key: Key, similarity: number) => void): { skipped: number } {
    this.sequence.read(text);
    if (this.sequence.length === 0) return { skipped: 0 };
    this.probe.load(this.sequence);
    const keys = this.signer.sign(this.probe);
    let compared = 0;
    let skipped = 0;
    this.candidates(keys, (id) => {
      if (compared++ >= limit) {
        skipped++;
        return;
      }
      const similarity = this.probe.similarity(this.store, id, this.threshold);
      const other = this.keys[id];
      if (similarity > 0 && other !== undefined) found(other, similarity);
    });
    this.keep(keys, key);
    return { skipped };
  }

  private keep(bandKeys: Uint32Array, key: Key): void {
    const id = this.store.add(this.sequence);
    this.keys.push(key);
    this.bands.forEach((band, index) => band.insert(bandKeys[index] ?? 0, id));
  }

  private candidates(bandKeys: Uint32Array, visit: (id: number) => void): void {
    if (this.seen.length < this.keys.length) {
      this.seen = new Int32Array(this.keys.length * 2).fill(-1);
    }
    const mark = this.visit++ & 0x7fffffff;
    for (const [index, band] of this.bands.entries()) {
      for (let id = band.first(bandKeys[index] ?? 0); id >= 0; id = band.next(id)) {
        if (this.seen[id] === mark) continue;
        this.seen[id] = mark;
        visit(id);
      }
    }
  }
}

/** The similarity of two texts as `NearIndex` defines it, exactly, without any index. */
export function similarity(a: string, b: string): number {
  const probe = new Probe();
  const store = new WordStore();
  const sequence = new WordSequence();
  if (sequence.read(b).length === 0) return 0;
  store.add(sequence);
  if (sequence.read(a).length === 0) return 0;
  probe.load(sequence);
  return probe.similarity(store, 0, 0);
}

/** All texts' words in one growing array. */
class WordStore {
  private words = new Uint32Array(1 << 14);
  private ends = new Float64Array(1 << 10);
  private count = 0;
  private used = 0;

  add(sequence: WordSequence): number {
    if (this.used + sequence.length > this.words.length) {
      const grown = new Uint32Array(Math.max(this.words.length * 2, this.used + sequence.length));
      grown.set(this.words);
      this.words = grown;
    }
    if (this.count === this.ends.length) {
      const grown = new Float64Array(this.ends.length * 2);
      grown.set(this.ends);
      this.ends = grown;
    }
    this.words.set(sequence.hashes.subarray(0, sequence.length), this.used);
    this.used += sequence.length;
    this.ends[this.count] = this.used;
    return this.count++;
  }

  wordsOf(id: number): Uint32Array {
    return this.words.subarray(id === 0 ? 0 : this.ends[id - 1], this.ends[id]);
  }
}

/** One band's hash table: chains of texts that agree on it. */
class BandTable {
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

/** The text that is being compared: its set of words and its set of neighbouring pairs, ready for look-ups. */
class Probe {
  /** Distinct word hashes, in order of appearance. */
  words = new Uint32Array(256);
  wordCount = 0;
  private pairCount = 0;
  private readonly table = new StampedSet();
  private readonly counted = new StampedSet();

  load(sequence: WordSequence): void {
    if (this.words.length < sequence.length) this.words = new Uint32Array(sequence.hashes.length);
    this.table.clear(sequence.length * 2);
    this.wordCount = 0;
    this.pairCount = 0;
    let previous = 0;
    for (let index = 0; index < sequence.length; index++) {
      const word = sequence.hashes[index] ?? 0;
      if (this.table.add(word)) this.words[this.wordCount++] = word;
      if (index > 0 && this.table.add(pairHash(previous, word))) this.pairCount++;
      previous = word;
    }
  }

  /** The similarity with a stored text, or 0 when it is below `floor`. */
  similarity(store: WordStore, id: number, floor: number): number {
    const words = store.wordsOf(id);
    const mine = 2 * this.wordCount + this.pairCount;
    // At most 3 a word: a much shorter text cannot reach the floor.
    if (3 * words.length < floor * mine) return 0;
    this.counted.clear(words.length * 2);
    let shared = 0;
    let theirs = 0;
    let previous = 0;
    for (let index = 0; index < words.length; index++) {
      const word = words[index] ?? 0;
      if (this.counted.add(word)) {
        theirs += 2;
        if (this.table.has(word)) shared += 2;
      }
      if (index > 0) {
        const pair = pairHash(previous, word);
        if (this.counted.add(pair)) {
          theirs++;
          if (this.table.has(pair)) shared++;
        }
      }
      previous = word;
    }
    const similarity = shared / (mine + theirs - shared);
    return similarity >= floor ? similarity : 0;
  }
}

function pairHash(first: number, second: number): number {
  return mix(Math.imul(first, 0x9e3779b1) ^ second);
}

/** A set of 32-bit hashes that is emptied in no time: a slot counts only when its stamp is today's. */
class StampedSet {
  private values = new Uint32Array(1024);
  private stamps = new Uint32Array(1024);
  private stamp = 0;
  private mask = 1023;

  /** Empties the set and makes room for `capacity` values. */
  clear(capacity: number): void {
    let size = this.values.length;
    while (size < capacity * 2) size *= 2;
    if (size > this.values.length) {
      this.values = new Uint32Array(size);
      this.stamps = new Uint32Array(size);
      this.stamp = 0;
    }
    this.mask = size - 1;
    if (++this.stamp === 0xffffffff) {
      this.stamps.fill(0);
      this.stamp = 1;
    }
  }

  /** Whether the value was new. */
  add(value: number): boolean {
    const slot = this.slot(value);
    if (this.stamps[slot] === this.stamp) return false;
    this.stamps[slot] = this.stamp;
    this.values[slot] = value;
    return true;
  }

  has(value: number): boolean {
    return this.stamps[this.slot(value)] === this.stamp;
  }

  private slot(value: number): number {
    let slot = value & this.mask;
    while (this.stamps[slot] === this.stamp && this.values[slot] !== value) slot = (slot + 1) & this.mask;
    return slot;
  }
}

/** MinHash over the distinct words, folded into one 32-bit key a band. */
class BandSigner {
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
