import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Where the lab keeps what is built once per machine user: `$DISTILLERY_LAB_CACHE`, else the platform's cache folder. */
export function labCache(): string {
  const chosen = process.env['DISTILLERY_LAB_CACHE'];
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  return path.join(platformCache(), 'distillery-lab');
}

function platformCache(): string {
  switch (process.platform) {
    case 'win32':
      return process.env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return path.join(homedir(), 'Library', 'Caches');
    default:
      return process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  }
}

/**
 * Returns `folder`, built at most once: `build` fills a staging folder that takes the final name only when it is whole,
 * so that a killed build leaves nothing that looks ready. A second process waits for the first.
 */
export async function builtOnce(folder: string, build: (staging: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  await mkdir(path.dirname(folder), { recursive: true });
  await using _lock = await lock(`${folder}.lock`, () => existsSync(folder));
  if (existsSync(folder)) return folder;
  const staging = `${folder}.building`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging);
  await build(staging);
  await rename(staging, folder);
  return folder;
}

/** A lock file that holds its owner's process id; one whose owner is gone is taken over. */
async function lock(file: string, settled: () => boolean): Promise<AsyncDisposable> {
  let told = false;
  while (!settled()) {
    if (await created(file)) return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && !alive(owner)) {
      await rm(file, { force: true });
      continue;
    }
    if (!told) console.log(`Waiting for process ${owner}, which is building the same cache (${file}).`);
    told = true;
    await delay(1000);
  }
  return { [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function created(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
