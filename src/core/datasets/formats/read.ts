import { isObject, type JsonObject } from '../rows';
import type { Example, Exchange, RowFormat } from './example';

/** Why a row is no example. `path` leads to the value: `['messages', 2, 'content']`. */
export interface ImportProblem {
  readonly code: ImportProblemCode;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ImportProblemCode =
  | 'unknown_shape'
  | 'missing_field'
  | 'wrong_type'
  | 'unknown_role'
  | 'role_order'
  | 'no_answer'
  | 'unsupported_content';

export type Imported = { readonly example: Example } | { readonly problem: ImportProblem };

/**
 * The format that a row is in, by its fields, or undefined. Also known: question and answer (`generated_qa_pairs.jsonl`),
 * instruction and response (bootstrap), instruction and trinary logic (cascade: its resolution is the answer). `messages` wins over what stands beside it.
 */
export function formatOf(row: JsonObject): RowFormat | undefined {
  if ('messages' in row) return 'messages';
  if ('conversations' in row) return 'sharegpt';
  if ('chosen' in row && 'rejected' in row) return 'preference';
  if ('instruction' in row && ('reasoning' in row || 'difficulty' in row) && 'output' in row) return 'jsonl';
  if ('instruction' in row && ('output' in row || 'response' in row)) return 'alpaca';
  if ('prompt' in row && 'completion' in row) return 'prompt-completion';
  if ('question' in row && 'answer' in row) return 'jsonl';
  if ('instruction' in row && 'trinary_logic' in row) return 'jsonl';
  return undefined;
}

/** A row as an example. Nothing is guessed: what does not fit is a problem with its place. */
export function readExample(row: JsonObject, format: RowFormat | undefined = formatOf(row)): Imported {
  switch (format) {
    case undefined:
      return problem(
        'unknown_shape',
        [],
        `No training format has these fields: ${Object.keys(row).join(', ') || 'none'}.`,
      );
    case 'jsonl':
    case 'alpaca':
      return readInstruction(row);
    case 'messages':
      return readConversation(row, 'messages', 'role', 'content', OPENAI_ROLES);
    case 'sharegpt':
      return readConversation(row, 'conversations', 'from', 'value', SHAREGPT_ROLES);
    case 'prompt-completion':
      return readPrompt(row, 'completion');
    case 'preference':
      return readPrompt(row, 'chosen');
  }
}

function readInstruction(row: JsonObject): Imported {
  const instruction = aliased(row, ['instruction', 'question']);
  const output = aliased(row, ['output', 'response', 'answer']);
  const logic = row['trinary_logic'];
  if (isObject(logic) && !(output in row)) {
    return readInstruction({
      ...row,
      output: logic['resolution'],
      reasoning: row['reasoning_chain'],
      trinary_logic: null,
    });
  }
  const texts = new Fields(row);
  const example: Example = {
    system: texts.optional('system'),
    history: readHistory(row, texts),
    instruction: texts.required(instruction),
    input: texts.optional('input'),
    output: texts.required(output),
    reasoning: texts.optional('reasoning'),
    difficulty: texts.optional('difficulty'),
  };
  return texts.problem ? { problem: texts.problem } : { example };
}

function readHistory(row: JsonObject, texts: Fields): Exchange[] {
  const history = row['history'];
  if (history === undefined || history === null) return [];
  if (!Array.isArray(history)) {
    texts.fail('wrong_type', ['history'], 'history must be a list of [question, answer] pairs.');
    return [];
  }
  return history.flatMap((turn: unknown, index) => {
    if (Array.isArray(turn) && turn.length === 2 && typeof turn[0] === 'string' && typeof turn[1] === 'string') {
      return [{ user: turn[0], assistant: turn[1] }];
    }
    texts.fail('wrong_type', ['history', index], 'A turn of the history must be a pair of texts.');
    return [];
  });
}

type Role = 'system' | 'user' | 'assistant';
const OPENAI_ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};
const SHAREGPT_ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
};

