import type { JsonObject } from '../rows';
import { question, type Example, type RowFormat } from './example';

/** What becomes of the reasoning in formats that have no field for it. */
export type ReasoningPolicy =
  /** Left out: the answer alone is learnt. */
  | 'drop'
  /** Before the answer between `<think>` tags, as reasoning models (Qwen3, DeepSeek) write it. */
  | 'think';

export interface WriteOptions {
  /** A system prompt for rows that have none of their own. */
  readonly system?: string;
  /** Default `drop`. `jsonl` always has a field for it. */
  readonly reasoning?: ReasoningPolicy;
}

/** Columns that a file has only when some row needs them: every row must then have them. */
export interface Columns {
  readonly system: boolean;
  readonly history: boolean;
}

/** Why a format cannot hold an example, or undefined when it can. */
export function cannotHold(example: Example, format: RowFormat): string | undefined {
  if (format === 'preference') {
    if (example.rejected === undefined) return 'a preference needs a rejected answer beside the chosen one';
    if (example.history.length > 0) return oneTurnOnly(format, example);
  }
  if ((format === 'jsonl' || format === 'prompt-completion') && example.history.length > 0) {
    return oneTurnOnly(format, example);
  }
  return undefined;
}

/** The example as a row of the format. The caller has asked `cannotHold` before. */
export function writeExample(
  example: Example,
  format: RowFormat,
  columns: Columns,
  options: WriteOptions = {},
): JsonObject {
  const system = example.system === '' ? (options.system ?? '') : example.system;
  const output = answer(example, options);
  switch (format) {
    case 'jsonl':
      return {
        instruction: example.instruction,
        input: example.input,
        output: example.output,
        reasoning: example.reasoning,
        difficulty: example.difficulty,
        ...(columns.system ? { system } : {}),
      };
    case 'alpaca':
      return {
        instruction: example.instruction,
        input: example.input,
        output,
        ...(columns.system ? { system } : {}),
        ...(columns.history ? { history: example.history.map(({ user, assistant }) => [user, assistant]) } : {}),
      };
    case 'messages':
      return { messages: turns(example, system, output).map(([role, content]) => ({ role, content })) };
    case 'sharegpt':
      return {
        conversations: turns(example, system, output).map(([role, value]) => ({ from: SHAREGPT_NAMES[role], value })),
      };
    case 'prompt-completion':
      return { prompt: withSystem(system, question(example)), completion: output };
    case 'preference':
      return { prompt: withSystem(system, question(example)), chosen: output, rejected: example.rejected ?? '' };
  }
}

const SHAREGPT_NAMES = { system: 'system', user: 'human', assistant: 'gpt' } as const;

function turns(example: Example, system: string, output: string): [keyof typeof SHAREGPT_NAMES, string][] {
  const list: [keyof typeof SHAREGPT_NAMES, string][] = system === '' ? [] : [['system', system]];
  for (const { user, assistant } of example.history) list.push(['user', user], ['assistant', assistant]);
  list.push(['user', question(example)], ['assistant', output]);
  return list;
}

function answer(example: Example, options: WriteOptions): string {
  if (options.reasoning !== 'think' || example.reasoning === '') return example.output;
  return `<think>\n${example.reasoning}\n</think>\n\n${example.output}`;
}

function withSystem(system: string, prompt: string): string {
  return system === '' ? prompt : `${system}\n\n${prompt}`;
}

function oneTurnOnly(format: RowFormat, example: Example): string {
  return `${format} holds one question and one answer, but the row has ${example.history.length + 1}; use messages, sharegpt or alpaca`;
}
