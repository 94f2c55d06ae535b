import { formatOf, readExample } from '../datasets/formats';
import type { Example } from '../datasets/formats/example';
import type { JsonObject } from '../datasets/rows';
import type { Unit } from '../engine/pipeline';
import { type Aliases, expectation, findColumns, textIn } from '../pipelines/input/columns';
import type { Reading } from '../pipelines/input/inputFile';
import type { Message } from '../teachers/teacher';

/** A held-out instruction with the answer that is known to be right. */
export interface Test {
  /** Empty where the row has none. */
  readonly category: string;
  /** Exactly what both models are asked: the conversation as it was trained on. */
  readonly prompt: readonly Message[];
  readonly instruction: string;
  readonly input: string;
  readonly reference: string;
}

export interface TestUnit extends Unit {
  readonly test: Test;
  /** Of the last unit only: the prompts that both models are timed on. */
  readonly timed?: readonly Test[];
}

/** A column that says plainly that it is the reference goes before `output`, which may be what some model said. */
const aliases: Aliases<'instruction' | 'input' | 'reference' | 'output' | 'id' | 'category'> = [
  ['instruction', ['instruction', 'prompt', 'question', 'query', 'problem', 'task']],
  ['input', ['input', 'context']],
  ['reference', ['reference', 'reference_answer', 'expected_output', 'expected', 'ground_truth', 'gold']],
  ['output', ['output', 'answer', 'response', 'completion', 'target', 'reference']],
  ['id', ['id', 'sample_id', 'qa_id', 'question_id', 'example_id', 'uid']],
  ['category', ['category', 'type', 'subject', 'topic', 'task_type', 'domain', 'source_domain', 'difficulty']],
];

/** A row of tests: `instruction` and `output` with or without `input`, `id` and `category`, or any training format. */
export function readTest(row: JsonObject): Reading<Test> {
  const columns = findColumns(row, aliases);
  const id = textIn(row, columns.get('id'));
  const category = textIn(row, columns.get('category'));
  if (id === undefined) return { kind: 'problem', message: `“${columns.get('id') ?? 'id'}” is no text and no number.` };
  const example = exampleIn(row, columns);
  if (typeof example === 'string') return { kind: 'problem', message: example };
  const { instruction, input, output: reference } = example;
  if (`${instruction}${input}`.trim() === '') return { kind: 'blank' };
  if (reference.trim() === '')
    return { kind: 'problem', message: 'It has no reference: a test needs the answer that is right.' };
  const value = { category: category ?? '', prompt: promptFor(example), instruction, input, reference };
  return { kind: 'row', id, value, columns: new Map(columns.has('instruction') ? columns : []) };
}

type Asked = Pick<Example, 'system' | 'history' | 'instruction' | 'input' | 'output'>;

/** Conversations and our own formats as they are trained on, anything else by its columns; or what is wrong. */
function exampleIn(row: JsonObject, columns: ReadonlyMap<string, string>): Asked | string {
  if (formatOf(row) !== undefined && !columns.has('reference')) {
    const read = readExample(row);
    return 'example' in read ? read.example : read.problem.message;
  }
  const answer = columns.get('reference') ?? columns.get('output');
  if (!columns.has('instruction')) return expectation(row, aliases, 'instruction');
  if (answer === undefined) return expectation(row, aliases, 'output');
  const [instruction, input, output, system] = [
    textIn(row, columns.get('instruction')),
    textIn(row, columns.get('input')),
    textIn(row, answer),
    textIn(row, 'system'),
  ];
  if (instruction === undefined || input === undefined || output === undefined || system === undefined)
    return 'Instruction, input and reference are texts; here one of them is a list or an object.';
  return { system, history: [], instruction, input, output };
}

/** As the trainer shows it to the model: instruction and input on lines of their own. */
function promptFor({ system, history, instruction, input }: Asked): Message[] {
  const turns = history.flatMap(({ user, assistant }): Message[] => [
    { role: 'user', content: user },
    { role: 'assistant', content: assistant },
  ]);
  const asked = [instruction, input].filter((part) => part !== '').join('\n');
  return [
    ...(system === '' ? [] : [{ role: 'system', content: system } as const]),
    ...turns,
    { role: 'user', content: asked },
  ];
}
