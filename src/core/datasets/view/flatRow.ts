/**
 * Most rows are an object of texts, numbers and lists of those. Such a row is known as JSON by one pattern, three times
 * as fast as it is parsed; and what reads as a key in it, is one of its own. A row with objects in it (`messages`) is
 * gone through entry by entry.
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
const objectOf = (value: string) => `\\{${SPACE}${listOf(`${KEY}${SPACE}:${SPACE}${value}`)}\\}`;
const INNER = `(?:${SCALAR}|${LIST}|${objectOf(SCALAR)})`;
const KEY_BEFORE = new RegExp(`${KEY}${SPACE}:${SPACE}`, 'y');
const DEEP_VALUE = new RegExp(`${INNER}|\\[${SPACE}${listOf(INNER)}\\]|${objectOf(INNER)}`, 'y');
const COMMA = new RegExp(`${SPACE},${SPACE}`, 'y');
const ENDING = new RegExp(`${SPACE}\\}${SPACE}`, 'y');
const BEGINNING = new RegExp(`${SPACE}\\{${SPACE}`, 'y');

/** What steps back in a pattern needs memory: a longer line is parsed. */
const LONGEST = 1 << 16;

/**
 * Where the value ends that stands at `at` under a quoted key of the line from `start` to `end`; -1 when the row is
 * nested deeper than that, or has the key twice. The text is valid UTF-8, read as Latin-1.
 */
export function flatValueEnd(
  text: string,
  { start, end }: { start: number; end: number },
  quotedKey: string,
  at: number,
): number {
  if (end - start > LONGEST || text.slice(at, end).includes(quotedKey)) return -1;
  if (after(FLAT_ROW, text, start) !== end) return deepValueEnd(text, { start, end }, at);
  return after(ONE_VALUE, text, at);
}

/** The same for a row with objects and lists in it, no more than three deep; the value must be of its first level. */
function deepValueEnd(text: string, { start, end }: { start: number; end: number }, at: number): number {
  let value = -1;
  for (let next = after(BEGINNING, text, start); next !== -1 && next < end;) {
    const from = after(KEY_BEFORE, text, next);
    const to = from === -1 ? -1 : after(DEEP_VALUE, text, from);
    if (to === -1) return -1;
    if (from === at) value = to;
    if (after(ENDING, text, to) === end) return value;
    next = after(COMMA, text, to);
  }
  return -1;
}

/** Where what is looked for at a place ends, or -1 where it is not. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
