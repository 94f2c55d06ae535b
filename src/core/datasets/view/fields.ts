/** What a value is, as the table and the statistics name it. */
export type ValueType = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typeOf(value: unknown): ValueType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'object';
  }
}

/** The column of a row that is no object: a scalar or a list standing alone on its line. */
export const WHOLE_ROW = '(row)';

/**
 * The value under a dotted name, or undefined. A key that has dots itself wins over the path that they spell. Only own
 * keys count, so that `__proto__` and `constructor` are keys like any other.
 */
export function fieldOf(row: unknown, name: string): unknown {
  if (!isObject(row)) return name === WHOLE_ROW ? row : undefined;
  if (Object.hasOwn(row, name)) return row[name];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const head = name.slice(0, dot);
    if (!Object.hasOwn(row, head)) continue;
    const found = fieldOf(row[head], name.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field's value as one line of text: strings as they are, the rest as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

/** Tokens of a text as providers bill them, roughly: four characters each. Exact counts need the model's own tokenizer. */
export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
