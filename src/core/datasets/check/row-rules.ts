import { question, type Example, type RowFormat } from '../formats/example';
import { formatOf, readExample } from '../formats/read';
import { isObject, parseLine, type BadLine, type JsonObject, type Row } from '../rows';
import type { Line } from '../lines';
import { locate, repeatedKeys, wholeLine } from './locate';
import type { Finding, RuleCode } from './problem';
import { targetFindings, type CheckTarget } from './targets';

export interface RowRuleOptions {
  /** The format that the rows are to be in; by default each row may be in any. */
  readonly format?: RowFormat | undefined;
  readonly target?: CheckTarget | undefined;
}

export interface CheckedRow {
  readonly row: Row | BadLine;
  readonly findings: readonly Finding[];
  /** When the row is one that can be trained on. */
  readonly example?: Example;
}

/**
 * The structural rules of one line, which need no other line: an editor checks an edited line by this alone. Finding
 * nothing is cheap; places are only looked for when something is wrong.
 */
export function checkLine(line: Line, options: RowRuleOptions = {}): CheckedRow {
  const row = parseLine(line);
  if ('code' in row) {
    const { column, code, message } = row;
    return { row, findings: [{ column, endColumn: Math.max(column + 1, line.text.length + 1), code, message }] };
  }
  const { value } = row;
  const { text } = line;
  const findings: Finding[] = [];
  if (mayRepeatKeys(text, value)) {
    for (const { key, ...columns } of repeatedKeys(text)) {
      findings.push({
        ...columns,
        code: 'duplicate_key',
        message: `The key ${key} stands twice; only the last counts.`,
      });
    }
  }
  if (line.ascii !== true && hasSurrogateEscape(text) && /\p{Surrogate}/u.test(strings(value)))
    findings.push(loneSurrogate(text));
  if (options.target !== undefined) {
    for (const { code, path, message } of targetFindings(value, options.target)) {
      findings.push({ ...locate(text, path), code, message });
    }
  }
  const format = formatOf(value);
  if (
    options.format !== undefined &&
    format !== undefined &&
    format !== options.format &&
    !alike(format, options.format)
  ) {
    const message = `The row is in the format ${format}, not ${options.format}.`;
    findings.push({ ...wholeLine(text), code: 'wrong_format', message, expected: options.format });
  }
  if (isTogetherOnly(value, options.target)) return { row, findings };
  const found = readExample(value);
  if ('problem' in found) {
    const { code, path, message } = found.problem;
    findings.push({ ...locate(text, path), code, message });
    return { row, findings };
  }
  findings.push(...emptyTurns(found.example, value, text));
  return { row, findings, example: found.example };
}

/** What our own format names tell apart but a trainer reads alike. */
function alike(a: RowFormat, b: RowFormat): boolean {
  return (a === 'jsonl' && b === 'alpaca') || (a === 'alpaca' && b === 'jsonl');
}

/** Shapes that Together takes and that are no format of ours. */
function isTogetherOnly(row: JsonObject, target: CheckTarget | undefined): boolean {
  return target === 'together' && (typeof row['text'] === 'string' || 'preferred_output' in row);
}

function emptyTurns(example: Example, row: JsonObject, text: string): readonly Finding[] {
  if (hasNoEmptyTurn(example)) return NOTHING;
  const findings: Finding[] = [];
  const add = (code: RuleCode, path: readonly (string | number)[], message: string) =>
    findings.push({ ...locate(text, path), code, message });
  if (isBlankText(example.output)) {
    add('empty_answer', answerPath(row), 'The answer is empty: the model would learn to say nothing.');
  }
  if (isBlankText(question(example))) add('empty_question', questionPath(row), 'The question is empty.');
  for (const [index, { user, assistant }] of example.history.entries()) {
    if (isBlankText(user)) add('empty_question', [], `Turn ${index + 1} of the conversation has an empty question.`);
    if (isBlankText(assistant)) add('empty_answer', [], `Turn ${index + 1} of the conversation has an empty answer.`);
  }
  if (example.rejected !== undefined && isBlankText(example.rejected)) {
    add('empty_answer', ['rejected'], 'The rejected answer is empty.');
  }
  return findings;
}

const NOTHING: readonly Finding[] = [];

/** Of nearly all rows, and without the closures that naming an empty turn takes. */
function hasNoEmptyTurn(example: Example): boolean {
  if (isBlankText(example.output) || isBlankText(question(example))) return false;
  if (example.rejected !== undefined && isBlankText(example.rejected)) return false;
  for (const { user, assistant } of example.history) if (isBlankText(user) || isBlankText(assistant)) return false;
  return true;
}

function isBlankText(text: string): boolean {
  return text === '' || (text.length < 64 && text.trim() === '');
}

function answerPath(row: JsonObject): (string | number)[] {
  const turns = row['messages'] ?? row['conversations'];
  if (Array.isArray(turns)) return [Array.isArray(row['messages']) ? 'messages' : 'conversations', turns.length - 1];
  return [['output', 'response', 'answer', 'completion', 'chosen'].find((key) => key in row) ?? ''];
}

function questionPath(row: JsonObject): (string | number)[] {
  const turns = row['messages'] ?? row['conversations'];
  if (Array.isArray(turns)) return [Array.isArray(row['messages']) ? 'messages' : 'conversations', turns.length - 2];
  return [['instruction', 'question', 'prompt'].find((key) => key in row) ?? ''];
}

/**
 * `JSON.parse` keeps the last of repeated keys without a word. There are at least as many `":` in the text as keys, and
 * as many keys as the object has: equal numbers prove that none was lost, and only else the text is read again.
 */
function mayRepeatKeys(text: string, value: JsonObject): boolean {
  let colons = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) colons++;
  return colons !== keyCount(value);
}

function keyCount(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += keyCount(item);
  else if (isObject(value)) for (const key in value) count += 1 + keyCount(value[key]);
  return count;
}

function hasSurrogateEscape(text: string): boolean {
  return text.includes('\\u') && /\\u[dD]/.test(text);
}

/** All texts of a value in one, keys too. */
function strings(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(strings).join('\n');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .flatMap(([key, item]) => [key, strings(item)])
      .join('\n');
  return '';
}

function loneSurrogate(text: string): Finding {
  const at = Math.max(0, text.search(/\\u[dD][89a-fA-F]/));
  return {
    column: at + 1,
    endColumn: at + 7,
    code: 'lone_surrogate',
    message: 'Half a character (a lone surrogate): Python cannot write it as UTF-8. Remove it.',
  };
}
