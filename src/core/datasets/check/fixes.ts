import { applyEdits, modify } from 'jsonc-parser';
import { jsonrepair } from 'jsonrepair';
import { isObject } from '../rows';
import { locate } from './locate';
import type { Finding } from './problem';

/** What can be done about a finding by pressing a key. */
export interface Fix {
  readonly kind: 'repair' | 'removeLine' | 'removeText' | 'removeKey' | 'removeTurn' | 'reencode';
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
]);

const LONE_ESCAPE =
  /\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}/g;

function isRow(text: string): boolean {
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

function withoutKey(text: string, { message }: Finding): string | undefined {
  const key = /key (\S+)\.$/.exec(message)?.[1];
  if (key === undefined) return undefined;
  const row: unknown = JSON.parse(text);
  return isObject(row) && key in row ? applyEdits(text, modify(text, [key], undefined, {})) : undefined;
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
