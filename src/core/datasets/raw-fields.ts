/**
 * The top-level fields of a JSON object as they are written. What is copied from here keeps its large integers, number
 * forms and escapes, and is not escaped a second time. Of a repeated key the last counts, as in `JSON.parse`.
 * @param wanted only these
 * @param text an object that `JSON.parse` takes; nothing is checked here.
 */
export function rawFields(text: string, wanted?: ReadonlySet<string>): Map<string, string> {
  const fields = new Map<string, string>();
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfString(text, at);
    const written = text.slice(at + 1, keyEnd - 1);
    const key = written.includes('\\') ? String(JSON.parse(text.slice(at, keyEnd))) : written;
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    if (!wanted || wanted.has(key)) fields.set(key, text.slice(start, end));
    const next = skipSpace(text, end);
    if (text.charCodeAt(next) !== COMMA) break;
    at = skipSpace(text, next + 1);
  }
  return fields;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first === 0x7b || first === 0x5b) return endOfNested(text, start);
  let at = start;
  for (let code = text.charCodeAt(at); !Number.isNaN(code); code = text.charCodeAt(++at)) {
    if (code === COMMA || code === 0x7d || code === 0x5d || isSpace(code)) break;
  }
  return at;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    at++;
    if (depth === 0 || Number.isNaN(code)) return at;
  }
}

/** Leaps from quote to quote: a quote after an odd number of backslashes is a part of the text. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
