/**
 * Most rows are an object of texts, numbers and lists of those. Such a row is known as JSON by one pattern, three times
 * as fast as it is parsed; and what reads as a key in it, is one of its own.
 */
const SPACE = String.raw`[ \t\r]*`;
const KEY = String.raw`"[^"\\\x00-\x1f]*"`;
const STRING = String.raw`"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*"`;
const SCALAR = `(?:${STRING}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?|true|false|null)`;
const listOf = (item: string) => `(?:${item}${SPACE}(?:,${SPACE}${item}${SPACE})*)?`;
const LIST = `\\[${SPACE}${listOf(SCALAR)}\\]`;
const ENTRY = `${KEY}${SPACE}:${SPACE}(?:${SCALAR}|${LIST})`;
const FLAT_ROW = new RegExp(`${SPACE}\\{${SPACE}${listOf(ENTRY)}\\}${SPACE}`, 'y');
const ONE_VALUE = new RegExp(`${SCALAR}|${LIST}`, 'y');

/** What steps back in a pattern needs memory: a longer line is parsed. */
const LONGEST = 1 << 16;

/**
 * The value under a key of the line from `start` to `end`, where it stands at `at`; undefined when the row is not flat
 * or has the key twice. The text is valid UTF-8, read as Latin-1.
 */
export function flatValue(text: string, { start, end }: { start: number; end: number }, key: string, at: number) {
  if (end - start > LONGEST || text.slice(at, end).includes(`"${key}"`)) return undefined;
  FLAT_ROW.lastIndex = start;
  if (!FLAT_ROW.test(text) || FLAT_ROW.lastIndex !== end) return undefined;
  ONE_VALUE.lastIndex = at;
  ONE_VALUE.test(text);
  const value: unknown = JSON.parse(decoded(text.slice(at, ONE_VALUE.lastIndex)));
  return { value };
}

function decoded(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString() : latin1;
}
