import { resolve } from 'node:path';
import { DatasetError } from './errors';
import type { Place } from './dedupe';
import { NearIndex } from './near';
import { promptOf, trainingText } from './row-keys';
import { goodRow, readRows, rowBatches, type JsonObject } from './rows';
import { mix, wordSpans, WordSequence } from './words';
import { LineWriter } from './writer';

/** A row that gives away a held-out one. */
export interface Leak {
  readonly row: Place;
  /** The held-out row. */
  readonly against: Place;
  /** `ngram`: a long passage in common. `prompt`: the same question in other clothes, or nearly. */
  readonly kind: 'ngram' | 'prompt';
  /** Of the questions, for `prompt`. */
  readonly similarity: number | null;
  /** What both share, as the row writes it. */
  readonly shared: string;
  readonly rowText: string;
  readonly againstText: string;
}

export interface LeakOptions {
  /** So many words in a row, in common with a held-out row, are a leak. Default 13 (Brown et al. 2020, appendix C). */
  readonly ngram?: number;
  /** Questions at least this similar are a leak. Default 0.8. */
  readonly threshold?: number;
  /** Phrases that may be in common (boilerplate, quoted law, names): both sides are compared without them. */
  readonly allow?: readonly string[];
}

/** Finds rows that share a long passage or their question with held-out rows. */
export class LeakFinder {
  private readonly ngram: number;
  private readonly allowed: readonly Uint32Array[];
  private readonly passages = new Map<number, number>();
  private readonly prompts: NearIndex<number>;
  private readonly heldOut: { readonly place: Place; readonly text: string }[] = [];
  private readonly sequence = new WordSequence();

  constructor(options: LeakOptions = {}) {
    this.ngram = options.ngram ?? 13;
    if (!Number.isInteger(this.ngram) || this.ngram < 2) {
      throw new DatasetError('wrong_usage', 'n-grams need a whole number of words, at least 2.');
    }
    this.prompts = new NearIndex({ threshold: options.threshold ?? 0.8 });
    this.allowed = (options.allow ?? [])
      .map((phrase) => this.sequence.read(phrase).toArray())
      .filter((words) => words.length > 0);
  }

  hold(row: JsonObject, place: Place): void {
    const text = trainingText(row);
    const number = this.heldOut.length;
    this.heldOut.push({ place, text });
    for (const { hash } of this.windows(text)) if (!this.passages.has(hash)) this.passages.set(hash, number);
    const prompt = this.comparable(promptOf(row));
    if (prompt !== undefined) this.prompts.add(prompt, number);
  }

  /** The first leak of a row, or undefined. */
  find(row: JsonObject, place: Place): Leak | undefined {
    const text = trainingText(row);
    for (const { hash, at } of this.windows(text)) {
      const number = this.passages.get(hash);
      if (number !== undefined) return this.leak(number, place, text, 'ngram', null, this.shared(text, at, number));
    }
    const prompt = this.comparable(promptOf(row));
    const twin = prompt === undefined ? undefined : this.prompts.find(prompt);
    if (prompt === undefined || !twin) return undefined;
    return this.leak(twin.key, place, text, 'prompt', twin.similarity, prompt);
  }

  private leak(
    number: number,
    row: Place,
    rowText: string,
    kind: Leak['kind'],
    similarity: number | null,
    shared: string,
  ): Leak {
    const held = this.heldOut[number];
    if (!held) throw new RangeError(`There is no held-out row ${number}.`);
    return { row, against: held.place, kind, similarity, shared, rowText, againstText: held.text };
  }

  /** All runs of n words outside the allowed phrases. */
  private *windows(text: string): Generator<{ readonly hash: number; readonly at: number }> {
    const words = this.sequence.read(text).toArray();
    const covered = this.cover(words);
    let run = 0;
    for (let index = 0; index < words.length; index++) {
      run = covered[index] === 1 ? 0 : run + 1;
      if (run < this.ngram) continue;
      const at = index - this.ngram + 1;
      yield { hash: windowHash(words, at, this.ngram), at };
    }
  }

