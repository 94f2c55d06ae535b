import { DatasetError, type RowProblem } from '../errors';
import { isObject, type JsonObject } from '../rows';
import type { Example, RowFormat } from './example';
import { readExample } from './read';
import { cannotHold, writeExample, type Columns, type WriteOptions } from './write';

/** Rows that can be gone through more than once: a file, or an output of a run. Parsed objects, in any training format. */
export type RowSource = () => AsyncIterable<unknown> | Iterable<unknown>;

/** As many broken rows as one message can usefully name. */
const NAMED = 20;

/**
 * Rows of any training format as lines of one: what FinishContext.write and `writeLines` take. The rows are gone through
 * twice, because a column that one row needs is a column of all rows.
 * @throws {DatasetError} `wrong_format` when rows cannot be held by the format; it names them. No row is dropped.
 */
export async function* trainingLines(
  rows: RowSource,
  format: RowFormat,
  options: WriteOptions = {},
): AsyncGenerator<string> {
  for await (const row of trainingRows(rows, format, options)) yield JSON.stringify(row);
}

/** As `trainingLines`, before the rows are written as JSON. */
export async function* trainingRows(
  rows: RowSource,
  format: RowFormat,
  options: WriteOptions = {},
): AsyncGenerator<JsonObject> {
  const columns = await columnsOf(rows, format, options);
  for await (const value of rows()) {
    const found = read(value, format);
    if ('example' in found) yield writeExample(found.example, format, columns, options);
  }
}

async function columnsOf(rows: RowSource, format: RowFormat, options: WriteOptions): Promise<Columns> {
  let system = (options.system ?? '') !== '';
  let history = false;
  let number = 0;
  let count = 0;
  const broken: RowProblem[] = [];
  for await (const value of rows()) {
    number++;
    const found = read(value, format);
    if ('example' in found) {
      system ||= found.example.system !== '';
      history ||= found.example.history.length > 0;
    } else {
      count++;
      if (broken.length < NAMED) broken.push({ file: '', line: number, column: 1, message: found.reason });
    }
  }
  if (count === 0) return { system, history };
  // One row for each reason: most often all rows have the same.
  const reasons = new Map(broken.toReversed().map(({ line, message }) => [message, line]));
  const named = [...reasons].toReversed().map(([message, line]) => `row ${line}: ${message.replace(/\.$/, '')}`);
  const said = `${count} of ${number} rows cannot become ${format}: ${named.join('; ')}.`;
  throw new DatasetError('wrong_format', said, broken);
}

function read(value: unknown, format: RowFormat): { readonly example: Example } | { readonly reason: string } {
  if (!isObject(value)) return { reason: 'A row is an object with named fields.' };
  const found = readExample(value);
  if ('problem' in found) return { reason: found.problem.message };
  const reason = cannotHold(found.example, format);
  return reason === undefined ? found : { reason };
}
