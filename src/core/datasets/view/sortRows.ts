import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fieldOf, textOf } from './fields';
import { lineBlocks } from './lineBlocks';
import { withoutReturn } from './lineIndex';
import { parseRow } from './rowText';
import { VALIDATOR } from './query';
import { validatorValue, type ValidatorVerdicts } from './validatorVerdicts';

export interface SortOrder {
  readonly field: string;
  readonly descending: boolean;
}

/** A row's place in the order: numbers, then texts, then rows without the field, whichever way it goes. */
type Key = readonly [rank: 0 | 1 | 2, number: number, text: string, line: number];

/** Keys, and characters of them, held in memory; more go to sorted runs on disk, which are merged. Some 30 MB. */
const RUN_ROWS = 200_000;
const RUN_CHARACTERS = 64 * RUN_ROWS;
/** Texts that agree so far stay in the order of the file. */
const KEY_CHARACTERS = 256;
const NEWLINE = 10;

/**
 * The lines of a file in the order of a field, in batches; `only` says which lines take part. Memory is bounded:
 * keys beyond `RUN_ROWS` or `RUN_CHARACTERS` are sorted on disk.
 */
export async function* sortRows(
  file: FileHandle,
  { field, descending }: SortOrder,
  only: ((line: number) => boolean) | undefined,
  signal: AbortSignal,
  onProgress: (scanned: number) => void,
  validator?: ValidatorVerdicts,
): AsyncGenerator<number[]> {
  const compare = descending ? (a: Key, b: Key) => order(a, b, -1) : (a: Key, b: Key) => order(a, b, 1);
  await using runs = new Runs(compare);
  let keys: Key[] = [];
  let characters = 0;
  let line = 0;
  for await (const { bytes, end, cut } of lineBlocks(file, 0, signal)) {
    for (let start = 0; start < bytes.length; line++) {
      const found = bytes.indexOf(NEWLINE, start);
      const stop = found === -1 ? bytes.length : found;
      if (only?.(line) ?? true) {
        const row = cut ? undefined : parseRow(withoutReturn(bytes.subarray(start, stop)), line === 0);
        const key = keyOf(row?.state === 'ok' ? valueOf(row.value, field, validator) : undefined, line);
        characters += key[2].length;
        keys.push(key);
      }
      start = stop + 1;
    }
    if (keys.length >= RUN_ROWS || characters >= RUN_CHARACTERS) {
      await runs.add(keys);
      keys = [];
      characters = 0;
    }
    onProgress(end);
  }
  yield* runs.merged(keys, signal);
}

function valueOf(row: unknown, field: string, validator: ValidatorVerdicts | undefined): unknown {
  const value = fieldOf(row, field);
  if (value !== undefined || !field.startsWith(VALIDATOR)) return value;
  return validatorValue(validator?.of(row), field);
}

function keyOf(value: unknown, line: number): Key {
  if (typeof value === 'number') return [0, value, '', line];
  if (value === undefined || value === null) return [2, 0, '', line];
  return [1, 0, textOf(value).slice(0, KEY_CHARACTERS).toLowerCase(), line];
}

function order(a: Key, b: Key, sign: 1 | -1): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return sign * (a[1] - b[1]);
  if (a[2] !== b[2]) return sign * (a[2] < b[2] ? -1 : 1);
  return a[3] - b[3];
}

/** Sorted runs of keys in temporary files. */
class Runs implements AsyncDisposable {
  private folder: string | undefined;
  private readonly files: string[] = [];

  constructor(private readonly compare: (a: Key, b: Key) => number) {}

  async add(keys: Key[]): Promise<void> {
    this.folder ??= await mkdtemp(path.join(tmpdir(), 'distillery-sort-'));
    const file = path.join(this.folder, String(this.files.length));
    keys.sort(this.compare);
    await writeFile(file, keys.map((key) => `${JSON.stringify(key)}\n`).join(''));
    this.files.push(file);
  }

  /** All lines in order: those of the files and those still in memory. */
  async *merged(rest: Key[], signal: AbortSignal): AsyncGenerator<number[]> {
    rest.sort(this.compare);
    if (this.files.length === 0) {
      yield rest.map(([, , , line]) => line);
      return;
    }
    const sources: AsyncIterator<Key>[] = [...this.files.map(keysIn), inMemory(rest)];
    const heads = await Promise.all(sources.map(async (source) => ({ source, key: await nextKey(source) })));
    let batch: number[] = [];
    for (;;) {
      signal.throwIfAborted();
      // There are as many runs as 200,000s of rows: looking at each head beats a heap.
      let least: (typeof heads)[number] | undefined;
      for (const head of heads) {
        if (head.key && (!least?.key || this.compare(head.key, least.key) < 0)) least = head;
      }
      if (!least?.key) break;
      batch.push(least.key[3]);
      least.key = await nextKey(least.source);
      if (batch.length >= 50_000) {
        yield batch;
        batch = [];
      }
    }
    yield batch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true });
  }
}

async function* keysIn(file: string): AsyncGenerator<Key> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const key: unknown = JSON.parse(line);
    if (!isKey(key)) throw new Error(`${file} was changed by another program while it was used for sorting.`);
    yield key;
  }
}

function isKey(value: unknown): value is Key {
  return Array.isArray(value) && value.length === 4 && typeof value[3] === 'number';
}

async function* inMemory(keys: readonly Key[]): AsyncGenerator<Key> {
  yield* keys;
  await Promise.resolve();
}

async function nextKey(source: AsyncIterator<Key>): Promise<Key | undefined> {
  const next = await source.next();
  return next.done === true ? undefined : next.value;
}
