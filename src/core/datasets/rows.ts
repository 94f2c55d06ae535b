import { extname } from 'node:path';
import { DatasetError, type RowProblem } from './errors';
import { arrayElements } from './json-array';
import { isBlank, lineBatches, type Line } from './lines';
import { readBytes } from './source';
import { jsonProblem } from './view/jsonProblem';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A line that holds a row. `line.text` is the row as written: what passes through unchanged is copied from there. */
export interface Row {
  readonly line: Line;
  readonly value: JsonObject;
}

/** Why a line holds no row. */
export interface BadLine {
  readonly line: Line;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  readonly code: 'invalid_utf8' | 'too_long' | 'bad_json' | 'not_object';
  readonly message: string;
}

export type Batch = readonly (Row | BadLine)[];

/**
 * The rows of a dataset in batches of about a megabyte, bad lines among them, blank lines left out. Reads JSON lines,
 * JSON arrays (`.json`), Parquet, and the first two also as gzip or zstd. Memory does not grow with the file.
 * @throws {DatasetError} `not_found`, `unreadable`, `not_utf8`
 */
export async function* rowBatches(path: string, signal?: AbortSignal): AsyncGenerator<Batch> {
  for await (const lines of datasetLines(path, signal)) {
    signal?.throwIfAborted();
    const batch: (Row | BadLine)[] = [];
    for (const line of lines) if (!isBlank(line)) batch.push(parseLine(line));
    yield batch;
  }
}

/**
 * The rows of a dataset whose lines are all good, one by one.
 * @throws {DatasetError} `broken_rows` at the first line that is none
 */
export async function* readRows(path: string, signal?: AbortSignal): AsyncGenerator<Row> {
  for await (const batch of rowBatches(path, signal)) {
    for (const row of batch) yield goodRow(row, path);
  }
}

/** @throws {DatasetError} `broken_rows` */
export function goodRow(row: Row | BadLine, file: string): Row {
  if ('value' in row) return row;
  throw brokenRow(rowProblem(row, file));
}

/** The error of a step that works on good rows only. */
export function brokenRow(problem: RowProblem): DatasetError {
  return new DatasetError(
    'broken_rows',
    `${problem.file}, line ${problem.line}: ${problem.message} Mend the line or take it out, then try again; ` +
      '`distillery check` lists all of them.',
    [problem],
  );
}

export function rowProblem(bad: BadLine, file: string): RowProblem {
  return { file, line: bad.line.number, column: bad.column, message: bad.message };
}

/** The lines of a dataset, whatever kind of file it is. An array's element is a line of JSON. */
export async function* datasetLines(path: string, signal?: AbortSignal): AsyncGenerator<Line[]> {
  if (await isLinesFile(path, signal)) yield* lineBatches(path, signal);
  else yield* arrayElements(readBytes(path, signal));
}

/** Whether its rows are the lines of the unpacked file. */
export async function isLinesFile(path: string, signal?: AbortSignal): Promise<boolean> {
  return !isJsonFile(path) || !(await startsWithBracket(path, signal));
}

/** A line as a row, or why it is none. */
export function parseLine(line: Line): Row | BadLine {
  if (line.damage !== undefined) return damaged(line, line.damage);
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    return badJson(line);
  }
  if (isObject(value)) return { line, value };
  const what = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  return { line, column: 1, code: 'not_object', message: `A row is an object with named fields, but here is ${what}.` };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badJson(line: Line): BadLine {
  const problem = jsonProblem(line.text) ?? { column: 1, reason: 'the engine cannot read it' };
  const message = `Not JSON. Column ${problem.column}: ${problem.reason}.`;
  return { line, column: problem.column, code: 'bad_json', message };
}

function damaged(line: Line, code: 'invalid_utf8' | 'too_long'): BadLine {
  if (code === 'too_long') {
    return { line, column: 1, code, message: `The line has ${line.bytes} bytes, more than one string can hold.` };
  }
  const column = line.text.indexOf('\ufffd') + 1;
  return { line, column, code, message: `Column ${column}: bytes that are not UTF-8. Save the file as UTF-8.` };
}

/** `.json`, also packed. In `.jsonl` a leading bracket is a row that is an array. */
function isJsonFile(path: string): boolean {
  const name = path.replace(/\.(gz|zst)$/i, '');
  return extname(name).toLowerCase() === '.json';
}

async function startsWithBracket(path: string, signal?: AbortSignal): Promise<boolean> {
  for await (const block of readBytes(path, signal)) {
    const text = block.toString('latin1').replace(/^ï»¿/, '').trimStart();
    if (text.length > 0) return text.startsWith('[');
  }
  return false;
}
