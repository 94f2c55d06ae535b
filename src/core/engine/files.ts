import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

export type Lines = Iterable<string> | AsyncIterable<string>;

/** What was written, so that a later change by a person can be told. */
export interface Written {
  readonly rows: number;
  readonly sha256: string;
}

const FLUSH = 256 * 1024;

/**
 * Writes lines to a new file beside `target`, durable when this returns, and returns its name: `replace` then puts it in
 * place. Two steps, because what is about to appear is recorded in between.
 */
export async function writeBeside(target: string, lines: Lines): Promise<Written & { readonly temporary: string }> {
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  const hash = createHash('sha256');
  const file = await open(temporary, 'wx');
  let rows = 0;
  let pending = '';
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(pending, 'utf8');
    pending = '';
    hash.update(bytes);
    await file.appendFile(bytes);
  };
  try {
    for await (const line of lines) {
      pending += `${line}\n`;
      rows += 1;
      if (pending.length >= FLUSH) await flush();
    }
    await flush();
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  return { temporary, rows, sha256: hash.digest('hex') };
}

/** Atomic: a reader sees the old file or the new one, also after a power cut. */
export async function replace(temporary: string, target: string): Promise<void> {
  await renameWhenFree(temporary, target);
  await syncFolder(path.dirname(target));
}

export async function writeAtomic(target: string, text: string): Promise<void> {
  const { temporary } = await writeBeside(target, [text]);
  await replace(temporary, target);
}

/** On Windows a reader that has the target open makes the rename fail for a moment. */
async function renameWhenFree(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const held = hasCode(error, 'EPERM') || hasCode(error, 'EACCES') || hasCode(error, 'EBUSY');
      if (process.platform !== 'win32' || !held || attempt >= 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * (attempt + 1)));
    }
  }
}

/** Makes a creation or rename durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems do not sync folders; they order metadata themselves.
    if (!hasCode(error, 'EINVAL') && !hasCode(error, 'ENOTSUP')) throw error;
  } finally {
    await handle.close();
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
