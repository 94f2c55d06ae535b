import type { JsonObject } from '../../datasets/rows';

/** For each field the names that its column may have, the field's own first. */
export type Aliases<F extends string> = readonly (readonly [field: F, names: readonly string[]])[];

/** Which column holds which field: by the first of its names that is there and that no earlier field took. */
export function findColumns<F extends string>(row: JsonObject, aliases: Aliases<F>): Map<F, string> {
  const found = new Map<F, string>();
  const taken = new Set<string>();
  for (const [field, names] of aliases) {
    const column = names.find((name) => Object.hasOwn(row, name) && !taken.has(name));
    if (column === undefined) continue;
    found.set(field, column);
    taken.add(column);
  }
  return found;
}

/** A cell as text: numbers and booleans are written out, nothing is empty; undefined when it is a list or an object. */
export function textIn(row: JsonObject, column: string | undefined): string | undefined {
  const value = column === undefined ? null : row[column];
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** `found: a, b; expected: instruction (or prompt, question)`: for rows that lack a column. */
export function expectation<F extends string>(row: JsonObject, aliases: Aliases<F>, needed: F): string {
  const [, names = []] = aliases.find(([field]) => field === needed) ?? [];
  const found = Object.keys(row).slice(0, 12).join(', ') || 'none';
  const [own = needed, ...others] = names;
  return `Found the columns ${found}; expected “${own}” (or ${others.join(', ')}), or “messages”.`;
}
