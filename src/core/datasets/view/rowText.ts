import { isAscii } from 'node:buffer';
import { jsonrepair, JSONRepairError } from 'jsonrepair';
import { jsonProblem, type JsonProblem } from './jsonProblem';

/** A longer row is previewed from its beginning, and parsed whole only when it is selected. */
export const PREVIEW_BYTES = 256 * 1024;
/** A longer row is never parsed whole: V8's strings end at 512 MB, and the tree would take some five times its bytes. */
export const PARSE_BYTES = 64 * 1024 * 1024;

export type Row =
  | { readonly state: 'ok'; readonly value: unknown }
  | { readonly state: 'blank' }
  /** Only the beginning was read; `value` is what that holds, or undefined when it makes no sense. */
  | { readonly state: 'large'; readonly value: unknown }
  | { readonly state: 'bad'; readonly problem: JsonProblem; readonly text: string };

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const BOM = '\ufeff';

/** Reads a line's bytes. A byte order mark is allowed where a file may have one: on its first line. */
export function parseRow(bytes: Buffer, first: boolean): Row {
  let text: string;
  try {
    text = isAscii(bytes) ? bytes.toString('latin1') : strict.decode(bytes); // Most rows are, and twice as fast so.
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { state: 'bad', problem: encodingProblem(bytes), text: lenient.decode(bytes) };
  }
  return parseText(text, first);
}

/** Bad lines come in crowds. In one of short lines, each is looked at first: an exception takes ten times as long. */
let isInCrowd = false;
const SHORT = 4096;

/** Reads a line that was decoded already. */
export function parseText(line: string, first: boolean): Row {
  let text = line;
  if (first && text.startsWith(BOM)) text = text.slice(1);
  const trimmed = text.trim();
  if (trimmed === '') return { state: 'blank' };
  if (!mayBeJson(trimmed)) return new BadRow(text, 'the line is no JSON value');
  if (isInCrowd && text.length <= SHORT) {
    const problem = jsonProblem(text);
    if (problem) return { state: 'bad', problem, text };
  }
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // Nobody reads where a line was parsed, and finding that out takes longer than all the rest.
  try {
    const value: unknown = JSON.parse(text);
    isInCrowd = false;
    return { state: 'ok', value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    isInCrowd = true;
    return new BadRow(text, error.message);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Where and why it is bad is found out when somebody looks: a search through millions of bad lines does not. */
class BadRow {
  readonly state = 'bad';
  constructor(
    readonly text: string,
    private readonly otherwise: string,
  ) {}

  get problem(): JsonProblem {
    return jsonProblem(this.text) ?? { column: 1, reason: this.otherwise };
  }
}

/** Whether a line begins and ends as a JSON value does: what does not need not be parsed, and exceptions are slow. */
function mayBeJson(trimmed: string): boolean {
  const last = trimmed.charAt(trimmed.length - 1);
  switch (trimmed.charAt(0)) {
    case '{':
      return last === '}';
    case '[':
      return last === ']';
    case '"':
      return last === '"';
    default:
      return /^[-0-9tfn]/u.test(trimmed);
  }
}

/** What the beginning of a long row holds. */
export function parseBeginning(bytes: Buffer): Row {
  const text = lenient.decode(bytes).replace(/\ufffd+$/u, '');
  try {
    const value: unknown = JSON.parse(jsonrepair(text));
    return { state: 'large', value };
  } catch (error) {
    if (!(error instanceof JSONRepairError || error instanceof SyntaxError)) throw error;
    return { state: 'large', value: undefined };
  }
}

function encodingProblem(bytes: Buffer): JsonProblem {
  const column = firstInvalid(bytes);
  return { column: column + 1, reason: 'the bytes are not UTF-8 here; save the file as UTF-8' };
}

/** Code units before the first invalid sequence, by halving: decoding is native and a loop over bytes is not. */
function firstInvalid(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  const validUpTo = (end: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false; // The question was whether it throws.
    }
  };
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (validUpTo(middle)) low = middle;
    else high = middle;
  }
  return lenient.decode(bytes.subarray(0, low)).length;
}
