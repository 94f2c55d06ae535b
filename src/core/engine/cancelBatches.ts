import path from 'node:path';
import type { RunReport } from '../records/run';
import type { BatchTeacher } from '../teachers/batch';
import { TeacherError } from '../teachers/errors';
import { nameIn, prefixOf } from './batchNames';
import { type History, readHistory } from './history';
import { Journal } from './journal';
import { type BatchLine, JOURNAL, type SentLine } from './lines';
import { lockRun } from './lock';

/**
 * What became of a batch: the provider ends it; it had ended already; the provider does not know it or its results (any
 * more), or cannot tell which of several it is, so that it is given up and counts as billed.
 */
export type CancelledBatch = NonNullable<RunReport['batches']>[number] & {
  readonly became: 'cancelled' | 'ended' | 'gone' | 'unclear';
};

/**
 * Asks the providers to end the batches that a run waits for. What is done until then is billed, and taken in when the
 * run is resumed. Rejects with `RunLocked` while somebody works in the folder, and with the provider's `TeacherError`.
 * @param teacherOf by `provider/model`; batches of which it knows no teacher are left alone.
 */
export async function cancelBatches(
  folder: string,
  teacherOf: (name: string) => Promise<BatchTeacher | undefined>,
  signal: AbortSignal,
): Promise<CancelledBatch[]> {
  const lock = await lockRun(folder);
  try {
    const journal = await Journal.open(path.join(folder, JOURNAL));
    try {
      const history = await readHistory(journal.file);
      const cancelled: CancelledBatch[] = [];
      for (const batch of history.batches.values()) {
        const waiting = [...history.unanswered.values()].filter((line) => line.batch === batch.token);
        if (waiting.length === 0 || batch.gone) continue;
        const teacher = await teacherOf(batch.teacher);
        if (!teacher) continue;
        const found = await withId(batch, waiting, history, teacher, signal);
        // Never submitted: its requests go with another one when the run is resumed.
        if (found === 'absent') continue;
        const became = found.id === undefined ? 'unclear' : await end(found.id, teacher, signal);
        journal.append(became === 'gone' || became === 'unclear' ? { ...found, gone: true } : found);
        const { id = null, size, at } = found;
        const requests = waiting.length;
        cancelled.push({ id, teacher: batch.teacher, requests, done: size - requests, since: at, became });
      }
      return cancelled;
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/** The batch with the provider's id, also when the run was killed before it could write that down. */
async function withId(
  batch: BatchLine,
  waiting: readonly SentLine[],
  { run, batches }: History,
  teacher: BatchTeacher,
  signal: AbortSignal,
): Promise<BatchLine | 'absent'> {
  if (batch.id !== undefined) return batch;
  const { token, size, at } = batch;
  const prefix = prefixOf(run?.run ?? '');
  const names = new Set(waiting.map(({ seq }) => nameIn(prefix, seq)));
  const known = new Set([...batches.values()].flatMap(({ id }) => id ?? []));
  // Two of the same size cannot be told from each other while they are worked on.
  const alone = [...batches.values()].filter((one) => one.id === undefined && one.size === size).length === 1;
  const found = await teacher.find({ token, since: new Date(at), size, names, known, alone }, signal);
  if (found === 'absent') return found;
  return found === 'unclear' ? batch : { ...batch, id: found.id };
}

async function end(id: string, teacher: BatchTeacher, signal: AbortSignal): Promise<'cancelled' | 'ended' | 'gone'> {
  try {
    if ((await teacher.poll(id, signal)).ended) {
      // Rejects where the results are there no more.
      for await (const _ of teacher.results(id, signal)) break;
      return 'ended';
    }
    await teacher.cancel(id, signal);
    return 'cancelled';
  } catch (error) {
    if (error instanceof TeacherError && error.code === 'not_found') return 'gone';
    throw error;
  }
}
