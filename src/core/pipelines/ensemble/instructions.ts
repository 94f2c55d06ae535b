import type { JsonObject } from '../../datasets/rows';
import type { Unit } from '../../engine/pipeline';
import { readChat } from '../input/chat';
import { type Aliases, expectation, findColumns, textIn } from '../input/columns';
import { longestText, type Reading } from '../input/inputFile';
import { type Instruction, wholeInstruction } from '../prompts/ensemble';

export interface InstructionUnit extends Unit {
  readonly instruction: Instruction;
  readonly tooLong?: boolean;
}

const aliases: Aliases<'instruction' | 'input' | 'id'> = [
  ['instruction', ['instruction', 'prompt', 'question', 'query', 'problem', 'task']],
  ['input', ['input', 'context']],
  ['id', ['id', 'sample_id', 'qa_id', 'question_id', 'example_id', 'uid']],
];

/** A row of an instructions file: `instruction` with or without `input` and `id`, under their usual names, or `messages`. */
export function readInstruction(row: JsonObject): Reading<Instruction> {
  const columns = findColumns(row, aliases);
  const id = textIn(row, columns.get('id'));
  if (id === undefined) return { kind: 'problem', message: `“${columns.get('id') ?? 'id'}” is no text and no number.` };
  if (!columns.has('instruction') && 'messages' in row) {
    const log = readChat(row['messages']);
    if (typeof log === 'string') return { kind: 'problem', message: log };
    return asRow(id, { instruction: log.instruction, input: '' }, columns);
  }
  if (!columns.has('instruction')) return { kind: 'problem', message: expectation(row, aliases, 'instruction') };
  const instruction = textIn(row, columns.get('instruction'));
  const input = textIn(row, columns.get('input'));
  if (instruction === undefined || input === undefined) {
    const column = columns.get(instruction === undefined ? 'instruction' : 'input') ?? '';
    return { kind: 'problem', message: `“${column}” is no text.` };
  }
  if (instruction.trim() === '') return { kind: 'blank' };
  return asRow(id, { instruction, input }, columns);
}

function asRow(id: string, value: Instruction, columns: ReadonlyMap<string, string>): Reading<Instruction> {
  return { kind: 'row', id, value, columns, tooLong: wholeInstruction(value).length > longestText };
}
