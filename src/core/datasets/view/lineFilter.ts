import { WHOLE_ROW } from './fields';
import { flatValueEnd } from './flatRow';
import { isFulfilledBy } from './matching';
import { keyPattern, needlePattern } from './needle';
import { VALIDATOR, type Condition } from './query';

/**
 * Looks for a condition in lines as they stand in the file, read as Latin-1: parsing all of them is what is slow. A line
 * without a hit does not fulfil the condition; one with a hit may.
 */
export interface LineTest {
  readonly condition: Condition;
  /** Where the first hit from a place on ends, or -1. */
  readonly find: (text: string, from: number) => number;
  /** Whether the line fulfils the condition, as far as this hit can tell without the row. The text is valid UTF-8. */
  readonly tells: (text: string, line: LineRange, hit: number) => boolean | undefined;
}

/** Where a line stands in a text, without its end. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Undefined where only the row itself can tell. */
export function lineTest(condition: Condition): LineTest | undefined {
  return condition.kind === 'text' ? textTest(condition, condition.text) : fieldTest(condition);
}

/** Numbers may be spelt otherwise than they print: with an exponent, with many digits, with many zeros. */
const OTHER_NUMBERS = String.raw`|\d[eE]|[\d.]{16}|0\.0{6}`;

function textTest(condition: Condition, text: string): LineTest | undefined {
  if (text === '') return undefined;
  const isNumber = /^[-+\d.eE]+$/u.test(text);
  const pattern = new RegExp(needlePattern(text) + (isNumber ? OTHER_NUMBERS : ''), 'g');
  const find = (line: string, from: number) => {
    pattern.lastIndex = from;
    return pattern.test(line) ? pattern.lastIndex : -1;
  };
  // Only such a text is spelt in one way, and cannot be what JSON itself is written with.
  const isPlain = !isNumber && /^[\dA-Za-z ]*[\dA-Za-z][\dA-Za-z ]*$/u.test(text);
  const tells: LineTest['tells'] = (line, { start }, hit) =>
    isPlain && standsInValue(line, start, hit - text.length) ? true : undefined;
  return { condition, find, tells };
}

/**
 * Whether a hit stands in a text that is no key. What is asked is answered for a bad line too: any text in it counts.
 * A value that a later key of the same name replaces counts as well: it does stand in the line.
 */
function standsInValue(text: string, start: number, hit: number): boolean {
  if (text.slice(Math.max(start, hit - 5), hit).includes('\\')) return false; // Part of an escape, it may be.
  let isInside = false;
  for (let quote = text.indexOf('"', start); quote !== -1 && quote < hit; quote = text.indexOf('"', quote + 1)) {
    if (!isEscaped(text, quote)) isInside = !isInside;
  }
  AFTER_KEY.lastIndex = stringEnd(text, hit);
  return isInside && !AFTER_KEY.test(text);
}

const AFTER_KEY = /"\s*:/y;

/** Whether a value may fulfil a condition, by where it starts in the text. */
type ValueTest = (text: string, at: number) => boolean;

function fieldTest(condition: Condition): LineTest | undefined {
  const test = valueTest(condition);
  if (!test || !('field' in condition)) return undefined;
  const { field } = condition;
  // What the validator said and what is measured does not stand in the row; nor has a row that is a scalar a key.
  if (field === WHOLE_ROW || field.startsWith(VALIDATOR) || field.startsWith('tokens.')) return undefined;
  const key = new RegExp(keyPattern(endings(field)), 'g');
  const find = (text: string, from: number) => {
    key.lastIndex = from;
    while (key.test(text)) if (test(text, key.lastIndex)) return key.lastIndex;
    return -1;
  };
  // Other names may be spelt in several ways, or be found on several ways.
  const isPlain = /^[\w -]+$/u.test(field);
  const quoted = JSON.stringify(field);
  const tells: LineTest['tells'] = (text, line, hit) => {
    const end = isPlain ? flatValueEnd(text, line, quoted, hit) : -1;
    if (end === -1) return undefined;
    return condition.kind === 'has' ? true : isFulfilledBy(condition, JSON.parse(decoded(text.slice(hit, end))));
  };
  return { condition, find, tells };
}

/** The keys that a dotted name may end in: of `a.b.c` that is `a.b.c`, `b.c` or `c`. */
function endings(field: string): string[] {
  const parts = field.split('.');
  return parts.map((_part, at) => parts.slice(at).join('.'));
}

function valueTest(condition: Condition): ValueTest | undefined {
  switch (condition.kind) {
    case 'has':
      return (text, at) => !text.startsWith('null', at) && !text.startsWith('""', at);
    case 'number':
      return numberTest(condition.least, condition.most);
    case 'field': {
      const pattern = new RegExp(needlePattern(condition.text));
      return (text, at) => text[at] !== '"' || pattern.test(text.slice(at + 1, stringEnd(text, at + 1)));
    }
    default:
      return undefined;
  }
}

const NUMBER = /-?[\d.]+(?:[eE][-+]?\d+)?/y;

function numberTest(least: number, most: number): ValueTest {
  return (text, at) => {
    NUMBER.lastIndex = at;
    const value = Number(NUMBER.exec(text)?.[0]);
    return value >= least && value <= most;
  };
}

/** Where the string that starts at `from` ends: its quote, or the end of the text. */
function stringEnd(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

function decoded(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString() : latin1;
}
