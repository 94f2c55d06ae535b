import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import {
  AskFailed,
  InvalidReply,
  type Pipeline,
  type Stage,
  StageClosed,
  type Unit,
  type UnitContext,
  type UnitResult,
} from '../../src/core/engine/pipeline';
import type { JournalLine } from '../../src/core/engine/lines';
import type { RunOptions } from '../../src/core/engine/options';
import { TeacherError } from '../../src/core/teachers/errors';
import type { Teacher, TeacherReply, TeacherRequest } from '../../src/core/teachers/teacher';

/** A pipeline small enough to be thought through: words are invented, twins dropped in turn, the rest judged. */

const wordEnvelope = z.strictObject({ word: z.string() });
const verdictEnvelope = z.strictObject({ good: z.boolean() });

export const inventStage: Stage<Unit, string> = {
  name: 'invent',
  role: 'inventor',
  promptVersion: 1,
  parserVersion: 1,
  maxTokens: () => 100,
  prompt: (unit) => ({ messages: [{ role: 'user', content: `invent ${unit.id}` }] }),
  schema: { name: 'word', zod: wordEnvelope },
  parse(value) {
    const { word } = wordEnvelope.parse(value);
    if (word.includes('?')) throw new InvalidReply('A word has no question mark.');
    return word;
  },
};

export const judgeStage: Stage<string, boolean> = {
  name: 'judge',
  role: 'judge',
  promptVersion: 1,
  parserVersion: 1,
  maxTokens: () => 20,
  prompt: (word) => ({ messages: [{ role: 'user', content: `judge ${word}` }] }),
  schema: { name: 'verdict', zod: verdictEnvelope },
  parse: (value) => verdictEnvelope.parse(value).good,
};

const row = z.object({ id: z.string(), word: z.string(), status: z.string(), cost: z.number() });
const none = { requested: 1, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };

/** @param likeness what two words must share to be twins. */
export function words(
  count: number,
  invent: Stage<Unit, string> = inventStage,
  likeness = (word: string): string => word,
  judge: Stage<string, boolean> = judgeStage,
): Pipeline<Unit> {
  const kept = new Map<string, string>();
  return {
    kind: 'words',
    stages: [invent, judge],
    unitCount: count,
    *units() {
      for (let index = 0; index < count; index += 1) yield { index, id: `w${String(index)}` };
    },
    restore(unit, result) {
      for (const each of result.rows['words.jsonl'] ?? []) {
        const { word, status } = row.parse(each);
        if (status !== 'twin') kept.set(likeness(word), unit.id);
      }
    },
    async work(unit, context) {
      return await workOn(unit, context, { invent, judge }, kept, likeness);
    },
    outputs: [{ name: 'words.jsonl', schema: row }],
  };
}

async function workOn(
  unit: Unit,
  context: UnitContext,
  { invent, judge }: { readonly invent: Stage<Unit, string>; readonly judge: Stage<string, boolean> },
  kept: Map<string, string>,
  likeness: (word: string) => string,
): Promise<UnitResult> {
  const invented = await context.ask(invent, unit);
  const word = invented.value;
  const give = (status: string, counts: object, cost: number, open = false): UnitResult => ({
    rows: { 'words.jsonl': [{ id: unit.id, word, status, cost }] },
    counts: { ...none, ...counts },
    open,
  });
  const twin = await context.inTurn(() => {
    const other = kept.get(likeness(word));
    if (other === undefined) kept.set(likeness(word), unit.id);
    return other !== undefined && other !== unit.id;
  });
  if (twin) return give('twin', { rejected: 1 }, invented.costUsd);
  try {
    const verdict = await context.ask(judge, word);
    const cost = invented.costUsd + verdict.costUsd;
    return verdict.value ? give('good', { ok: 1, approved: 1 }, cost) : give('bad', { rejected: 1 }, cost);
  } catch (error) {
    if (error instanceof StageClosed) return give('open', { unvalidated: 1 }, invented.costUsd, true);
    if (!(error instanceof AskFailed)) throw error;
    // The word stays taken, so its row stays too: `restore` must find it.
    const { code, message, raw = '' } = error;
    const failure = { id: unit.id, stage: judge.name, code, message, raw };
    return { ...give('failed', { failed: 1 }, invented.costUsd + error.costUsd), failures: [failure] };
  }
}

export interface Scripted extends Teacher {
  /** Every request that came, in order. */
  readonly requests: TeacherRequest[];
}

export type Script = (
  request: TeacherRequest,
  count: number,
  signal: AbortSignal,
) => Promise<TeacherReply> | TeacherReply;

/** A teacher in this process: what it says is written down in the test. */
export function scripted(script: Script, model = 'scripted', deployment = model): Scripted {
  const requests: TeacherRequest[] = [];
  return {
    provider: 'lab',
    model,
    deployment,
    requests,
    inputTokenBound: () => 100,
    async complete(request, signal) {
      requests.push(request);
      return await script(request, requests.length - 1, signal);
    },
  };
}

/** USD per million tokens: one request of 100 in, 100 out costs at most 0.0003. */
export const prices = {
  'lab/scripted': { input: 1, output: 2 },
  'lab/judge': { input: 1, output: 2 },
};

export function said(text: string, more: Partial<TeacherReply> = {}): TeacherReply {
  const usage = { input: 80, cached: 0, cacheWrite: 0, output: 10, reasoning: 0 };
  return { text, finish: 'stop', usage, usageReported: true, ...more };
}

export function content(request: TeacherRequest): string {
  return request.messages[0]?.content ?? '';
}

/** Answers as a sensible teacher would: a word a unit (every fifth a twin of the fourth), good unless it ends in 3. */
export function sensible(request: TeacherRequest): TeacherReply {
  const [verb, what = ''] = content(request).split(' ');
  if (verb === 'judge') return said(JSON.stringify({ good: !what.endsWith('3') }));
  const number = Number(what.slice(1));
  return said(JSON.stringify({ word: `word${String(number % 5 === 4 ? number - 1 : number)}` }));
}

export async function later<T>(ms: number, signal: AbortSignal, value: () => T): Promise<T> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve(value());
    }, ms);
    const abort = (): void => {
      clearTimeout(timer);
      reject(new TeacherError('cancelled', 'Cancelled.', { maybeBilled: true }));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

export async function temporaryFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-engine-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export function optionsFor(folder: string, teacher: Teacher, more: Partial<RunOptions> = {}): RunOptions {
  return {
    folder,
    teachers: { inventor: [teacher], judge: [teacher] },
    config: { flavour: 'plain' },
    inputs: [],
    seed: 42,
    budget: {},
    prices,
    concurrency: 8,
    patience: { backoffMs: 1, longestBackoffMs: 2 },
    resume: ['words'],
    ...more,
  };
}

export async function linesOf(folder: string, name: string): Promise<unknown[]> {
  const text = await readFile(path.join(folder, name), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** The lines of a file whose last one may be torn. */
export function wholeLines(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

/** The highest sum of what was spent and what was set aside, as the journal tells it. */
export function mostCommitted(lines: readonly JournalLine[]): number {
  const reserved = new Map<number, number>();
  let committed = 0;
  let most = 0;
  for (const line of lines) {
    if (line.type === 'sent') {
      reserved.set(line.seq, line.reserved);
      committed += line.reserved;
    } else if (line.type === 'reply' || line.type === 'lost') {
      committed += line.cost - (reserved.get(line.seq) ?? 0);
    }
    most = Math.max(most, committed);
  }
  return most;
}
