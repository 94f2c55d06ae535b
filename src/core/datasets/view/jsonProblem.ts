/** Why a line is not JSON: where, and in words. */
export interface JsonProblem {
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  readonly reason: string;
}

type Open = '{' | '[';
/** What the grammar allows next. */
type Expect = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or end' | 'end';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const STRING_BODY = /[^"\\\p{Cc}]*/uy;

/**
 * Finds the first place where a text stops being JSON. Engines word this differently from release to release; people
 * need the same sentence everywhere. Returns undefined when the text is JSON. Works without recursion, so that depth
 * cannot exhaust the stack.
 */
export function jsonProblem(text: string): JsonProblem | undefined {
  const open: Open[] = [];
  let expect: Expect = 'value';
  let at = 0;
  const problem = (reason: string, where = at): JsonProblem => ({ column: where + 1, reason });
  const afterValue = (): Expect => (open.length > 0 ? ', or end' : 'end');

  for (;;) {
    while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r' || text[at] === '\n') at++;
    const char = text[at];
    if (char === undefined) return expect === 'end' ? undefined : problem(unfinished(open, expect));
    if (expect === 'end') return problem('something follows the end of the row');

    if (expect === ':') {
      if (char !== ':') return problem('a colon is missing after the key');
      expect = 'value';
      at++;
    } else if (expect === ', or end') {
      const closing = open.at(-1) === '{' ? '}' : ']';
      if (char === ',') expect = closing === '}' ? 'key' : 'value';
      else if (char === closing) {
        open.pop();
        expect = afterValue();
      } else
        return problem(char === '}' || char === ']' ? `${closing} is missing before ${char}` : 'a comma is missing');
      at++;
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (typeof end !== 'number') return end;
      at = end;
      expect = expect.startsWith('key') ? ':' : afterValue();
    } else if (expect === 'key or }' && char === '}') {
      open.pop();
      expect = afterValue();
      at++;
    } else if (expect === 'key or }' || expect === 'key') {
      return problem(char === '}' ? 'a comma stands before }' : 'a key must be a string in double quotes');
    } else if (expect === 'value or ]' && char === ']') {
      open.pop();
      expect = afterValue();
      at++;
    } else if (char === '{' || char === '[') {
      open.push(char);
      expect = char === '{' ? 'key or }' : 'value or ]';
      at++;
    } else {
      const end = endOfScalar(text, at);
      if (typeof end !== 'number') return end;
      at = end;
      expect = afterValue();
    }
  }
}

function unfinished(open: readonly Open[], expect: Expect): string {
  if (open.length === 0) return expect === 'value' ? 'the line is empty' : 'the row is not finished';
  return open[0] === '{' ? 'the line ends before its object does' : 'the line ends before its list does';
}

function endOfString(text: string, start: number): number | JsonProblem {
  let at = start + 1;
  for (;;) {
    STRING_BODY.lastIndex = at;
    at += STRING_BODY.exec(text)?.[0].length ?? 0;
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === undefined) return { column: start + 1, reason: 'a string has no closing quote' };
    if (char === '\\') {
      const escape = text.slice(at, at + 6);
      const length = /^\\(?:u[0-9a-fA-F]{4})/.test(escape) ? 6 : /^\\["\\/bfnrt]/.test(escape) ? 2 : 0;
      if (length === 0) return { column: at + 1, reason: `${escape.slice(0, 2)} is not an escape that JSON knows` };
      at += length;
    } else if (char >= '\u007f') {
      at++; // DEL and C1 controls may stand in a JSON string as they are.
    } else {
      return { column: at + 1, reason: 'a control character stands in a string without an escape' };
    }
  }
}

function endOfScalar(text: string, at: number): number | JsonProblem {
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(text)?.[0];
  if (number !== undefined) {
    const end = at + number.length;
    if (/[\w.+-]/.test(text[end] ?? '')) return { column: at + 1, reason: 'this is not a number that JSON knows' };
    return end;
  }
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  if (word === 'true' || word === 'false' || word === 'null') return at + word.length;
  const reasons: Record<string, string> = {
    NaN: 'NaN is not JSON; use null',
    Infinity: 'Infinity is not JSON; use null',
    None: 'None is Python; JSON says null',
    True: 'True is Python; JSON says true',
    False: 'False is Python; JSON says false',
    undefined: 'undefined is not JSON; use null',
  };
  if (word !== undefined) return { column: at + 1, reason: reasons[word] ?? 'a text needs double quotes' };
  const char = text[at] ?? '';
  if (char === "'") return { column: at + 1, reason: 'JSON needs double quotes, not single ones' };
  if (char === '\ufeff') return { column: at + 1, reason: 'a byte order mark stands before the row' };
  if (char === '}' || char === ']') return { column: at + 1, reason: `a value is missing before ${char}` };
  return { column: at + 1, reason: 'a value is missing' };
}
