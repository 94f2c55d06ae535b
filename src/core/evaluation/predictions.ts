import path from 'node:path';
import { type JsonObject, readRows } from '../datasets/rows';
import { type Aliases, findColumns, textIn } from '../pipelines/input/columns';
import type { InputFile } from '../pipelines/input/inputFile';
import { EvaluationError } from './errors';
import type { Test } from './tests';

const aliases: Aliases<'id' | 'output'> = [
  ['id', ['id', 'sample_id', 'qa_id', 'question_id', 'example_id', 'uid']],
  ['output', ['output', 'prediction', 'predict', 'response', 'completion', 'answer']],
];
/** How many of the ids at fault are named. */
const named = 5;

/**
 * The answers in a file, by the ids of the tests. Rows of the trainer's predict step (`predict` and `label`, no ids) are
 * taken in the order of the tests when every label is that test's reference.
 * @throws {EvaluationError} `bad_predictions`
 */
export async function readPredictions(
  file: string,
  tests: InputFile<Test>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  const ofTrainer: Predicted[] = [];
  for await (const { value, line } of readRows(file, signal)) {
    const fault = (message: string) => bad(file, `line ${line.number}: ${message}`);
    const columns = findColumns(value, aliases);
    const output = columns.has('output') ? textIn(value, columns.get('output')) : undefined;
    if (output === undefined) throw fault(wanted(value));
    if (!columns.has('id') && typeof value['label'] === 'string') {
      ofTrainer.push({ output, label: value['label'] });
      continue;
    }
    const id = textIn(value, columns.get('id'));
    if (id === undefined || id === '') throw fault(wanted(value));
    if (answers.has(id)) throw fault(`the id “${id}” stands there twice.`);
    answers.set(id, output);
  }
  if (ofTrainer.length === 0) return complete(file, answers, tests, signal);
  if (answers.size > 0) throw bad(file, 'some rows have an id and some have none.');
  return inOrder(file, ofTrainer, tests, signal);
}

interface Predicted {
  readonly output: string;
  readonly label: string;
}

async function complete(
  file: string,
  answers: ReadonlyMap<string, string>,
  tests: InputFile<Test>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const missing = [];
  for await (const { id } of tests.rows(0, Infinity, signal)) if (!answers.has(id)) missing.push(id);
  if (missing.length === 0) return answers;
  const some = `${missing.slice(0, named).join(', ')}${missing.length > named ? ', …' : ''}`;
  throw bad(
    file,
    `it has no answer to ${missing.length} of ${tests.count} tests: ${some}. The ids are those of the tests.`,
  );
}

async function inOrder(
  file: string,
  predicted: readonly Predicted[],
  tests: InputFile<Test>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (predicted.length !== tests.count)
    throw bad(file, `it has ${predicted.length} rows without ids, the tests are ${tests.count}.`);
  const answers = new Map<string, string>();
  for await (const { id, index, value } of tests.rows(0, Infinity, signal)) {
    const { output, label } = predicted[index] ?? { output: '', label: '' };
    if (label.trim() !== value.reference.trim())
      throw bad(
        file,
        `row ${index + 1} is labelled otherwise than the test ${id}: it is of other tests, or in another order.`,
      );
    answers.set(id, output);
  }
  return answers;
}

function wanted(row: JsonObject): string {
  return `found the columns ${Object.keys(row).slice(0, 12).join(', ') || 'none'}; expected “id” and “output”, both text.`;
}

function bad(file: string, message: string): EvaluationError {
  return new EvaluationError('bad_predictions', `${path.basename(file)} cannot be compared: ${message}`);
}
