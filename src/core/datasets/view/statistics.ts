import type { FileHandle } from 'node:fs/promises';
import { estimatedTokens, fieldOf, isObject, textOf, WHOLE_ROW, type JsonObject } from './fields';
import { lineBlocks } from './lineBlocks';
import { withoutReturn } from './lineIndex';
import { NumberHistogram, type Histogram } from './histogram';
import { Phrases, type Phrase } from './phrases';
import { VALIDATOR } from './query';
import { RepeatedRows } from './repeatedRows';
import { parseRow } from './rowText';
import type { ValidatorVerdicts } from './validatorVerdicts';
import { MOST_COLUMNS } from './columns';

/** What the Statistics tab draws: over the whole file, in memory that does not grow with it. */
export interface Statistics {
  readonly rows: number;
  readonly bad: number;
  readonly blank: number;
  /** Rows whose bytes came before, as `is:duplicate` finds them. */
  readonly duplicates: number;
  readonly fields: readonly FieldStatistics[];
  /** Rows by what the run's validator said of them; null outside of a run. */
  readonly validator: readonly { readonly value: string; readonly rows: number }[] | null;
  /** The most frequent ones, in every so many rows: all rows of a file of ordinary size. */
  readonly phrases: { readonly every: number; readonly listed: readonly Phrase[] };
}

export interface FieldStatistics {
  readonly name: string;
  readonly present: number;
  readonly missing: number;
  /** Lengths of texts in estimated tokens (characters / 4), or the numbers themselves. */
  readonly histogram: Histogram | null;
  readonly measure: 'tokens' | 'value';
  /** The most frequent values, where a field has few different ones. */
  readonly values: readonly { readonly value: string; readonly rows: number }[] | null;
}

/** Cutting more than this into words takes longer than all the rest. */
const PHRASE_BYTES = 64 << 20;
/** Of all objects together, besides the fields of the first level. */
const MOST_NESTED = 200;
const MOST_VALUES = 200;
const SHOWN_VALUES = 30;
const VALUE_CHARACTERS = 80;
const NEWLINE = 10;

/** Reads the whole file and counts. `onProgress` hears the bytes read. */
export async function gatherStatistics(
  file: FileHandle,
  signal: AbortSignal,
  onProgress: (read: number) => void,
  validator?: ValidatorVerdicts,
): Promise<Statistics> {
  const { size } = await file.stat();
  const gathered = new Gathered(validator, Math.max(1, Math.ceil(size / PHRASE_BYTES)));
  let line = 0;
  for await (const { bytes, end, cut } of lineBlocks(file, 0, signal)) {
    for (let start = 0; start < bytes.length; line++) {
      const found = bytes.indexOf(NEWLINE, start);
      const stop = found === -1 ? bytes.length : found;
      gathered.line(withoutReturn(bytes.subarray(start, stop)), line === 0, cut);
      start = stop + 1;
    }
    onProgress(end);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return gathered.result();
}

class Gathered {
  private rows = 0;
  private bad = 0;
  private blank = 0;
  private duplicates = 0;
  private nested = 0;
  private readonly repeats = new RepeatedRows();
  private readonly phrases = new Phrases();
  private readonly fields = new Map<string, Field>();
  private readonly statuses = new Map<string, number>();

  constructor(
    private readonly validator: ValidatorVerdicts | undefined,
    /** Phrases are counted in each so manieth row. */
    private readonly every: number,
  ) {}

  line(bytes: Buffer, first: boolean, cut: boolean): void {
    if (cut) {
      this.rows++; // Too long to be parsed: a row, of which nothing more is known.
      return;
    }
    const row = parseRow(bytes, first);
    if (row.state === 'blank') this.blank++;
    else if (row.state === 'bad') this.bad++;
    else if (row.state === 'ok') {
      this.rows++;
      if (this.repeats.isRepeat(bytes.toString('latin1'))) this.duplicates++;
      if (this.rows % this.every === 0) this.phrases.add(row.value);
      const known = this.validator?.of(row.value);
      const status = known?.status;
      if (status !== undefined) this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      for (const name of isObject(row.value) ? Object.keys(row.value) : [WHOLE_ROW]) {
        const value = fieldOf(row.value, name);
        this.field(name)?.add(value);
        if (isObject(value) && isObject(row.value)) this.inner(row.value, name, value);
      }
      // Golden rows do not say what they have cost; their run does.
      if (known && !hasCost(row.value)) this.field(`${VALIDATOR}cost`)?.add(known.cost);
    }
  }

  result(): Statistics {
    const { rows, bad, blank, duplicates } = this;
    const fields = [...this.fields].map(([name, field]) => field.result(name, rows));
    const statuses = [...this.statuses].map(([value, times]) => ({ value, rows: times }));
    const phrases = { every: this.every, listed: this.phrases.result() };
    return { rows, bad, blank, duplicates, fields, validator: statuses.length > 0 ? statuses : null, phrases };
  }

  /** The keys of an object on the first level, by their dotted names; a key that has such a name itself wins. */
  private inner(row: JsonObject, name: string, value: JsonObject): void {
    for (const [key, entry] of Object.entries(value)) {
      const dotted = `${name}.${key}`;
      if (Object.hasOwn(row, dotted)) continue;
      if (!this.fields.has(dotted) && this.nested++ >= MOST_NESTED) continue;
      this.field(dotted)?.add(entry);
    }
  }

  private field(name: string): Field | undefined {
    let field = this.fields.get(name);
    if (!field && this.fields.size < MOST_COLUMNS) {
      field = new Field();
      this.fields.set(name, field);
    }
    return field;
  }
}

function hasCost(row: unknown): boolean {
  return isObject(row) && Object.keys(row).some((name) => /cost/iu.test(name));
}

class Field {
  private present = 0;
  private readonly numbers = new NumberHistogram();
  private readonly lengths = new NumberHistogram();
  private values: Map<string, number> | undefined = new Map();

  add(value: unknown): void {
    if (value === null || value === undefined) return;
    this.present++;
    if (typeof value === 'number') this.numbers.add(value);
    else this.lengths.add(estimatedTokens(textOf(value)));
    if (typeof value === 'object') this.values = undefined;
    else this.count(textOf(value));
  }

  result(name: string, rows: number): FieldStatistics {
    const measure = this.numbers.count > this.lengths.count ? 'value' : 'tokens';
    const values = this.values && [...this.values].sort(([, a], [, b]) => b - a).slice(0, SHOWN_VALUES);
    return {
      name,
      present: this.present,
      missing: rows - this.present,
      histogram: measure === 'value' ? this.numbers.result() : this.lengths.result(),
      measure,
      values: values && values.length > 0 ? values.map(([value, times]) => ({ value, rows: times })) : null,
    };
  }

  /** A field with more different values than a person would read is no category. */
  private count(value: string): void {
    if (!this.values) return;
    if (value.length > VALUE_CHARACTERS) this.values = undefined;
    else this.values.set(value, (this.values.get(value) ?? 0) + 1);
    if (this.values && this.values.size > MOST_VALUES) this.values = undefined;
  }
}
