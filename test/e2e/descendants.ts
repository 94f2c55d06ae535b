import { readdir, readFile } from 'node:fs/promises';

/** Processes below this one whose command line has a text in it. Linux only: it reads `/proc`. */
export async function descendants(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/u.test(pid)) continue;
    try {
      if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(text) && (await isBelow(pid))) found.push(+pid);
    } catch {
      continue; // It has ended meanwhile.
    }
  }
  return found;
}

async function isBelow(pid: string): Promise<boolean> {
  for (let at = pid; at !== '0' && at !== '1';) {
    if (at === String(process.pid)) return true;
    at = /^PPid:\s+(\d+)/mu.exec(await readFile(`/proc/${at}/status`, 'utf8'))?.[1] ?? '0';
  }
  return false;
}
