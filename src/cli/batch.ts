import type { BatchMode } from '../core/engine/batches';
import { teacherName } from '../core/teachers/teacher';
import { UsageError } from './exit';
import type { AskFlags } from './flags';
import type { Cast } from './teachers';

interface BatchPlan {
  readonly mode: BatchMode;
  /** Stages that stay live though `--batch` was given, and why. */
  readonly notices: readonly string[];
}

/**
 * Which stages go through a Batch API: with `--batch` all whose teacher has one, but for those of `--live`. Also without
 * it, batches that an earlier session sent are taken up.
 */
export function batchPlan(
  flags: Pick<AskFlags, 'batch' | 'live' | 'poll'>,
  stages: readonly { readonly name: string; readonly role: string }[],
  { teachers, batchTeachers }: Cast,
): BatchPlan {
  const pollMs =
    flags.poll === undefined ? {} : { pollMs: flags.poll * 1000, gatherMs: Math.min(2000, flags.poll * 1000) };
  const mode = { teachers: batchTeachers, ...pollMs };
  const { live = [] } = flags;
  const unknown = live.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    const known = stages.map(({ name }) => name).join(', ');
    throw new UsageError(`--live: there is no stage “${unknown}” here. Stages: ${known}.`);
  }
  if (!flags.batch) return { mode: { ...mode, stages: [] }, notices: [] };
  const able = new Set(batchTeachers.map(teacherName));
  const wanted = stages.filter(({ name }) => !live.includes(name));
  const batched = wanted.filter(({ role }) => teachers[role]?.some((teacher) => able.has(teacherName(teacher))));
  if (batched.length === 0) {
    throw new UsageError(
      '--batch: none of these teachers has a Batch API. OpenAI and Anthropic have one; without --batch the run is live.',
    );
  }
  const left = wanted.filter((stage) => !batched.includes(stage)).map(({ name }) => name);
  const notices = left.length > 0 ? [`Live, because its teacher has no Batch API: ${left.join(', ')}.`] : [];
  return { mode: { ...mode, stages: batched.map(({ name }) => name) }, notices };
}
