import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { hasCode } from './files';

export const LOCK = 'run.lock';

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

/**
 * One writer for a run folder. The lock names its holder; one whose process is gone (or whose process id is now another
 * process) is taken over: it is moved aside first, and a rename succeeds for one taker only.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const file = path.join(folder, LOCK);
  const mine: LockHolder = {
    pid: process.pid,
    started: (await startOf(process.pid)) ?? '',
    host: os.hostname(),
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await create(file, mine)) return { release: () => release(file, mine) };
    const holder = await readHolder(file);
    if (holder === 'gone') continue;
    if (holder === 'unreadable') {
      // Being written this moment, or by a process that died at it.
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (attempt < 25 || (await readHolder(file)) !== 'unreadable') continue;
    } else if (await isAlive(holder)) {
      throw new RunLocked(folder, holder);
    }
    await takeAside(file, holder);
  }
  throw new Error(`${file} cannot be taken: others keep taking it. Try again.`);
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
  return started === undefined || holder.started === '' || started === holder.started;
}

export async function readLock(folder: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(path.join(folder, LOCK));
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

/** Moves a stale lock aside, unless somebody else took it over meanwhile: then that one is put back. */
async function takeAside(file: string, stale: LockHolder | 'unreadable'): Promise<void> {
  const aside = `${file}.${randomUUID()}.stale`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = await readHolder(aside);
  const another = typeof moved === 'object' && typeof stale === 'object' && moved.token !== stale.token;
  if (another || (typeof moved === 'object' && stale === 'unreadable')) {
    await create(file, moved);
  }
  await rm(aside, { force: true });
}

async function release(file: string, mine: LockHolder): Promise<void> {
  const holder = await readHolder(file);
  if (typeof holder === 'object' && holder.token === mine.token) await rm(file, { force: true });
}

/** When a process started, in whatever form the system has; undefined when it does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // Field 22, counted after the command name, which may hold spaces.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
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
