import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Contender } from '../../core/evaluation/evaluate';
import { EvaluationError } from '../../core/evaluation/errors';
import { ServedModel } from '../../core/evaluation/servedModel';
import { Stopwatch } from '../../core/evaluation/stopwatch';
import type { Side } from '../../core/records/evaluation';
import { createTeacher, serverOf, type TeacherContext } from '../../core/teachers/create';
import { OpenAITeacher } from '../../core/teachers/openai';
import type { Server } from '../../core/teachers/server';
import { checkedBaseUrl, findProvider, parseTeacher } from '../../core/teachers/spec';
import { type Teacher, teacherName } from '../../core/teachers/teacher';
import type { FoundJob } from '../../core/training/job';
import { UsageError } from '../exit';

/** One of the two that are compared, ready to be asked, or a file of what it said. */
export interface Named {
  readonly name: string;
  readonly asked?: { readonly teacher: Teacher; readonly isFree: boolean; readonly stopwatch: Teacher | undefined };
  /** A file of predictions, absolute. */
  readonly file?: string;
}

export interface Naming {
  readonly cwd: string;
  readonly job: FoundJob | undefined;
  readonly context: TeacherContext & { readonly timeoutMs: number };
  /** Ends the servers of a job's models. */
  readonly end: AbortSignal;
}

/** What names a file of predictions, whether it is there or not. */
export const predictionsName = /\.(jsonl|ndjson|json|parquet)(\.gz|\.zst)?$/i;

/** Who `--base` or `--tuned` names: PROVIDER/MODEL, MODEL@ADDRESS, a file of predictions; without it, a job's own model. */
export async function contender(side: Side, text: string | undefined, naming: Naming): Promise<Named> {
  if (text === undefined) return ofJob(side, naming);
  const [, model, url] = /^(.+)@(https?:\/\/\S+)$/.exec(text) ?? [];
  if (model !== undefined && url !== undefined) return atAddress(model, url, naming);
  const file = path.resolve(naming.cwd, text);
  if (predictionsName.test(text) || (await isFile(file))) return { name: path.basename(file), file };
  const spec = parseTeacher(text);
  const teacher = await createTeacher(spec, naming.context);
  const provider = spec.provider === 'offline' ? undefined : findProvider(spec.provider, naming.context.declared);
  const server = provider?.speaks === 'openai' ? serverOf(provider, spec.model, naming.context) : undefined;
  const stopwatch = server && new Stopwatch(teacher, () => server);
  return { name: teacherName(teacher), asked: { teacher, isFree: false, stopwatch } };
}

/** @throws {EvaluationError} `same_model` */
export function requireTwo(base: Named, tuned: Named): void {
  const same = base.asked
    ? base.asked.teacher.deployment === tuned.asked?.teacher.deployment
    : base.file === tuned.file;
  if (same)
    throw new EvaluationError(
      'same_model',
      `${base.name} is named twice: a comparison needs the base and the tuned model.`,
    );
}

/** As the pipeline takes it. */
export function asContender({ name }: Named, predictions: Contender['predictions']): Contender {
  return predictions ? { name, predictions } : { name };
}

function ofJob(side: Side, { job, context, end }: Naming): Named {
  if (!job)
    throw new UsageError(`Say who is compared: --${side} PROVIDER/MODEL or a file of predictions, or --job JOB.`);
  const { folder } = job;
  const { name, place } = job.job;
  if (place?.kind !== 'local') {
    throw new UsageError(
      `${name} was not trained on this machine: serve its models there, and name them with --base MODEL@URL and --tuned MODEL@URL.`,
    );
  }
  const teacher = new ServedModel(name, folder, side === 'base', { end, timeoutMs: context.timeoutMs });
  const stopwatch = new Stopwatch(teacher, () => teacher.server());
  return { name: teacherName(teacher), asked: { teacher, isFree: true, stopwatch } };
}

/** It gets no key, so it bills nobody. */
function atAddress(model: string, url: string, { context: { timeoutMs } }: Naming): Named {
  const baseUrl = checkedBaseUrl(url, 'the server');
  const { host } = new URL(baseUrl);
  const server: Server = { provider: host, label: host, baseUrl, model, timeoutMs };
  const teacher = new OpenAITeacher(server);
  return {
    name: teacherName(teacher),
    asked: { teacher, isFree: true, stopwatch: new Stopwatch(teacher, () => server) },
  };
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    // Then it names a model.
    return false;
  }
}