  /** 1 for every word that is a part of an allowed phrase. */
  private cover(words: Uint32Array): Uint8Array {
    const covered = new Uint8Array(words.length);
    for (const phrase of this.allowed) {
      for (let at = words.indexOf(phrase[0] ?? 0); at >= 0; at = words.indexOf(phrase[0] ?? 0, at + 1)) {
        if (phrase.every((word, index) => words[at + index] === word)) covered.fill(1, at, at + phrase.length);
      }
    }
    return covered;
  }

  /** A question that can be compared: not one that consists of allowed phrases. */
  private comparable(prompt: string | undefined): string | undefined {
    if (prompt === undefined) return undefined;
    const words = this.sequence.read(prompt).toArray();
    const free = words.length - this.cover(words).reduce((sum, one) => sum + one, 0);
    return free > 0 ? prompt : undefined;
  }

  /** The passage from the first shared word on, as long as the words stay the same. */
  private shared(text: string, at: number, number: number): string {
    const spans = wordSpans(text);
    const own = this.sequence.read(text).toArray();
    const theirs = this.sequence.read(this.heldOut[number]?.text ?? '').toArray();
    let longest = this.ngram;
    for (let start = theirs.indexOf(own[at] ?? 0); start >= 0; start = theirs.indexOf(own[at] ?? 0, start + 1)) {
      let length = 0;
      while (at + length < own.length && own[at + length] === theirs[start + length]) length++;
      longest = Math.max(longest, length);
    }
    return text.slice(spans[at]?.start ?? 0, spans[at + longest - 1]?.end ?? text.length);
  }
}

export interface DecontaminateRequest extends LeakOptions {
  readonly file: string;
  readonly against: readonly string[];
  /** Without it, leaks are only reported. */
  readonly out?: string;
  readonly signal?: AbortSignal;
  readonly onLeak?: (leak: Leak) => void;
}

export interface DecontaminateResult {
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly rows: number;
  readonly leaks: number;
  readonly heldOut: number;
}

/**
 * Writes the rows that give no held-out row away. The held-out files are kept in memory, the training file is not.
 * @throws {DatasetError} `broken_rows`, `exists`, `empty`, `wrong_usage`
 */
export async function decontaminate(request: DecontaminateRequest): Promise<DecontaminateResult> {
  if (request.against.some((path) => resolve(path) === resolve(request.file))) {
    throw new DatasetError(
      'wrong_usage',
      `${request.file} cannot be held against itself: all of it would leak. Name the held-out file.`,
    );
  }
  const finder = new LeakFinder(request);
  let heldOut = 0;
  for (const file of request.against) {
    for await (const { value, line } of readRows(file, request.signal)) {
      finder.hold(value, { file, line: line.number });
      heldOut++;
    }
  }
  if (heldOut === 0) throw new DatasetError('empty', `${request.against.join(', ')}: there are no held-out rows.`);
  await using writer = request.out === undefined ? undefined : await LineWriter.create(request.out);
  let rows = 0;
  let leaks = 0;
  for await (const batch of rowBatches(request.file, request.signal)) {
    for (const item of batch) {
      const row = goodRow(item, request.file);
      rows++;
      const leak = finder.find(row.value, { file: request.file, line: row.line.number });
      if (leak) {
        leaks++;
        request.onLeak?.(leak);
      } else writer?.copy(row.line);
    }
    await writer?.flush();
  }
  await writer?.commit();
  const outputs = writer ? [{ path: writer.path, rows: writer.rows }] : [];
  return { outputs, rows, leaks, heldOut };
}

function windowHash(words: Uint32Array, at: number, length: number): number {
  let low = 0;
  let high = 0x5bd1e995;
  for (let index = at; index < at + length; index++) {
    low = mix(Math.imul(low, 31) ^ (words[index] ?? 0));
    high = Math.imul(high ^ (words[index] ?? 0), 0x9e3779b1);
  }
  return (mix(high) & 0x1fffff) * 2 ** 32 + low;
}
