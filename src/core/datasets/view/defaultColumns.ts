import type { Column } from './columns';

/** Columns shown when the person has chosen none: a file of 5,000 columns starts with as many as can be read. */
const FIRST_COLUMNS = 12;

/** Ids that programs read: shown after what people read. */
const IDS = /(?:^|_)(?:id|hash|sha256|timestamp|uuid)$/iu;

/** The names of the columns that are shown until a person chooses: what says something first, ids last. */
export function defaultColumns(columns: readonly Pick<Column, 'name' | 'filled'>[]): string[] {
  const filled = columns.filter(({ filled }) => filled > 0);
  const useful = filled.length > 0 ? filled : columns;
  const readable = useful.filter(({ name }) => !IDS.test(name));
  const ids = useful.filter(({ name }) => IDS.test(name));
  return [...readable, ...ids].slice(0, FIRST_COLUMNS).map(({ name }) => name);
}