function readConversation(
  row: JsonObject,
  field: string,
  roleKey: string,
  textKey: string,
  roles: Readonly<Record<string, Role>>,
): Imported {
  const list = row[field];
  if (!Array.isArray(list)) return problem('wrong_type', [field], `${field} must be a list of turns.`);
  const texts = new Fields(row);
  const exchanges: Exchange[] = [];
  let system = '';
  let user: string | undefined;
  for (const [index, entry] of list.entries()) {
    const turn = readTurn(entry, [field, index], roleKey, textKey, roles);
    if ('problem' in turn) return turn;
    if (turn.role === 'system') {
      if (index > 0) return problem('role_order', [field, index], 'A system turn can only be the first.');
      system = turn.text;
    } else if (turn.role === 'user') {
      if (user !== undefined) return problem('role_order', [field, index], 'Two user turns follow each other.');
      user = turn.text;
    } else {
      if (user === undefined)
        return problem('role_order', [field, index], 'An assistant turn without a user turn before it.');
      exchanges.push({ user, assistant: turn.text });
      user = undefined;
    }
  }
  if (user !== undefined)
    return problem(
      'no_answer',
      [field, list.length - 1],
      'The conversation ends with the user: there is no answer to learn.',
    );
  const last = exchanges.pop();
  if (!last) return problem('no_answer', [field], 'The conversation has no answer to learn.');
  const example: Example = {
    system: system === '' ? texts.optional('system') : system,
    history: exchanges,
    instruction: last.user,
    input: '',
    output: last.assistant,
    reasoning: texts.optional('reasoning'),
    difficulty: texts.optional('difficulty'),
  };
  return texts.problem ? { problem: texts.problem } : { example };
}

function readTurn(
  entry: unknown,
  path: readonly (string | number)[],
  roleKey: string,
  textKey: string,
  roles: Readonly<Record<string, Role>>,
): { readonly role: Role; readonly text: string } | { readonly problem: ImportProblem } {
  if (!isObject(entry)) return problem('wrong_type', path, `A turn must be an object with ${roleKey} and ${textKey}.`);
  const named = entry[roleKey];
  if (typeof named !== 'string') return problem('missing_field', path, `The turn has no ${roleKey}.`);
  const role = Object.hasOwn(roles, named) ? roles[named] : undefined;
  if (role === undefined) {
    const known = Object.keys(roles).join(', ');
    return problem('unknown_role', [...path, roleKey], `The role ${JSON.stringify(named)} is not one of ${known}.`);
  }
  const text = entry[textKey];
  if (typeof text === 'string') return { role, text };
  if (Array.isArray(text)) {
    return problem(
      'unsupported_content',
      [...path, textKey],
      'Content in parts (images, tools) is not text and cannot be converted.',
    );
  }
  const what = text === undefined ? 'missing' : text === null ? 'null' : `a ${typeof text}`;
  return problem(
    text === undefined ? 'missing_field' : 'wrong_type',
    [...path, textKey],
    `${textKey} must be text, but is ${what}.`,
  );
}

function readPrompt(row: JsonObject, answer: 'completion' | 'chosen'): Imported {
  const texts = new Fields(row);
  const example: Example = {
    system: texts.optional('system'),
    history: [],
    instruction: texts.required('prompt'),
    input: '',
    output: texts.required(answer),
    ...(answer === 'chosen' ? { rejected: texts.required('rejected') } : {}),
    reasoning: texts.optional('reasoning'),
    difficulty: texts.optional('difficulty'),
  };
  return texts.problem ? { problem: texts.problem } : { example };
}

/** Reads text fields and remembers the first that is none. */
class Fields {
  problem: ImportProblem | undefined;

  constructor(private readonly row: JsonObject) {}

  required(name: string): string {
    const value = this.row[name];
    if (value === undefined) this.fail('missing_field', [], `The field ${name} is missing.`);
    return this.text(name, value);
  }

  /** Absent and null are the same: writers that fill missing columns use null. */
  optional(name: string): string {
    const value = this.row[name];
    return value === undefined || value === null ? '' : this.text(name, value);
  }

  fail(code: ImportProblemCode, path: readonly (string | number)[], message: string): void {
    this.problem ??= { code, path, message };
  }

  private text(name: string, value: unknown): string {
    if (typeof value === 'string') return value;
    const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
    this.fail('wrong_type', [name], `The field ${name} must be text, but is ${what}.`);
    return '';
  }
}

function aliased(row: JsonObject, names: readonly [string, ...string[]]): string {
  return names.find((name) => name in row) ?? names[0];
}

function problem(
  code: ImportProblemCode,
  path: readonly (string | number)[],
  message: string,
): { readonly problem: ImportProblem } {
  return { problem: { code, path, message } };
}
