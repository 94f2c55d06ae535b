import { readExample } from '../formats/read';
import type { Line } from '../lines';
import type { JsonObject, Row } from '../rows';
import type { ColumnTypes } from '../schema';
import { locate, wholeLine } from './locate';
import type { Finding } from './problem';

/** Rules that hold a row against the rows before it. */

/** Where the row does not have the types of the rows before it; its own are learnt where those had none. */
export function typeFindings({ line, value }: Row, types: ColumnTypes): Finding[] {
  return types.observe(value).map(({ path, expected, found }) => {
    const message = `${path.join('.')} is of type ${found}, but ${expected} in the rows before.`;
    return { ...locate(line.text, path), code: 'mixed_types', message, expected };
  });
}

export function formatFinding({ text }: Pick<Line, 'text'>, shape: string, first: string): Finding {
  const message = `The row is ${shape}, but the file began as ${first}.`;
  return { ...wholeLine(text), code: 'mixed_format', message, expected: first };
}

/** The shape of a row, when it is one to train on. Formats that a trainer reads alike are one. */
export function shapeOfRow(row: JsonObject): string | undefined {
  return 'problem' in readExample(row) ? undefined : shapeOf(row);
}

export function shapeOf(row: JsonObject): string {
  if ('messages' in row) return 'messages';
  if ('conversations' in row) return 'sharegpt';
  if ('chosen' in row) return 'preference';
  return 'completion' in row && !('instruction' in row) ? 'prompt-completion' : 'alpaca';
}
