import { isObject, type JsonObject } from './rows';

/** The types that a column can have in a file that Arrow (and so Hugging Face `datasets`) reads. */
export type ColumnKind = 'text' | 'number' | 'boolean' | 'list' | 'object';

/** A value that does not have the type of the values before it. */
export interface Drift {
  readonly path: readonly (string | number)[];
  readonly expected: ColumnKind;
  readonly found: ColumnKind;
}

/** What was learnt of a column: nothing but data, so that threads can hand it on. */
export interface Column {
  kind: ColumnKind | undefined;
  readonly fields: Map<string, Column>;
  items: Column | undefined;
}

/**
 * The types of the columns, nested ones too, learnt from the rows: null fits everywhere, a missing key is null. This is
 * what pyarrow's JSON reader insists on ("Column(/meta) changed from string to number in row 1").
 */
export class ColumnTypes {
  readonly root = newColumn();

  /** Learns the row. Returns what does not fit what was learnt before. */
  observe(row: JsonObject): Drift[] {
    const drifts: Drift[] = [];
    observeObject(this.root, row, drifts);
    return drifts;
  }

  /** Learns what was learnt of other rows, if all of it fits. */
  merge(other: Column): boolean {
    const fitting = fits(this.root, other);
    if (fitting) merge(this.root, other);
    return fitting;
  }

  /** The top-level columns and their types, in order of appearance; a column of nulls has none. */
  columns(): { readonly name: string; readonly kind: ColumnKind | undefined }[] {
    return [...this.root.fields].map(([name, { kind }]) => ({ name, kind }));
  }
}

function newColumn(): Column {
  return { kind: undefined, fields: new Map(), items: undefined };
}

function fits(known: Column | undefined, other: Column | undefined): boolean {
  if (!known || !other) return true;
  if (known.kind !== undefined && other.kind !== undefined && known.kind !== other.kind) return false;
  for (const [name, field] of other.fields) if (!fits(known.fields.get(name), field)) return false;
  return fits(known.items, other.items);
}

function merge(known: Column, other: Column): void {
  known.kind ??= other.kind;
  for (const [name, field] of other.fields) {
    let own = known.fields.get(name);
    if (own === undefined) known.fields.set(name, (own = newColumn()));
    merge(own, field);
  }
  if (other.items) merge((known.items ??= newColumn()), other.items);
}

function observeObject(node: Column, value: JsonObject, drifts: Drift[]): void {
  for (const key in value) {
    const field = value[key];
    if (field === null || field === undefined) {
      if (!node.fields.has(key)) node.fields.set(key, newColumn());
      continue;
    }
    let child = node.fields.get(key);
    if (child === undefined) node.fields.set(key, (child = newColumn()));
    const before = drifts.length;
    observeValue(child, field, drifts);
    if (drifts.length > before) prefix(drifts, before, key);
  }
}

function observeValue(node: Column, value: unknown, drifts: Drift[]): void {
  const kind = kindOf(value);
  if (kind === undefined) return;
  if (node.kind === undefined) node.kind = kind;
  else if (node.kind !== kind) {
    drifts.push({ path: [], expected: node.kind, found: kind });
    return;
  }
  if (Array.isArray(value)) {
    node.items ??= newColumn();
    for (const [index, item] of value.entries()) {
      const before = drifts.length;
      observeValue(node.items, item, drifts);
      if (drifts.length > before) prefix(drifts, before, index);
    }
  } else if (kind === 'object' && isObject(value)) observeObject(node, value, drifts);
}

function prefix(drifts: Drift[], from: number, key: string | number): void {
  for (let index = from; index < drifts.length; index++) {
    const drift = drifts[index];
    if (drift) drifts[index] = { ...drift, path: [key, ...drift.path] };
  }
}

function kindOf(value: unknown): ColumnKind | undefined {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (value === null || value === undefined) return undefined;
      return Array.isArray(value) ? 'list' : 'object';
  }
}
