import { mix, type WordSequence } from './words';

/** All texts' words in one growing array. */
export class WordStore {
  private words = new Uint32Array(1 << 8);
  private ends = new Float64Array(1 << 4);
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

/** The text that is being compared: its set of words and its set of neighbouring pairs, ready for look-ups. */
export class Probe {
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
