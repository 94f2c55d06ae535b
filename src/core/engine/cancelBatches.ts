import path from 'node:path';
import type { RunReport } from '../records/run';
import type { BatchTeacher } from '../teachers/batch';
import { teacherName } from '../teachers/teacher';
import { readHistory } from './history';
import { JOURNAL } from './lines';
import { lockRun } from './lock';

type Waiting = NonNullable<RunReport['batches']>[number];

/**
 * Asks the providers to end the batches that a run waits for. What is done until then is billed, and taken in when the
 * run is resumed. Rejects with `RunLocked` while somebody works in the folder, and with the provider's `TeacherError`.
 * @returns what was cancelled; batches of teachers that are not given are left alone.
 */
export async function cancelBatches(
  folder: string,
  teachers: readonly BatchTeacher[],
  signal: AbortSignal,
): Promise<Waiting[]> {
  const lock = await lockRun(folder);
  try {
    const { batches, unanswered } = await readHistory(path.join(folder, JOURNAL));
    const cancelled: Waiting[] = [];
    for (const { token, id, teacher: name, size, at } of batches.values()) {
      const waiting = [...unanswered.values()].filter(({ batch }) => batch === token).length;
      const teacher = teachers.find((one) => teacherName(one) === name);
      if (waiting === 0 || id === undefined || !teacher) continue;
      await teacher.cancel(id, signal);
      cancelled.push({ id, teacher: name, requests: waiting, done: size - waiting, since: at });
    }
    return cancelled;
  } finally {
    await lock.release();
  }
}
