import type { RowFormat } from './example';

/** One dataset of LLaMA-Factory's `dataset_info.json`. */
export interface DatasetInfoEntry {
  /** What the trainer's `dataset:` names. */
  readonly name: string;
  /** Relative to `dataset_info.json`. */
  readonly file: string;
  readonly format: RowFormat;
  /** Columns that the file has beside the format's own; default none. */
  readonly columns?: { readonly system?: boolean; readonly history?: boolean };
}

/**
 * The text of `dataset_info.json` (LLaMA-Factory `data/README.md`). Messages are declared as `sharegpt` with OpenAI's
 * tags and never as `formatting: openai`, which adds "detailed thinking off" to every system prompt (converter.py).
 */
export function datasetInfo(entries: readonly DatasetInfoEntry[]): string {
  const info = Object.fromEntries(entries.map((entry) => [entry.name, describe(entry)]));
  return `${JSON.stringify(info, null, 2)}\n`;
}

function describe({ file, format, columns }: DatasetInfoEntry): object {
  const extra = {
    ...(columns?.system ? { system: 'system' } : {}),
    ...(columns?.history ? { history: 'history' } : {}),
  };
  switch (format) {
    case 'jsonl':
    case 'alpaca':
      return {
        file_name: file,
        formatting: 'alpaca',
        columns: { prompt: 'instruction', query: 'input', response: 'output', ...extra },
      };
    case 'messages':
      return {
        file_name: file,
        formatting: 'sharegpt',
        columns: { messages: 'messages' },
        tags: {
          role_tag: 'role',
          content_tag: 'content',
          user_tag: 'user',
          assistant_tag: 'assistant',
          system_tag: 'system',
        },
      };
    case 'sharegpt':
      return {
        file_name: file,
        formatting: 'sharegpt',
        columns: { messages: 'conversations' },
        tags: { role_tag: 'from', content_tag: 'value', user_tag: 'human', assistant_tag: 'gpt', system_tag: 'system' },
      };
    case 'prompt-completion':
      return { file_name: file, formatting: 'alpaca', columns: { prompt: 'prompt', response: 'completion' } };
    case 'preference':
      return {
        file_name: file,
        formatting: 'alpaca',
        ranking: true,
        columns: { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
      };
  }
}
