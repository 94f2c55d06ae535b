import * as z from 'zod/mini';

/** The training formats of spec page 1, each one shape of row. `parquet` is a container for any of them. */
export const rowFormat = z.enum(['jsonl', 'alpaca', 'messages', 'sharegpt', 'prompt-completion', 'preference']);
export type RowFormat = z.infer<typeof rowFormat>;

export const trainingFormat = z.enum([...rowFormat.options, 'parquet']);
/** In the order of the spec. */
export const trainingFormats = trainingFormat.options;
export type TrainingFormat = z.infer<typeof trainingFormat>;

/** One turn of the conversation before the last question. */
export interface Exchange {
  readonly user: string;
  readonly assistant: string;
}

/** What all formats are read into and written from: a conversation that ends with the answer that is trained on. */
export interface Example {
  /** Empty when there is none. */
  readonly system: string;
  readonly history: readonly Exchange[];
  readonly instruction: string;
  /** What the instruction is about, where the format keeps it apart. */
  readonly input: string;
  /** The answer; of a preference, the chosen one. */
  readonly output: string;
  /** Of a preference only. */
  readonly rejected?: string;
  readonly reasoning: string;
  /** `easy`, `medium`, `hard`, or empty. */
  readonly difficulty: string;
}

/** The last question as the model sees it: LLaMA-Factory joins instruction and input in this way too. */
export function question(example: Example): string {
  if (example.input === '') return example.instruction;
  return example.instruction === '' ? example.input : `${example.instruction}\n${example.input}`;
}

/** All text of an example in the order of reading: what duplicates, leaks and languages are looked for in. */
export function textOf(example: Example): string {
  const turns = example.history.flatMap(({ user, assistant }) => [user, assistant]);
  const parts = [example.system, ...turns, example.instruction, example.input, example.output, example.rejected ?? ''];
  return parts.filter((part) => part !== '').join('\n');
}
