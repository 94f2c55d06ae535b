import { fieldOf, isObject, typeOf, type ValueType } from './fields';
import type { Row } from './rowText';

/** A cell of the table: its type and one line of text, cut to what a cell can show. */
export interface Cell {
  readonly type: ValueType | 'missing';
  readonly text: string;
}

const CELL_CHARACTERS = 240;

/** The cells of a row under the columns that are shown. */
export function previewCells(row: Row, columns: readonly string[]): Cell[] {
  if (row.state === 'bad' || row.state === 'blank') return [];
  return columns.map((name) => cell(fieldOf(row.value, name)));
}

function cell(value: unknown): Cell {
  if (value === undefined) return { type: 'missing', text: '' };
  return { type: typeOf(value), text: oneLine(summary(value)) };
}

/** JSON of the first entries only: stringifying 1,000 floats for a cell is what makes viewers slow. */
function summary(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 5).map(inner).join(', ');
    return `[${shown}${value.length > 5 ? `, … ${value.length}` : ''}]`;
  }
  if (isObject(value)) {
    const entries = Object.entries(value);
    const shown = entries.slice(0, 5).map(([key, entry]) => `${key}: ${inner(entry)}`);
    return `{${shown.join(', ')}${entries.length > 5 ? `, … ${entries.length}` : ''}}`;
  }
  return String(value);
}

function inner(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[… ${value.length}]`;
  if (isObject(value)) {
    const entries = Object.entries(value);
    const shown = entries.slice(0, 3).map(([key, entry]) => {
      const text = typeof entry === 'object' && entry !== null ? '…' : JSON.stringify(entry).slice(0, 40);
      return `${key}: ${text}`;
    });
    return `{${shown.join(', ')}${entries.length > 3 ? ', …' : ''}}`;
  }
  return String(value);
}

/** One visible line. */
export function oneLine(text: string): string {
  const cut = text.length > CELL_CHARACTERS ? `${sliceWhole(text, CELL_CHARACTERS)}…` : text;
  return withoutDisguise(cut.replace(/[\r\n\t]+/g, ' '));
}

/**
 * Characters that turn the order of others round are shown by their numbers: `gnp.exe` must not read `exe.png`. Control
 * characters are shown by their pictures (U+2400…), so that none can act; line ends and tabs stay.
 */
export function withoutDisguise(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (char) => `⟦U+${char.charCodeAt(0).toString(16).toUpperCase()}⟧`)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)));
}

/** The first code units of a text, without half of a surrogate pair at the end. */
export function sliceWhole(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
