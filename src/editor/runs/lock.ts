import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { lockFile } from '../../core/records/runFiles';
import { contentOf } from './fileContent';

/** The part of a lock that a reader of the folder needs; the engine writes it. */
const holder = z.object({ pid: z.number().int().positive(), host: z.string() });
export type Holder = z.infer<typeof holder>;

/** Who works in the folder; undefined when nobody does, or when the lock is being written this moment. */
export async function holderOf(folder: string): Promise<Holder | undefined> {
  const text = await contentOf(path.join(folder, lockFile));
  if (text === undefined) return undefined;
  try {
    return holder.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a living process holds the folder. One on another machine is taken at its word. */
export async function isHeld(folder: string): Promise<boolean> {
  const found = await holderOf(folder);
  if (found === undefined) return false;
  return found.host !== hostname() || (isThere(found.pid) && !(await isZombie(found.pid)));
}

/** Whether a process runs on this machine. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it lives, we may only not signal it.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Ended, but not yet asked for its exit code by its parent: in a container without an init, for good. */
async function isZombie(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const stat = await contentOf(`/proc/${pid}/stat`);
  return stat !== undefined && /^ [ZX] /u.test(stat.slice(stat.lastIndexOf(')') + 1));
}
