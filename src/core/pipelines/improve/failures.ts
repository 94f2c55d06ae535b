import type { JsonObject } from '../../datasets/rows';
import type { Unit } from '../../engine/pipeline';
import { readChat } from '../input/chat';
import { type Aliases, expectation, findColumns, textIn } from '../input/columns';
import { longestText, type Reading } from '../input/inputFile';
import type { HardFailure } from '../prompts/improve';

export interface FailureUnit extends Unit {
  readonly failure: HardFailure;
  readonly tooLong?: boolean;
}

type Field = 'instruction' | 'input' | 'id' | 'category' | 'reference_answer' | 'previous_output';

/** The names under which evaluation tools and logs write these columns. */
export const failureAliases: Aliases<Field> = [
  ['instruction', ['instruction', 'prompt', 'question', 'query', 'problem']],
  ['input', ['input', 'context']],
  ['id', ['id', 'example_id', 'question_id', 'sample_id', 'qa_id', 'uid']],
  ['category', ['category', 'type', 'subject', 'topic', 'task', 'task_type', 'domain']],
  [
    'reference_answer',
    [
      'reference_answer',
      'reference',
      'expected_output',
      'expected',
      'expected_answer',
      'ground_truth',
      'target',
      'gold',
      'correct_answer',
      'answer',
    ],
  ],
  [
    'previous_output',
    [
      'previous_output',
      'model_output',
      'model_answer',
      'prediction',
      'predicted',
      'student_answer',
      'wrong_answer',
      'generated',
      'response',
      'completion',
      'output',
    ],
  ],
];

/** A row of hard failures: its columns under their usual names, or a logged conversation (`messages`). */
export function readFailure(row: JsonObject): Reading<HardFailure> {
  const columns = findColumns(row, failureAliases);
  const cell = (field: Field): string | undefined => textIn(row, columns.get(field));
  const id = cell('id');
  const category = cell('category');
  const reference = cell('reference_answer');
  const asked =
    columns.has('instruction') || !('messages' in row) ? asColumns(row, columns) : readChat(row['messages']);
  if (typeof asked === 'string') return { kind: 'problem', message: asked };
  if (id === undefined || category === undefined || reference === undefined) {
    const field = id === undefined ? 'id' : category === undefined ? 'category' : 'reference_answer';
    return { kind: 'problem', message: `“${columns.get(field) ?? field}” is no text.` };
  }
  if (asked.instruction.trim() === '') return { kind: 'blank' };
  const value = { category: category || 'default', instruction: asked.instruction, reference, previous: asked.answer };
  const tooLong = value.instruction.length + reference.length + value.previous.length > longestText;
  return { kind: 'row', id, value, columns, tooLong };
}

function asColumns(row: JsonObject, columns: ReadonlyMap<Field, string>) {
  if (!columns.has('instruction')) return expectation(row, failureAliases, 'instruction');
  const cells = (['instruction', 'input', 'previous_output'] as const).map((field) => textIn(row, columns.get(field)));
  const [instruction, input, answer] = cells;
  if (instruction === undefined || input === undefined || answer === undefined)
    return 'Instruction, input and previous output are texts; here one of them is a list or an object.';
  return { instruction: input.trim() === '' ? instruction : `${instruction}\n\n${input}`, answer };
}
