import { z } from 'zod';
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
  readonly path: Path;
  /** What stands beside the text and is shown nowhere else: a turn's tool calls. */
  readonly rest?: JsonObject;
  /** The half of a preference that it belongs to. */
  readonly side?: Side;
  /** There is none, as of a teacher who gave no answer. */
  readonly isMissing?: boolean;
  /** Remarks on this part: the critiques of an ensemble's answer. */
  readonly notes?: readonly Note[];
}

export type Side = 'chosen' | 'rejected';

type Path = readonly (string | number)[];

interface Note {
  readonly by: string;
  readonly score: number | null;
  /** Where the answer stood among those that the judge was shown, from 0. */
  readonly place: number | null;
  readonly text: string;
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
    conversation(row, 'messages', 'messages') ??
    conversation(row, 'sharegpt', 'conversations') ??
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

function conversation(row: JsonObject, shape: Shape, list: string): Reading | undefined {
  const parts = turnsOf(row[list], [list]);
  return parts && { shape, parts, rest: without(row, [list]) };
}

/** The turns of a conversation; undefined for anything else. */
function turnsOf(said: unknown, path: Path): Part[] | undefined {
  if (!Array.isArray(said) || said.length === 0) return undefined;
  const parts: Part[] = [];
  for (const [at, turn] of said.entries()) {
    if (!isObject(turn)) return undefined;
    const by = typeof turn.role === 'string' ? 'role' : 'from';
    const text = turn.content === undefined && turn.value !== undefined ? 'value' : 'content';
    const speaker = turn[by];
    if (typeof speaker !== 'string') return undefined;
    const role = ROLES[speaker] ?? 'text';
    const rest = restOf(turn, [by, text]);
    parts.push({ role, name: speaker, text: contentText(turn[text]), path: [...path, at, text], ...rest });
  }
  return parts;
}

/** OpenAI's content may be a list of typed parts; what is no text is shown as JSON. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map((part) => typedText(part) ?? contentText(part)).join('\n');
  return content === null || content === undefined ? '' : JSON.stringify(content);
}

function typedText(part: unknown): string | undefined {
  if (!isObject(part) || typeof part.text !== 'string') return undefined;
  return Object.keys(part).every((key) => key === 'text' || key === 'type') ? part.text : undefined;
}

function preference(row: JsonObject): Reading | undefined {
  if (row.chosen === undefined || row.rejected === undefined) return undefined;
  const [chosen, rejected] = [sideOf(row, 'chosen'), sideOf(row, 'rejected')];
  const shared = sharedTurns(row.chosen, row.rejected);
  // An edit of what both sides begin with would be one of only one of them: its path is the turn's, not its text's.
  const before = chosen
    .slice(0, shared)
    .map(({ side: _side, path, ...part }): Part => ({ ...part, path: path.slice(0, -1) }));
  const parts = [...promptOf(row.prompt), ...before, ...chosen.slice(shared), ...rejected.slice(shared)];
  const read = promptOf(row.prompt).length > 0 ? ['prompt'] : [];
  return { shape: 'preference', parts, rest: without(row, [...read, 'chosen', 'rejected']) };
}

function promptOf(prompt: unknown): Part[] {
  if (typeof prompt === 'string') return [{ role: 'user', name: 'prompt', text: prompt, path: ['prompt'] }];
  return turnsOf(prompt, ['prompt']) ?? [];
}

/** One side of a preference; its last turn, or all of it, is what was chosen or rejected. */
function sideOf(row: JsonObject, side: Side): Part[] {
  const turns = turnsOf(row[side], [side]);
  if (!turns) return [{ role: 'assistant', name: side, text: contentText(row[side]), path: [side], side }];
  return turns.map((turn, at) => ({ ...turn, side, ...(at === turns.length - 1 ? { name: side } : {}) }));
}

/** How many turns both sides begin with, their last ones aside. */
function sharedTurns(chosen: unknown, rejected: unknown): number {
  if (!turnsOf(chosen, []) || !turnsOf(rejected, []) || !Array.isArray(chosen) || !Array.isArray(rejected)) return 0;
  const most = Math.min(chosen.length, rejected.length) - 1;
  let shared = 0;
  while (shared < most && JSON.stringify(chosen[shared]) === JSON.stringify(rejected[shared])) shared++;
  return shared;
}

function ensemble(row: JsonObject): Reading | undefined {
  const { completions, instruction, consensus } = row;
  if (!isObject(completions) || typeof instruction !== 'string') return undefined;
  const parts: Part[] = [{ role: 'user', name: 'instruction', text: instruction, path: ['instruction'] }];
  for (const [teacher, completion] of Object.entries(completions)) {
    if (!isObject(completion)) return undefined;
    parts.push(completionPart(teacher, completion));
  }
  if (typeof consensus === 'string') {
    parts.push({ role: 'assistant', name: 'consensus', text: consensus, path: ['consensus'] });
  }
  const read = ['instruction', 'completions', ...(typeof consensus === 'string' ? ['consensus'] : [])];
  return { shape: 'ensemble', parts, rest: without(row, read) };
}

function completionPart(teacher: string, completion: JsonObject): Part {
  const { answer, score } = completion;
  const notes = notesOf(completion.critiques);
  const isScored = typeof score === 'number';
  const read = ['answer', ...(isScored || score === null ? ['score'] : []), ...(notes ? ['critiques'] : [])];
  return {
    role: 'assistant',
    name: isScored ? `${teacher} · ${score}` : teacher,
    text: contentText(answer),
    path: ['completions', teacher, 'answer'],
    ...(answer === null || answer === undefined ? { isMissing: true } : {}),
    notes: notes ?? [],
    ...restOf(completion, read),
  };
}

const critique = z.strictObject({
  by: z.string(),
  score: z.number().nullish(),
  comment: z.string().nullish(),
  position: z.number().nullish(),
});

/** Undefined when there is more in the critiques than notes can show. */
function notesOf(critiques: unknown): Note[] | undefined {
  const known = z.array(critique).safeParse(critiques);
  return known.data?.map(({ by, score = null, comment, position = null }) => ({
    by,
    score,
    place: position,
    text: comment ?? '',
  }));
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

/** What of an object is not read yet, for its part. */
function restOf(whole: JsonObject, read: readonly string[]): { rest?: JsonObject } {
  const rest = without(whole, read);
  return Object.keys(rest).length > 0 ? { rest } : {};
}

function without(row: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
