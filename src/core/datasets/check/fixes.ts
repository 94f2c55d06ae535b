import { applyEdits, findNodeAtOffset, getNodePath, modify, parseTree } from 'jsonc-parser';
import { jsonrepair } from 'jsonrepair';
import { rowFormat } from '../formats/example';
import { readExample } from '../formats/read';
import { cannotHold, writeExample } from '../formats/write';
import { rawFields } from '../raw-fields';
import { isObject } from '../rows';
import { locate } from './locate';
import type { Finding } from './problem';

/** What can be done about a finding by pressing a key. */
export interface Fix {
  readonly kind:
    'repair' | 'removeLine' | 'removeText' | 'removeKey' | 'removeTurn' | 'reencode' | 'convertValue' | 'convertRow';
  /** The whole line as it would be, or null when the line goes. */
  readonly line: string | null;
}

/** The fixes for a finding in a line, the best first. A fix never leaves a line that is no row. */
export function fixesFor(finding: Finding, text: string): Fix[] {
  const fixes: Fix[] = [];
  const offer = (kind: Fix['kind'], line: string | undefined) => {
    if (line !== undefined && line !== text && isRow(line)) fixes.push({ kind, line });
  };
  switch (finding.code) {
    case 'bad_json':
      offer('repair', repaired(text));
      break;
    case 'duplicate_key':
      offer('repair', reprinted(text));
      break;
    case 'lone_surrogate':
      offer('repair', text.replace(LONE_ESCAPE, ''));
      break;
    case 'secret':
    case 'personal_data':
      offer('removeText', `${text.slice(0, finding.column - 1)}[removed]${text.slice(finding.endColumn - 1)}`);
      break;
    case 'unknown_key':
      offer('removeKey', withoutKey(text, finding));
      break;
    case 'no_answer':
      offer('removeTurn', withoutLastTurn(text));
      break;
    case 'mixed_types':
      offer('convertValue', withValueAs(text, finding));
      break;
    case 'mixed_format':
    case 'wrong_format':
      offer('convertRow', asFormat(text, finding.expected));
      break;
    case 'mojibake':
      offer('reencode', reencoded(text));
      break;
    default:
  }
  return [...fixes, ...(LINE_GOES.has(finding.code) ? [{ kind: 'removeLine' as const, line: null }] : [])];
}

const LINE_GOES: ReadonlySet<string> = new Set([
  'bad_json',
  'not_object',
  'duplicate',
  'leak',
  'empty_answer',
  'empty_question',
  'no_answer',
  'role_order',
  'secret',
  'over_tokens',
  'unknown_shape',
  'missing_field',
  'wrong_type',
  'wrong_format',
  'mixed_format',
  'unknown_role',
  'unsupported_content',
]);

const LONE_ESCAPE =
  /\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}/g;

/** Whether a trainer would read the line as a row. */
export function isRow(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function repaired(text: string): string | undefined {
  try {
    const repair = jsonrepair(text);
    return repair.includes('\n') ? JSON.stringify(JSON.parse(repair)) : repair;
  } catch {
    return undefined;
  }
}

function reprinted(text: string): string {
  return JSON.stringify(JSON.parse(text));
}

function withoutKey(text: string, { column }: Finding): string | undefined {
  const root = parseTree(text);
  const value = root && findNodeAtOffset(root, column - 1);
  const path = value ? getNodePath(value) : [];
  return path.length > 0 ? applyEdits(text, modify(text, path, undefined, {})) : undefined;
}

/** The value as the type that its column has; numbers keep their digits. */
function withValueAs(text: string, { column, endColumn, expected }: Finding): string | undefined {
  const written = text.slice(column - 1, endColumn - 1);
  const value: unknown = JSON.parse(written);
  const inner = typeof value === 'string' ? value.trim() : '';
  const put = (converted: string) => text.slice(0, column - 1) + converted + text.slice(endColumn - 1);
  if (expected === 'text') return put(JSON.stringify(written));
  if (expected === 'list') return put(`[${written}]`);
  if (expected === 'number' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(inner)) return put(inner);
  if (expected === 'boolean' && (inner === 'true' || inner === 'false')) return put(inner);
  return undefined;
}

/** What a conversation is made of, in one format or another; everything else stays with the row, as it is written. */
const CONVERSATION: ReadonlySet<string> = new Set([
  ...['instruction', 'question', 'input', 'output', 'response', 'answer', 'system', 'history'],
  ...['messages', 'conversations', 'prompt', 'completion', 'chosen', 'rejected'],
]);

function asFormat(text: string, expected: string | undefined): string | undefined {
  const format = rowFormat.safeParse(expected).data;
  const row: unknown = JSON.parse(text);
  const found = isObject(row) ? readExample(row) : undefined;
  if (!format || !found || 'problem' in found || cannotHold(found.example, format) !== undefined) return undefined;
  const { example } = found;
  const columns = { system: example.system !== '', history: example.history.length > 0 };
  const converted = writeExample(example, format, columns);
  const others = [...rawFields(text)].filter(([key]) => !CONVERSATION.has(key) && !(key in converted));
  const rest = others.map(([key, value]) => `,${JSON.stringify(key)}:${value}`).join('');
  return `${JSON.stringify(converted).slice(0, -1)}${rest}}`;
}

function withoutLastTurn(text: string): string | undefined {
  const row: unknown = JSON.parse(text);
  if (!isObject(row)) return undefined;
  for (const field of ['messages', 'conversations']) {
    const turns = row[field];
    if (!Array.isArray(turns) || turns.length <= 2) continue;
    const before = locate(text, [field, turns.length - 2]).endColumn - 1;
    return text.slice(0, before) + text.slice(locate(text, [field, turns.length - 1]).endColumn - 1);
  }
  return undefined;
}

/** Windows-1252 beyond Latin-1, where the two differ. */
const WINDOWS_1252: ReadonlyMap<string, number> = new Map(
  Array.from('€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ').map((character, index) => [
    character,
    0x80 + index,
  ]),
);

/** The text as it was before somebody read UTF-8 as Windows-1252; undefined when that is not what happened. */
function reencoded(text: string): string | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const code = WINDOWS_1252.get(character) ?? character.codePointAt(0) ?? 0;
    if (code > 0xff) return undefined;
    bytes.push(code);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
