import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { lockFile } from '../records/runFiles';
import { hasCode } from './files';

/** Who works in a run folder. */
export const lockHolder = z.object({
  pid: z.number().int(),
  /** When that process started, as the system tells it: a process id is used again, with another start. */
  started: z.string(),
  host: z.string(),
  since: z.string(),
  token: z.string(),
});
export type LockHolder = z.infer<typeof lockHolder>;

/** Another process works in this folder. */
export class RunLocked extends Error {
  override readonly name = 'RunLocked';
  readonly code = 'run_locked';
  constructor(
    folder: string,
    readonly holder: LockHolder,
  ) {
    super(
      `${folder} is being worked on by process ${holder.pid} on ${holder.host}, since ${holder.since}. ` +
        'Wait for it, or cancel that run first.',
    );
  }
}

export interface RunLock {
  release(): Promise<void>;
}

/** One writer for a run folder. The lock names its holder; one whose process is gone is taken over. */
export async function lockRun(folder: string): Promise<RunLock> {
  const mine: LockHolder = {
    pid: process.pid,
    started: (await startOf(process.pid)) ?? '',
    host: os.hostname(),
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  const file = path.join(folder, lockFile);
  const holder = await take(file, mine);
  if (holder) throw new RunLocked(folder, holder);
  return { release: () => release(file, mine) };
}

const WRITING_MS = 500;

/**
 * Creates the lock file, or says who holds it. A stale one is removed under a lock of its own, so that nobody removes
 * what somebody else has just taken over; should its taker die at it, the same holds for that lock.
 */
async function take(file: string, mine: LockHolder): Promise<LockHolder | undefined> {
  const began = performance.now();
  for (;;) {
    if (await create(file, mine)) return undefined;
    const holder = await readHolder(file);
    if (holder === 'gone') continue;
    if (holder === 'unreadable' && performance.now() - began < WRITING_MS) {
      // Being written this moment, or by a process that died at it.
      await sleep(20);
    } else if (typeof holder === 'object' && (await isAlive(holder))) {
      return holder;
    } else {
      await removeStale(file, holder, mine);
    }
  }
}

async function removeStale(file: string, stale: LockHolder | 'unreadable', mine: LockHolder): Promise<void> {
  const takeover = `${file}.takeover`;
  if (await take(takeover, { ...mine, token: randomUUID() })) {
    // Somebody else is at it, for a moment.
    await sleep(5);
    return;
  }
  try {
    const now = await readHolder(file);
    const same = typeof now === 'object' && typeof stale === 'object' ? now.token === stale.token : now === stale;
    if (same) await rm(file, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

/** Whether the holder still runs. On another host nobody can tell: then it is taken at its word. */
export async function isAlive(holder: LockHolder): Promise<boolean> {
  if (holder.host !== os.hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  const started = await startOf(holder.pid);
  if (started === ENDED) return false;
  return started === undefined || holder.started === '' || started === holder.started;
}

export async function readLock(folder: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(path.join(folder, lockFile));
  return typeof holder === 'string' ? undefined : holder;
}

async function create(file: string, holder: LockHolder): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx');
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    await handle.writeFile(JSON.stringify(holder));
  } finally {
    await handle.close();
  }
  return true;
}

async function readHolder(file: string): Promise<LockHolder | 'gone' | 'unreadable'> {
  try {
    return lockHolder.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'gone';
    if (error instanceof SyntaxError || error instanceof z.ZodError) return 'unreadable';
    throw error;
  }
}

async function release(file: string, mine: LockHolder): Promise<void> {
  const holder = await readHolder(file);
  if (typeof holder === 'object' && holder.token === mine.token) await rm(file, { force: true });
}

/** A process that has ended, and whose parent has not asked for its exit code: in a container perhaps never will. */
const ENDED = 'ended';

/** When a process started, in whatever form the system has, or that it is a zombie; undefined when it does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // Field 22, counted after the command name, which may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return /^[ZX]$/u.test(fields[0] ?? '') ? ENDED : fields[19];
    }
    const [command, ...args] =
      process.platform === 'win32'
        ? ['powershell', '-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]
        : ['ps', '-o', 'lstart=', '-p', String(pid)];
    const { stdout } = await promisify(execFile)(command, args, { timeout: 5000 });
    return stdout.trim() || undefined;
  } catch {
    // The process is gone, or the system does not say: `isAlive` then goes by the process id alone.
    return undefined;
  }
}
