import { WHOLE_ROW } from './fields';
import { keyPattern, needlePattern } from './needle';
import { VALIDATOR, type Condition } from './query';

/**
 * Finds the places in a block of lines, read as Latin-1, at which a line may match a condition: every line that does
 * has such a place. What stands there is read without the rest of the line, because parsing all lines is what is slow.
 * Answers the first place from `from` on, or -1.
 */
export type LineFilter = (text: string, from: number) => number;

export function lineFilters(conditions: readonly Condition[]): LineFilter[] {
  const wanted = conditions.filter(({ negated }) => !negated);
  const texts = wanted.flatMap((condition) => (condition.kind === 'text' ? [condition.text] : []));
  return [
    ...texts.filter((text) => text !== '').map(textFilter),
    ...wanted.map(fieldFilter).filter((filter) => filter !== undefined),
  ];
}

/** Numbers may be spelt otherwise than they print: with an exponent, with many digits, with many zeros. */
const OTHER_NUMBERS = String.raw`|\d[eE]|[\d.]{16}|0\.0{6}`;

function textFilter(text: string): LineFilter {
  const pattern = new RegExp(needlePattern(text) + (/^[-+\d.eE]+$/u.test(text) ? OTHER_NUMBERS : ''), 'g');
  return (line, from) => {
    pattern.lastIndex = from;
    return pattern.exec(line)?.index ?? -1;
  };
}

/** Whether a value may fulfil a condition, by where it starts in the text. */
type ValueTest = (text: string, at: number) => boolean;

function fieldFilter(condition: Condition): LineFilter | undefined {
  const test = valueTest(condition);
  if (!test || !('field' in condition)) return undefined;
  const { field } = condition;
  // What the validator said and what is measured does not stand in the row; nor has a row that is a scalar a key.
  if (field === WHOLE_ROW || field.startsWith(VALIDATOR) || field.startsWith('tokens.')) return undefined;
  const key = new RegExp(keyPattern(endings(field)), 'g');
  return (text, from) => {
    key.lastIndex = from;
    for (let hit = key.exec(text); hit; hit = key.exec(text)) if (test(text, key.lastIndex)) return hit.index;
    return -1;
  };
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
