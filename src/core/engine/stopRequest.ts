import { type FSWatcher, watch } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lockFile } from '../records/runFiles';
import { hasCode } from './files';

/** A file of this name in a run folder asks the process that works there to stop. */
export const STOP_REQUEST = 'stop.request';

/** Asks a run in another process to stop, as Ctrl-C would. It answers within a second. */
export async function requestStop(folder: string): Promise<void> {
  await writeFile(path.join(folder, STOP_REQUEST), '');
}

/**
 * Calls `stop` once when the folder is asked to stop. A request from before the folder was locked, which nobody was there
 * to heed, is dropped; one that came since holds.
 */
export async function watchForStop(folder: string, stop: () => void): Promise<{ dispose(): void }> {
  const file = path.join(folder, STOP_REQUEST);
  const [asked, locked] = await Promise.all([writtenAt(file), writtenAt(path.join(folder, lockFile))]);
  if (asked !== undefined && (locked === undefined || asked < locked)) await rm(file, { force: true });
  let watcher: FSWatcher | undefined;
  let done = false;
  const dispose = (): void => {
    done = true;
    watcher?.close();
    clearInterval(timer);
  };
  const look = async (): Promise<void> => {
    try {
      await stat(file);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      // A folder that cannot be read now is looked at again with the next event or tick.
      if (!hasCode(error, 'EACCES') && !hasCode(error, 'EPERM') && !hasCode(error, 'EIO')) throw error;
      return;
    }
    if (done) return;
    dispose();
    await rm(file, { force: true });
    stop();
  };
  // Network drives and some containers deliver no events: a look every half second costs nothing.
  const timer = setInterval(() => void look(), 500);
  timer.unref();
  try {
    watcher = watch(folder, (_, name) => {
      if (name === null || name === STOP_REQUEST) void look();
    });
    watcher.on('error', () => watcher?.close());
    watcher.unref();
  } catch (error) {
    if (!hasCode(error, 'ENOSYS') && !hasCode(error, 'EMFILE') && !hasCode(error, 'ENOSPC')) throw error;
  }
  if (asked !== undefined) void look();
  return { dispose };
}

/** Milliseconds; undefined when there is no such file. */
async function writtenAt(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
