import { rm } from 'node:fs/promises';
import type { SchemaElement } from 'hyparquet';
import type { JsonObject } from '../rows';
import { placeFor, publish } from '../writer';
import type { RowFormat } from './example';

/** Few enough rows to keep in memory, enough to compress well. */
const ROW_GROUP = 10_000;

/**
 * Rows of one format as a Parquet file, whole or not at all. The schema is the format's, not guessed from the rows.
 * @throws {DatasetError} `exists`, `unwritable`
 */
export async function writeParquet(
  path: string,
  rows: AsyncIterable<JsonObject>,
  format: RowFormat,
  signal?: AbortSignal,
): Promise<number> {
  const { fileWriter, parquetWriteRows } = await import('hyparquet-writer');
  const temporary = await placeFor(path);
  let count = 0;
  async function* counted(first: JsonObject | undefined, rest: AsyncIterator<JsonObject>): AsyncGenerator<JsonObject> {
    for (let row = first; row !== undefined;) {
      signal?.throwIfAborted();
      count++;
      yield row;
      const next = await rest.next();
      row = next.done === true ? undefined : next.value;
    }
  }
  try {
    const iterator = rows[Symbol.asyncIterator]();
    const first = await iterator.next();
    // Which optional columns there are is the same for all rows: the first tells.
    const names = first.done === true ? FIELDS[format] : Object.keys(first.value);
    await parquetWriteRows({
      writer: fileWriter(temporary),
      rows: counted(first.done === true ? undefined : first.value, iterator),
      columns: names.map((name) => ({ name })),
      schema: schemaOf(names),
      rowGroupSize: ROW_GROUP,
    });
    signal?.throwIfAborted();
    await publish(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return count;
}

const FIELDS: Readonly<Record<RowFormat, readonly string[]>> = {
  jsonl: ['instruction', 'input', 'output', 'reasoning', 'difficulty'],
  alpaca: ['instruction', 'input', 'output'],
  messages: ['messages'],
  sharegpt: ['conversations'],
  'prompt-completion': ['prompt', 'completion'],
  preference: ['prompt', 'chosen', 'rejected'],
};

function schemaOf(names: readonly string[]): SchemaElement[] {
  return [{ name: 'root', num_children: names.length }, ...names.flatMap(columnSchema)];
}

function columnSchema(name: string): SchemaElement[] {
  if (name === 'messages') return listOf(name, struct(['role', 'content']));
  if (name === 'conversations') return listOf(name, struct(['from', 'value']));
  if (name === 'history') return listOf(name, listOf('element', [text('element')]));
  return [text(name)];
}

/** The three-level list of the Parquet specification (LogicalTypes.md). */
function listOf(name: string, element: SchemaElement[]): SchemaElement[] {
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...element,
  ];
}

function struct(fields: readonly string[]): SchemaElement[] {
  return [{ name: 'element', repetition_type: 'OPTIONAL', num_children: fields.length }, ...fields.map(text)];
}

function text(name: string): SchemaElement {
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
}
