import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chunkRow, qaRow, validationRow, type ChunkRow, type QaRow, type ValidationRow } from '../../records/distill';
import type { z } from 'zod';
import { fieldOf, isObject } from './fields';
import { isMissing } from './indexCache';

export interface Passage {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface RowProvenance {
  readonly file: string;
  readonly sha256: string;
  readonly chunk: Passage | null;
  /** 1-based line of the chunk in its document. */
  readonly lineStart: number | null;
  readonly evidence: readonly Passage[];
  readonly validation: { status: string; reason: string; verdict: Record<string, unknown> | null } | null;
  readonly teacher: string | null;
}

/** What a distillation run wrote beside a dataset: the way from a row back to its document. */
export class RunFolder {
  private constructor(readonly folder: string) {}

  /** The run folder that a file lies in, if it lies in one. */
  static async around(file: string): Promise<RunFolder | undefined> {
    const folder = dirname(file);
    try {
      await access(join(folder, 'run.json'));
      return new RunFolder(folder);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Reads the files beside the row until it has the row's chunk, its pair and its verdict. Nothing is kept: a run may go on. */
  async provenanceOf(row: unknown, signal: AbortSignal): Promise<RowProvenance | null> {
    const chunkId = chunkIdOf(row);
    if (chunkId === undefined) return null;
    const chunk = await this.find('chunks.jsonl', chunkRow, `"${chunkId}"`, (it) => it.chunk_id === chunkId, signal);
    const pair = await this.pairOf(row, chunkId, signal);
    const validation = pair && (await this.validationOf(pair.qa_id, signal));
    if (!chunk && !pair) return null;
    return {
      file: chunk?.source.file ?? pair?.source.file ?? '',
      sha256: chunk?.source.sha256 ?? pair?.source.sha256 ?? '',
      chunk: chunk ? passageOf(chunk) : null,
      lineStart: chunk?.source.line_start ?? null,
      evidence: (pair?.evidence ?? []).map(({ quote, start, end }) => ({
        file: pair?.source.file ?? '',
        start,
        end,
        text: quote,
      })),
      validation: validation
        ? { status: validation.status, reason: validation.reason, verdict: validation.validation }
        : null,
      teacher: pair?.teacher ?? null,
    };
  }

  private async pairOf(row: unknown, chunkId: string, signal: AbortSignal): Promise<QaRow | undefined> {
    const own = qaRow.safeParse(row);
    if (own.success) return own.data;
    const id = fieldOf(row, 'qa_id');
    const question = questionOf(row);
    const answer = fieldOf(row, 'output') ?? fieldOf(row, 'answer');
    let sameQuestion: QaRow | undefined;
    let sameAnswer: QaRow | undefined;
    const exact = await this.find(
      'generated_qa_pairs.jsonl',
      qaRow,
      `"${chunkId}"`,
      (it) => {
        if (it.source.chunk_id !== chunkId) return false;
        if (id !== undefined) return it.qa_id === id;
        // Corrections of the validator may have changed one half of a pair.
        if (it.question === question) sameQuestion ??= it;
        if (it.answer === answer) sameAnswer ??= it;
        return it.question === question && it.answer === answer;
      },
      signal,
    );
    return exact ?? sameQuestion ?? sameAnswer;
  }

  private validationOf(qaId: string, signal: AbortSignal): Promise<ValidationRow | undefined> {
    return this.find('validation_results.jsonl', validationRow, `"${qaId}"`, (it) => it.qa_id === qaId, signal);
  }

  /** The first row that is the one; only lines that contain `hint` are parsed. */
  private async find<S extends z.ZodType>(
    name: string,
    schema: S,
    hint: string,
    is: (row: z.output<S>) => boolean,
    signal: AbortSignal,
  ): Promise<z.output<S> | undefined> {
    const stream = createReadStream(join(this.folder, name), { signal });
    try {
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        if (!line.includes(hint)) continue;
        const row = schema.safeParse(parseOrNothing(line));
        if (row.success && is(row.data)) return row.data;
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    } finally {
      stream.destroy();
    }
    return undefined;
  }
}

function passageOf(chunk: ChunkRow): Passage {
  const { file, start, end } = chunk.source;
  return { file, start, end, text: chunk.text };
}

/** Golden rows name their chunk in `source`, pairs in `source.chunk_id`, exports in `meta`, chunks are one. */
export function chunkIdOf(row: unknown): string | undefined {
  const qaId = fieldOf(row, 'qa_id');
  const candidates = [
    fieldOf(row, 'chunk_id'),
    fieldOf(row, 'source.chunk_id'),
    fieldOf(row, 'source'),
    fieldOf(row, 'meta.chunk_id'),
    fieldOf(row, 'meta.source'),
    typeof qaId === 'string' ? qaId.replace(/_qa_\d+$/u, '') : undefined,
  ];
  return candidates.find((id): id is string => typeof id === 'string' && /^chunk_\d+$/u.test(id));
}

export function questionOf(row: unknown): unknown {
  const direct = fieldOf(row, 'instruction') ?? fieldOf(row, 'question') ?? fieldOf(row, 'prompt');
  if (direct !== undefined) return direct;
  const messages = fieldOf(row, 'messages');
  if (!Array.isArray(messages)) return undefined;
  return messages.filter(isObject).find((message) => message.role === 'user')?.content;
}

/** A line that is not JSON (a run may be writing it) is no row yet. */
function parseOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
