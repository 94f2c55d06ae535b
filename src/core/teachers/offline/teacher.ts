import { setImmediate } from 'node:timers/promises';
import { TeacherError } from '../errors';
import type { Teacher, TeacherReply, TeacherRequest } from '../teacher';
import { generatePairs } from './generate';
import { loadTagger } from './language/tagger';
import type { OfflineTask } from './tasks';
import { validatePair } from './validate';

/** What rows made by this teacher say in `teacher`. */
export const offlineTeacherName = 'offline-extractive';

/** A teacher that needs no key and no network: it asks about a passage in the passage's own words. Deterministic and free. */
export function createOfflineTeacher(): Teacher {
  let last = Promise.resolve();
  // Each request has a turn of the event loop to itself, so that thousands of them leave timers and sockets their share.
  const turn = (): Promise<void> => {
    last = last.then(() => setImmediate());
    return last;
  };
  return {
    provider: 'offline',
    model: 'extractive',
    deployment: 'offline',
    complete: (request, signal) => complete(request, signal, turn),
    inputTokenBound: () => 0,
  };
}

async function complete(
  request: TeacherRequest,
  signal: AbortSignal,
  turn: () => Promise<void>,
): Promise<TeacherReply> {
  const { task } = request;
  if (!task) throw beyondIt();
  await turn();
  throwIfCancelled(signal);
  const value = await answer(task);
  throwIfCancelled(signal);
  return {
    // A case is told as text, everything else is JSON.
    text: typeof value === 'string' ? value : JSON.stringify(value),
    finish: 'stop',
    usage: { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 },
    usageReported: true,
  };
}

async function answer(task: OfflineTask): Promise<unknown> {
  switch (task.kind) {
    case 'distill.generate':
      return { pairs: generatePairs(task, await loadTagger()) };
    case 'distill.validate':
      return validatePair(task);
    case 'cascade.raw':
      return (await import('./cascade/cases')).tellCase(task);
    case 'cascade.format':
      return (await import('./cascade/cases')).formatCase(task);
    case 'cascade.golden':
      return (await import('./cascade/cases')).checkCase(task);
  }
}

function beyondIt(): TeacherError {
  // The same for every request of such a run: it pauses at the first instead of losing its rows one by one.
  return new TeacherError(
    'forbidden',
    'The offline teacher cannot answer this kind of request: it only asks and checks questions about documents, and tells cases of the built-in domains. Choose a teacher with a model behind it, for example --teacher deepseek/deepseek-flash.',
  );
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new TeacherError('cancelled', 'The request was cancelled.');
}
