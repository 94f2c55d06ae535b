import * as z from 'zod/mini';
import { formatOf } from '../formats/read';
import { isObject, type JsonObject } from '../rows';

/** Who is to train on the file. */
export const checkTarget = z.enum(['llamafactory', 'together', 'openai']);
export type CheckTarget = z.infer<typeof checkTarget>;

/** What a provider refuses beyond what no trainer can use. */
export interface TargetRules {
  readonly minimumRows: number;
  readonly maximumBytes?: number;
  /** Tokens of a row, unless `--max-tokens` says otherwise. */
  readonly maximumTokens?: number;
}

/**
 * Together: `togethercomputer/openapi` 2026-04-28 and its client's limit of 4.9 GB. OpenAI: at least ten examples,
 * 65,536 tokens an example. LLaMA-Factory reads any number of rows and cuts at `cutoff_len`.
 */
export const targetRules: Readonly<Record<CheckTarget, TargetRules>> = {
  llamafactory: { minimumRows: 1 },
  together: { minimumRows: 1, maximumBytes: 4.9e9 },
  openai: { minimumRows: 10, maximumBytes: 512e6, maximumTokens: 65_536 },
};

export interface TargetFinding {
  readonly code: 'wrong_format' | 'unknown_key' | 'unknown_role' | 'wrong_type' | 'no_answer';
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the provider would say of a row that is a training row otherwise. */
export function targetFindings(row: JsonObject, target: CheckTarget): TargetFinding[] {
  switch (target) {
    case 'llamafactory':
      return [];
    case 'together':
      return togetherFindings(row);
    case 'openai':
      return openaiFindings(row);
  }
}

const TOGETHER_KEYS: Readonly<Record<string, readonly string[]>> = {
  messages: ['messages', 'tools'],
  'prompt-completion': ['prompt', 'completion'],
  text: ['text'],
  preference: ['input', 'preferred_output', 'non_preferred_output'],
};

function togetherFindings(row: JsonObject): TargetFinding[] {
  const shape = togetherShape(row);
  if (shape === undefined) {
    const message =
      'Together takes messages, prompt and completion, or text. Convert with `distillery export --format messages`.';
    return [{ code: 'wrong_format', path: [], message }];
  }
  const findings = unknownKeys(row, TOGETHER_KEYS[shape] ?? [], [], 'Together');
  if (shape === 'messages')
    findings.push(...messageFindings(row, ['role', 'content', 'weight', 'tool_calls', 'reasoning'], 'Together'));
  return findings;
}

function togetherShape(row: JsonObject): string | undefined {
  if ('preferred_output' in row && 'input' in row) return 'preference';
  if (typeof row['text'] === 'string') return 'text';
  const format = formatOf(row);
  return format === 'messages' || format === 'prompt-completion' ? format : undefined;
}

const OPENAI_KEYS = ['messages', 'tools', 'parallel_tool_calls', 'functions'];
const OPENAI_MESSAGE_KEYS = [
  'role',
  'content',
  'name',
  'weight',
  'tool_calls',
  'tool_call_id',
  'function_call',
  'refusal',
];

function openaiFindings(row: JsonObject): TargetFinding[] {
  if (formatOf(row) !== 'messages') {
    const message = 'OpenAI takes messages only. Convert with `distillery export --format messages`.';
    return [{ code: 'wrong_format', path: [], message }];
  }
  return [...unknownKeys(row, OPENAI_KEYS, [], 'OpenAI'), ...messageFindings(row, OPENAI_MESSAGE_KEYS, 'OpenAI')];
}

function messageFindings(row: JsonObject, keys: readonly string[], name: string): TargetFinding[] {
  const messages = Array.isArray(row['messages']) ? row['messages'] : [];
  return messages.flatMap((message: unknown, index): TargetFinding[] => {
    if (!isObject(message)) return [];
    const findings = unknownKeys(message, keys, ['messages', index], name);
    const weight = message['weight'];
    if (weight !== undefined && weight !== 0 && weight !== 1) {
      findings.push({ code: 'wrong_type', path: ['messages', index, 'weight'], message: 'A weight is 0 or 1.' });
    }
    return findings;
  });
}

function unknownKeys(
  value: JsonObject,
  known: readonly string[],
  path: readonly (string | number)[],
  name: string,
): TargetFinding[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({ code: 'unknown_key', path: [...path, key], message: `${name} does not know the key ${key}.` }));
}
