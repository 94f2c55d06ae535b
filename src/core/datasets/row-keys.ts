import { question, textOf } from './formats/example';
import { readExample } from './formats/read';
import { isObject, type JsonObject } from './rows';

/** By what rows belong together: rows that share a key must not stand on two sides of a split. */
export type GroupKind = 'pair' | 'chunk' | 'document' | 'instruction';

/** The value of a dotted path: `difficulty`, `meta.category`. A key that has dots itself is found too. */
export function fieldOf(row: JsonObject, path: string): unknown {
  if (path in row) return row[path];
  let value: unknown = row;
  for (const key of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A field as the name of a group: text as it is, other values as JSON, nothing when absent. */
export function groupOf(row: JsonObject, path: string): string | undefined {
  const value = fieldOf(row, path);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The row's key of a kind, as our own files write it, or undefined when it has none. */
export function keyOf(row: JsonObject, kind: GroupKind): string | undefined {
  switch (kind) {
    case 'pair':
      return firstText(row, PAIR_PATHS);
    case 'chunk':
      return firstText(row, CHUNK_PATHS) ?? chunkSource(row);
    case 'document':
      return firstText(row, DOCUMENT_PATHS);
    case 'instruction':
      return promptOf(row);
  }
}

/** Everything that the model is shown before it answers. */
export function promptOf(row: JsonObject): string | undefined {
  const found = readExample(row);
  if ('problem' in found) return undefined;
  const history = found.example.history.flatMap(({ user, assistant }) => [user, assistant]);
  return [...history, question(found.example)].join('\n');
}

/** All text that the row would train on, or the row itself where it is in no format. For duplicates and leaks. */
export function trainingText(row: JsonObject): string {
  return trainingParts(row).join('\n');
}

/** The parts of `trainingText`, which are joined by line feeds. */
export function trainingParts(row: JsonObject): readonly string[] {
  // The commonest shape first: this runs for every row of every file.
  const { instruction, input, output, system, history, rejected } = row;
  if (typeof instruction === 'string' && typeof output === 'string' && !('messages' in row)) {
    if (system === undefined && history === undefined && rejected === undefined) {
      return typeof input === 'string' && input !== '' ? [instruction, input, output] : [instruction, output];
    }
  }
  const found = readExample(row);
  if ('example' in found) return [textOf(found.example)];
  const text = row['text'];
  return [typeof text === 'string' ? text : JSON.stringify(row)];
}

type Path = readonly [string, string?];
const PAIR_PATHS: readonly Path[] = [['meta', 'pair_id'], ['pair_id']];
const CHUNK_PATHS: readonly Path[] = [['chunk_id'], ['source', 'chunk_id'], ['meta', 'chunk_id']];
const DOCUMENT_PATHS: readonly Path[] = [['source', 'file'], ['meta', 'file'], ['document'], ['file']];

function firstText(row: JsonObject, paths: readonly Path[]): string | undefined {
  for (const [key, inner] of paths) {
    const outer = row[key];
    const value = inner === undefined ? outer : isObject(outer) ? outer[inner] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** In `golden_dataset.jsonl` `source` is the chunk's id. */
function chunkSource(row: JsonObject): string | undefined {
  const source = row['source'];
  return typeof source === 'string' && /^chunk_\d+$/.test(source) ? source : undefined;
}
