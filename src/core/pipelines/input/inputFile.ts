import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DatasetError, type RowProblem } from '../../datasets/errors';
import { type JsonObject, readRows, rowBatches, rowProblem } from '../../datasets/rows';

/** What a pipeline makes of a row. */
export type Reading<T> =
  /** `id` is empty when the row has none; `columns` says which column was read as which field. */
  | {
      readonly kind: 'row';
      readonly id: string;
      readonly value: T;
      readonly columns: ReadonlyMap<string, string>;
      /** Nobody will be asked: it has more text than `longestText`. */
      readonly tooLong?: boolean;
    }
  /** A row that asks for nothing: left out, and said. */
  | { readonly kind: 'blank' }
  | { readonly kind: 'problem'; readonly message: string };

export interface InputRow<T> {
  /** Its place among the rows that are not blank, from 0. */
  readonly index: number;
  /** Its own, or `row_%06d` by its place. */
  readonly id: string;
  readonly value: T;
  readonly tooLong: boolean;
}

/** Rows that stand together in a file. */
export interface Part<T> {
  /** Those that are not blank. */
  readonly count: number;
  /** Those of them that are not too long to be asked about. */
  readonly fit: number;
  /** `index` counts from the part's first row. */
  rows(): AsyncIterable<InputRow<T>>;
}

/** A row with longer text than this no teacher takes whole. */
export const longestText = 400_000;

/** How many faulty rows are named before the rest is counted. */
const namedProblems = 10;

/** A file of rows to work on: read once to know that every row is fit and what it is, and again when the work is done. */
export class InputFile<T> {
  private constructor(
    readonly path: string,
    private readonly read: (row: JsonObject) => Reading<T>,
    private readonly state: { readonly size: number; readonly changed: number },
    readonly sha256: string,
    /** All rows, the blank ones too. */
    readonly total: number,
    readonly blank: readonly Place[],
    readonly tooLong: readonly Place[],
    /** Field → the columns that it was read from, where they are called otherwise. */
    readonly renamed: ReadonlyMap<string, ReadonlySet<string>>,
  ) {}

  get bytes(): number {
    return this.state.size;
  }

  /** Rows that are not blank. */
  get count(): number {
    return this.total - this.blank.length;
  }

  /**
   * Reads the file through.
   * @throws DatasetError: `wrong_format` with every faulty row by line, `empty`, and what `rowBatches` throws.
   */
  static async open<T>(
    path: string,
    read: (row: JsonObject) => Reading<T>,
    signal?: AbortSignal,
  ): Promise<InputFile<T>> {
    const survey = new Survey(path, read);
    for await (const batch of rowBatches(path, signal)) {
      for (const row of batch) {
        if ('value' in row) survey.take(row.value, row.line.number);
        else survey.problem(rowProblem(row, path));
      }
    }
    survey.check();
    const { size, mtimeMs } = await stat(path);
    const sha256 = await hashOf(path, signal);
    const { total, blank, tooLong, renamed } = survey;
    return new InputFile(path, read, { size, changed: mtimeMs }, sha256, total, blank, tooLong, renamed);
  }

  /** @param from counts all rows from 0, the blank ones too: what a person counts, and an editor selects. */
  part(from: number, most = Infinity): Part<T> {
    const to = Math.min(this.total, from + most);
    const within = (places: readonly Place[]) => places.filter(({ row }) => row >= from && row < to).length;
    const count = Math.max(0, to - from) - within(this.blank);
    const numbered = async function* (rows: AsyncIterable<InputRow<T>>) {
      let index = 0;
      for await (const row of rows) yield { ...row, index: index++ };
    };
    return { count, fit: count - within(this.tooLong), rows: () => numbered(this.rows(from, to)) };
  }

  /**
   * @param from to before `to`: places among all rows, as in `part`.
   * @throws DatasetError `unreadable` when the file is another than it was when it was opened.
   */
  async *rows(from = 0, to = Infinity, signal?: AbortSignal): AsyncGenerator<InputRow<T>> {
    const { size, mtimeMs } = await stat(this.path);
    if (size !== this.state.size || mtimeMs !== this.state.changed)
      throw new DatasetError('unreadable', `${this.path} was changed while the run reads it. Start the run again.`);
    let place = 0;
    let index = 0;
    for await (const { value } of readRows(this.path, signal)) {
      if (place++ >= to) return;
      const reading = this.read(value);
      if (reading.kind !== 'row') continue;
      const { id, value: read, tooLong = false } = reading;
      if (place > from) yield { index, id: id || numberedId(index), value: read, tooLong };
      index++;
    }
  }
}

/** Where a row stands: its line, from 1, and its place among all rows, from 0. */
interface Place {
  readonly line: number;
  readonly row: number;
}

/** The first pass: what is wrong with the file, and what is to be said of it. */
class Survey<T> {
  total = 0;
  readonly blank: Place[] = [];
  readonly tooLong: Place[] = [];
  readonly renamed = new Map<string, Set<string>>();
  readonly #lines = new Map<string, number>();
  readonly #problems: RowProblem[] = [];
  #more = 0;

  constructor(
    private readonly path: string,
    private readonly read: (row: JsonObject) => Reading<T>,
  ) {}

  take(value: JsonObject, line: number): void {
    const reading = this.read(value);
    const place = { line, row: this.total++ };
    switch (reading.kind) {
      case 'blank':
        this.blank.push(place);
        break;
      case 'problem':
        this.problem({ file: this.path, line, column: 1, message: reading.message });
        break;
      case 'row':
        if (reading.tooLong) this.tooLong.push(place);
        this.#name(reading.id || numberedId(place.row - this.blank.length), line);
        for (const [field, column] of reading.columns) if (field !== column) this.#rename(field, column);
    }
  }

  problem(problem: RowProblem): void {
    if (this.#problems.length < namedProblems) this.#problems.push(problem);
    else this.#more++;
  }

  check(): void {
    if (this.#problems.length > 0) {
      const named = this.#problems.map(({ line, message }) => `  line ${line}: ${message}`);
      const more = this.#more > 0 ? [`  and ${this.#more} more`] : [];
      throw new DatasetError(
        'wrong_format',
        [`${this.path} cannot be worked on as it is:`, ...named, ...more].join('\n'),
        this.#problems,
      );
    }
    if (this.total === this.blank.length) throw new DatasetError('empty', `${this.path} holds no row to work on.`);
  }

  #name(id: string, line: number): void {
    const before = this.#lines.get(id);
    if (before === undefined) this.#lines.set(id, line);
    else {
      const message = `It has the id “${id}” of line ${before}. Give each row an id of its own, or take the ids out.`;
      this.problem({ file: this.path, line, column: 1, message });
    }
  }

  #rename(field: string, column: string): void {
    const columns = this.renamed.get(field) ?? new Set<string>();
    this.renamed.set(field, columns.add(column));
  }
}

function numberedId(index: number): string {
  return `row_${String(index).padStart(6, '0')}`;
}

async function hashOf(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path, { ...(signal && { signal }) })) hash.update(block as Buffer);
  return hash.digest('hex');
}
