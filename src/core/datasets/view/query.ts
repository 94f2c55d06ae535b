import { DatasetViewError } from './errors';

/**
 * What a person types to find rows: words and "phrases" that a row must contain, and conditions. All must hold; a
 * minus before one turns it round.
 *
 *   pump "40 bar"            texts, anywhere in the row's values, upper and lower case alike
 *   difficulty:hard          a field that contains a text        source:="chunk_000042" a field that is exactly that
 *   confidence:<0.7          a number; also >, <=, >=            score:0.2..0.8          a range
 *   tokens.answer:20..80     the length of a field in tokens, estimated
 *   has:reasoning            a field that says something         missing:reasoning       one that does not
 *   is:bad is:blank is:large is:approved is:rejected is:reviewed is:unreviewed is:edited is:noted    tag:units
 *   is:duplicate             a row whose bytes came before
 *   is:disputed              the person decided otherwise than the run's validator
 *   validator.status:rejected, validator.reason, validator.confidence:<0.7    what that validator said
 *   validator.cost:>0.01     what the row has cost in its run, in USD
 */
export interface Query {
  readonly conditions: readonly Condition[];
}

export type Condition = { readonly negated: boolean } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: string; readonly text: string; readonly exact: boolean }
  | {
      readonly kind: 'number';
      readonly field: string;
      readonly least: number;
      readonly most: number;
      readonly open: Open;
    }
  | { readonly kind: 'has'; readonly field: string }
  | { readonly kind: 'is'; readonly state: RowCondition }
  | { readonly kind: 'tag'; readonly tag: string }
);

/** Conditions on the value of a field. */
export type FieldCondition = Extract<Condition, { readonly field: string }>;

/** Which ends of a range do not belong to it. */
type Open = 'none' | 'least' | 'most';

export const rowConditions = [
  'bad',
  'blank',
  'large',
  'duplicate',
  'approved',
  'rejected',
  'reviewed',
  'unreviewed',
  'edited',
  'noted',
  'disputed',
] as const;
export type RowCondition = (typeof rowConditions)[number];

/** Fields of a query and of a sort order that are the validator's, not the row's. */
export const VALIDATOR = 'validator.';
export const validatorFields = ['status', 'reason', 'confidence', 'cost'].map((name) => `${VALIDATOR}${name}`);

const TOKEN = /(-)?(?:((?:[^\s":\\]|\\[^])+):)?(?:(=)?"((?:[^"\\]|\\[^])*)"?|(\S+))?/uy;

/** Reads a query. Throws `DatasetViewError` (`bad_query`) that says what is wrong with which part. */
export function parseQuery(text: string): Query {
  const conditions: Condition[] = [];
  let at = 0;
  for (;;) {
    while (/\s/u.test(text[at] ?? '')) at++;
    if (at >= text.length) return { conditions };
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (!token || token[0] === '') throw new DatasetViewError('bad_query', `“${text.slice(at)}” cannot be understood.`);
    at += token[0].length;
    const [, minus, field, equals, quoted, bare] = token;
    const value = quoted === undefined ? (bare ?? '') : unescaped(quoted);
    const negated = minus !== undefined;
    if (field === undefined) conditions.push({ negated, kind: 'text', text: value });
    else if (field === 'missing') conditions.push({ negated: !negated, kind: 'has', field: value });
    else conditions.push({ negated, ...condition(field, value, quoted !== undefined, equals !== undefined) });
  }
}

function unescaped(text: string): string {
  return text.replace(/\\([^])/gu, '$1');
}

type Plain = Condition extends infer C ? (C extends Condition ? Omit<C, 'negated'> : never) : never;

/** The words of the language are its own only as they are: `\tag:x` is about a field of that name. */
function condition(name: string, value: string, quoted: boolean, exact: boolean): Plain {
  if (name === 'is') {
    const state = rowConditions.find((known) => known === value);
    if (state) return { kind: 'is', state };
    throw new DatasetViewError('bad_query', `is:${value} is not known. Known are ${rowConditions.join(', ')}.`);
  }
  if (name === 'has') return { kind: 'has', field: value };
  if (name === 'tag') return { kind: 'tag', tag: value };
  const field = unescaped(name);
  if (quoted) return { kind: 'field', field, text: value, exact };
  if (value.startsWith('=')) return { kind: 'field', field, text: value.slice(1), exact: true };
  return range(field, value) ?? { kind: 'field', field, text: value, exact: false };
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const COMPARED = new RegExp(`^(<=|>=|<|>)(${NUMBER})$`, 'u');
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`, 'u');

function range(field: string, value: string): Plain | undefined {
  const both = RANGE.exec(value);
  if (both) return { kind: 'number', field, least: Number(both[1]), most: Number(both[2]), open: 'none' };
  const one = COMPARED.exec(value);
  if (!one) return undefined;
  const bound = Number(one[2]);
  switch (one[1]) {
    case '<':
      return { kind: 'number', field, least: -Infinity, most: bound, open: 'most' };
    case '<=':
      return { kind: 'number', field, least: -Infinity, most: bound, open: 'none' };
    case '>':
      return { kind: 'number', field, least: bound, most: Infinity, open: 'least' };
    default:
      return { kind: 'number', field, least: bound, most: Infinity, open: 'none' };
  }
}
