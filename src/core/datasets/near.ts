import { BandSigner, BandTable } from './near-bands';
import { Probe, WordStore } from './near-compare';
import { WordSequence } from './words';

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
    if (!this.load(text)) return undefined;
    const keys = this.signer.sign(this.probe);
    const twin = this.best(keys);
    if (twin === undefined) this.keep(keys, key);
    return twin;
  }

  /** As `add`, and nothing is kept. */
  find(text: string): Twin<Key> | undefined {
    return this.load(text) ? this.best(this.signer.sign(this.probe)) : undefined;
  }

  /**
   * Keeps the text whatever it resembles, and reports every earlier text that is at least `threshold` similar.
   * At most `limit` of them are compared: a file of one template has millions of pairs, and a few links tie a group.
   */
  link(text: string, key: Key, limit: number, found: (key: Key, similarity: number) => void): { skipped: number } {
    if (!this.load(text)) return { skipped: 0 };
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

  private load(text: string): boolean {
    this.sequence.read(text);
    this.probe.load(this.sequence);
    return this.sequence.length > 0;
  }

  private best(bandKeys: Uint32Array): Twin<Key> | undefined {
    let best = -1;
    let similarity = 0;
    this.candidates(bandKeys, (id) => {
      const found = this.probe.similarity(this.store, id, Math.max(this.threshold, similarity));
      // Candidates come in no particular order: ties go to the earliest, so that the outcome does not depend on it.
      if (found > similarity || (found === similarity && found > 0 && id < best)) {
        best = id;
        similarity = found;
      }
    });
    const key = best < 0 ? undefined : this.keys[best];
    return key === undefined ? undefined : { key, similarity };
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
  const store = new WordStore();
  if (scratch.sequence.read(b).length === 0) return 0;
  store.add(scratch.sequence);
  if (scratch.sequence.read(a).length === 0) return 0;
  scratch.probe.load(scratch.sequence);
  return scratch.probe.similarity(store, 0, 0);
}

/** Their tables are kilobytes: not anew for every two texts. */
const scratch = { probe: new Probe(), sequence: new WordSequence() };
