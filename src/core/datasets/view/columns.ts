import { isObject, textOf, typeOf, WHOLE_ROW, type ValueType } from './fields';

export interface Column {
  /** Dotted for nested keys. */
  readonly name: string;
  /** `mixed` when rows disagree; null counts for nothing unless there is nothing else. */
  readonly type: ValueType | 'mixed';
  /** Rows observed that have it. */
  readonly rows: number;
  /** Rows observed where it says something: neither null nor "" nor an empty list or object. */
  readonly filled: number;
  /** Nested keys, which may be opened as columns of their own. */
  readonly nested: readonly string[];
  /** The different values that were seen, where they are few and short; else none. */
  readonly values: readonly string[];
}

/** A file of 5,000 columns is listed so far; the rest is counted. */
export const MOST_COLUMNS = 500;
const MOST_NESTED = 200;
const MOST_VALUES = 20;
const VALUE_CHARACTERS = 40;

interface Seen {
  rows: number;
  filled: number;
  type: ValueType | 'mixed';
  readonly nested: Set<string>;
  /** Undefined once there were too many. */
  values: Set<string> | undefined;
}

/** The columns of the rows that were seen, in the order in which keys first came. */
export class ColumnCollector {
  private readonly seen = new Map<string, Seen>();
  /** Columns beyond `MOST_COLUMNS`. */
  private readonly left = new Set<string>();

  /** Returns whether anything new was learnt. */
  observe(row: unknown): boolean {
    if (!isObject(row)) return this.note(WHOLE_ROW, row);
    let news = false;
    for (const [name, value] of Object.entries(row)) news = this.note(name, value) || news;
    return news;
  }

  list(): Column[] {
    return [...this.seen].map(([name, { nested, values = [], ...seen }]) => ({
      name,
      ...seen,
      nested: [...nested],
      values: [...values],
    }));
  }

  get more(): number {
    return this.left.size;
  }

  private note(name: string, value: unknown): boolean {
    let column = this.seen.get(name);
    let news = false;
    if (!column) {
      if (this.seen.size >= MOST_COLUMNS) {
        if (this.left.size < 100_000) this.left.add(name);
        return false;
      }
      column = { rows: 0, filled: 0, type: 'null', nested: new Set(), values: new Set() };
      this.seen.set(name, column);
      news = true;
    }
    column.rows++;
    if (isFilled(value)) {
      news ||= column.filled === 0;
      column.filled++;
    }
    const type = typeOf(value);
    if (type !== 'null' && column.type !== type && column.type !== 'mixed') {
      column.type = column.type === 'null' ? type : 'mixed';
      news = true;
    }
    noteValue(column, value);
    if (isObject(value)) {
      for (const key of Object.keys(value)) {
        if (column.nested.size >= MOST_NESTED) break;
        const size = column.nested.size;
        news = column.nested.add(`${name}.${key}`).size > size || news;
      }
    }
    return news;
  }
}

function noteValue(column: Seen, value: unknown): void {
  if (!column.values || !isFilled(value)) return;
  const text = typeof value === 'object' ? undefined : textOf(value);
  if (text === undefined || text.length > VALUE_CHARACTERS) column.values = undefined;
  else if (column.values.add(text).size > MOST_VALUES) column.values = undefined;
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== null && value !== undefined && value !== '';
}
