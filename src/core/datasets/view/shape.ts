import { isObject, type JsonObject } from './fields';

/** A row as a person reads it: its texts in reading order, and what is left for the tree. */
export interface Reading {
  readonly shape: Shape;
  readonly parts: readonly Part[];
  /** Fields that are no part of it. */
  readonly rest: JsonObject;
}

export type Shape = 'messages' | 'sharegpt' | 'question' | 'prompt' | 'preference' | 'ensemble' | 'passage' | 'other';

export type PartRole = 'system' | 'user' | 'assistant' | 'tool' | 'reasoning' | 'text';

export interface Part {
  readonly role: PartRole;
  /** The field, for its heading: `question`, `chosen`, or the speaker of a turn. */
  readonly name: string;
  readonly text: string;
  /** Where the text stands in the row; edits go there. */
  readonly path: readonly (string | number)[];
  /** Remarks on this part: the critiques of an ensemble's answer. */
  readonly notes?: readonly { readonly by: string; readonly score: number | null; readonly text: string }[];
}

const ROLES: Readonly<Record<string, PartRole>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
};

/** Recognises the shapes that training files have; any other row is `other`, with all of it in `rest`. */
export function readingOf(row: unknown): Reading {
  if (!isObject(row)) return { shape: 'other', parts: [], rest: {} };
  return (
    turns(row, 'messages', 'messages', 'role', 'content') ??
    turns(row, 'sharegpt', 'conversations', 'from', 'value') ??
    preference(row) ??
    ensemble(row) ??
    fields(row, 'question', ['question', 'answer'], ['reasoning', 'raw_reasoning']) ??
    fields(row, 'question', ['instruction', 'output'], ['input', 'reasoning']) ??
    fields(row, 'question', ['instruction', 'response'], ['input', 'reasoning']) ??
    fields(row, 'question', ['instruction', 'reasoning_chain'], []) ??
    fields(row, 'prompt', ['prompt', 'completion'], ['reasoning']) ??
    fields(row, 'prompt', ['prompt', 'raw_reasoning'], []) ??
    passage(row) ?? { shape: 'other', parts: [], rest: row }
  );
}

function turns(row: JsonObject, shape: Shape, list: string, by: string, text: string): Reading | undefined {
  const said = Object.hasOwn(row, list) ? row[list] : undefined;
  if (!Array.isArray(said) || said.length === 0) return undefined;
  const parts: Part[] = [];
  for (const [at, turn] of said.entries()) {
    if (!isObject(turn)) return undefined;
    const speaker = turn[by];
    const content = turn[text];
    if (typeof speaker !== 'string') return undefined;
    const role = ROLES[speaker] ?? 'text';
    parts.push({ role, name: speaker, text: contentText(content), path: [list, at, text] });
  }
  return { shape, parts, rest: without(row, [list]) };
}

/** OpenAI's content may be a list of typed parts. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) {
    return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('\n');
  }
  return content === null || content === undefined ? '' : JSON.stringify(content);
}

function preference(row: JsonObject): Reading | undefined {
  const { chosen, rejected } = row;
  if (chosen === undefined || rejected === undefined) return undefined;
  const parts: Part[] = [];
  if (typeof row.prompt === 'string') parts.push({ role: 'user', name: 'prompt', text: row.prompt, path: ['prompt'] });
  parts.push({ role: 'assistant', name: 'chosen', text: lastContent(chosen), path: ['chosen'] });
  parts.push({ role: 'assistant', name: 'rejected', text: lastContent(rejected), path: ['rejected'] });
  return { shape: 'preference', parts, rest: without(row, ['prompt', 'chosen', 'rejected']) };
}

function lastContent(side: unknown): string {
  if (!Array.isArray(side)) return contentText(side);
  const last: unknown = side.at(-1);
  return isObject(last) ? contentText(last.content ?? last.value) : contentText(side);
}

function ensemble(row: JsonObject): Reading | undefined {
  const { completions, instruction } = row;
  if (!isObject(completions) || typeof instruction !== 'string') return undefined;
  const parts: Part[] = [{ role: 'user', name: 'instruction', text: instruction, path: ['instruction'] }];
  for (const [teacher, completion] of Object.entries(completions)) {
    if (!isObject(completion) || typeof completion.answer !== 'string') return undefined;
    const critiques: unknown[] = Array.isArray(completion.critiques) ? completion.critiques : [];
    const notes = critiques.filter(isObject).map(({ by, score, comment }) => ({
      by: typeof by === 'string' ? by : '?',
      score: typeof score === 'number' ? score : null,
      text: typeof comment === 'string' ? comment : '',
    }));
    const score = typeof completion.score === 'number' ? ` · ${completion.score}` : '';
    const path = ['completions', teacher, 'answer'];
    parts.push({ role: 'assistant', name: `${teacher}${score}`, text: completion.answer, path, notes });
  }
  if (typeof row.consensus === 'string') {
    parts.push({ role: 'assistant', name: 'consensus', text: row.consensus, path: ['consensus'] });
  }
  return { shape: 'ensemble', parts, rest: without(row, ['instruction', 'completions', 'consensus']) };
}

function fields(
  row: JsonObject,
  shape: Shape,
  [asked, answered]: readonly [string, string],
  optional: readonly string[],
): Reading | undefined {
  const [question, answer] = [row[asked], row[answered]];
  if (typeof question !== 'string' || typeof answer !== 'string') return undefined;
  const part = (role: PartRole, name: string, text: string): Part => ({ role, name, text, path: [name] });
  const extra = optional.filter((name) => typeof row[name] === 'string');
  const texts = (names: readonly string[], role: PartRole) =>
    names.flatMap((name) => {
      const text = row[name];
      return typeof text === 'string' && text !== '' ? [part(role, name, text)] : [];
    });
  const parts = [
    part('user', asked, question),
    ...texts(
      extra.filter((name) => name === 'input'),
      'user',
    ),
    part('assistant', answered, answer),
    ...texts(
      extra.filter((name) => name !== 'input'),
      'reasoning',
    ),
  ];
  return { shape, parts, rest: without(row, [asked, answered, ...extra]) };
}

function passage(row: JsonObject): Reading | undefined {
  if (typeof row.text !== 'string') return undefined;
  return {
    shape: 'passage',
    parts: [{ role: 'text', name: 'text', text: row.text, path: ['text'] }],
    rest: without(row, ['text']),
  };
}

function without(row: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
