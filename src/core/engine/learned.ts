import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Learned } from './deployment';
import { hasCode, writeAtomic } from './files';

const FILE = 'deployments.json';
/** Limits change: what was learned longer ago says little. */
const STALE_MS = 7 * 24 * 3600 * 1000;

const learnedFile = z.record(
  z.string(),
  z.object({ limit: z.number().positive(), rate: z.number().positive().exactOptional(), at: z.number() }),
);

/** What earlier runs learned about deployments (`~/.distillery/deployments.json`), so that a run starts warm. */
export async function readLearned(home: string): Promise<Map<string, Learned>> {
  const found = await readAll(home);
  const fresh = Object.entries(found).filter(([, { at }]) => Date.now() - at < STALE_MS);
  return new Map(fresh.map(([deployment, { at: _, ...learned }]) => [deployment, learned]));
}

export async function writeLearned(home: string, learned: ReadonlyMap<string, Learned>): Promise<void> {
  if (learned.size === 0) return;
  await mkdir(home, { recursive: true });
  const at = Date.now();
  const now = Object.fromEntries([...learned].map(([deployment, what]) => [deployment, { ...what, at }]));
  await writeAtomic(path.join(home, FILE), JSON.stringify({ ...(await readAll(home)), ...now }, undefined, 2));
}

async function readAll(home: string): Promise<z.infer<typeof learnedFile>> {
  try {
    return learnedFile.parse(JSON.parse(await readFile(path.join(home, FILE), 'utf8')));
  } catch (error) {
    // Hints only: without them, or with a file that is none, a run starts cold.
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}
