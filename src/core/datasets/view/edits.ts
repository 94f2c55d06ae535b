import { isObject } from './fields';
import type { Edit } from './reviewState';

/** A row with its edits made; the row itself stays as it is. An edit of a place that is not there changes nothing. */
export function withEdits(row: unknown, edits: readonly Edit[]): unknown {
  return edits.reduce((value, { path, text }) => replaced(value, path, text), row);
}

function replaced(value: unknown, path: Edit['path'], text: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((item: unknown, at) => (at === step ? replaced(item, rest, text) : item));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === step ? replaced(item, rest, text) : item]),
  );
}
