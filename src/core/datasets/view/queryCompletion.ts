import { rowConditions } from './query';
import { queryFieldIs, queryHas, queryMissing, queryName, queryTag } from './queryText';

/** A column as completion knows it. */
export interface CompletedField {
  readonly name: string;
  readonly nested?: readonly string[];
  /** All that were seen of a column with few different values. */
  readonly values?: readonly string[];
  /** Its values have a length in tokens. */
  readonly isText?: boolean;
}

const MOST = 30;

/** The last word of a query, as far as it was typed: blanks may stand in quotes. */
const LAST = /(?:[^\s"\\]|\\[^]|"(?:[^"\\]|\\[^])*"?)*$/u;
const PLAIN_VALUE = /^(?!\d*\.\.)[\p{L}\p{N}_.-]+$/u;

/** What a query that is being typed may become: its last word, completed. */
export function queryCompletions(typed: string, fields: readonly CompletedField[], tags: readonly string[]): string[] {
  const last = LAST.exec(typed)?.[0] ?? '';
  const negated = last.startsWith('-') ? '-' : '';
  const word = last.slice(negated.length);
  if (word === '') return [];
  const before = typed.slice(0, typed.length - word.length);
  return [...words(word, fields, tags)]
    .filter((text) => text.startsWith(word) && text !== word)
    .slice(0, MOST)
    .map((text) => before + text);
}

function words(word: string, fields: readonly CompletedField[], tags: readonly string[]): Set<string> {
  const names = fields.flatMap(({ name, nested = [] }) => [name, ...nested]);
  return new Set([
    ...rowConditions.map((name) => `is:${name}`),
    ...['tag:', 'has:', 'missing:', 'tokens.'],
    ...names.map((name) => `${queryName(name)}:`),
    ...fields
      .filter(({ name }) => word.startsWith(`${queryName(name)}:`))
      .flatMap(({ name, values = [] }) => values.map((value) => fieldIs(name, value))),
    ...(word.startsWith('tag:') ? tags.map(queryTag) : []),
    ...names.flatMap((name) => [queryHas(name), queryMissing(name)]),
    ...fields.filter(({ isText }) => isText).map(({ name }) => `${queryName(`tokens.${name}`)}:`),
  ]);
}

/** As a person would type it, where that is understood. */
function fieldIs(name: string, value: string): string {
  return PLAIN_VALUE.test(value) ? `${queryName(name)}:${value}` : queryFieldIs(name, value);
}
