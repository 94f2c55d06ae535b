import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunManifest } from '../../core/records/run';
import { manifestFile } from '../../core/records/runFiles';
import { contentOf, isMissing } from './fileContent';

/** Runs live in `<folder>/distillery/<run name>/`. */
export const runsFolder = 'distillery';

/**
 * `interrupted`: the manifest says that it runs, but nobody holds the folder: the process was killed, or the machine went
 * down. Nothing is lost; it can be resumed.
 */
export type RunState = RunManifest['status'] | 'interrupted';

export interface Run {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly state: RunState;
}

/** A folder with a `run.json` that is none. */
export interface UnreadableRun {
  readonly folder: string;
  readonly problem: string;
}

/** The run in a folder; undefined where there is none. */
export async function readRun(folder: string): Promise<Run | UnreadableRun | undefined> {
  const entry = await readManifest(folder);
  if (entry === undefined || 'problem' in entry) return entry;
  if (entry.state !== 'running') return entry;
  const { isHeld } = await import('./lock');
  if (await isHeld(folder)) return entry;
  // Its process may have ended between the two readings: then the manifest says so by now.
  const again = await readManifest(folder);
  if (again === undefined || 'problem' in again) return again;
  return again.state === 'running' ? { ...again, state: 'interrupted' } : again;
}

async function readManifest(folder: string): Promise<Run | UnreadableRun | undefined> {
  const text = await contentOf(path.join(folder, manifestFile));
  if (text === undefined) return undefined;
  const { runManifest } = await import('../../core/records/run');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { folder, problem: error instanceof Error ? error.message : String(error) };
  }
  const parsed = runManifest.safeParse(value);
  if (parsed.success) return { folder, manifest: parsed.data, state: parsed.data.status };
  const [issue] = parsed.error.issues;
  return { folder, problem: issue ? `${issue.path.join('.')}: ${issue.message}` : parsed.error.message };
}

/** The folders under `<root>/distillery` that may hold a run. */
export async function runFoldersIn(root: string): Promise<string[]> {
  const parent = path.join(root, runsFolder);
  try {
    const entries = await readdir(parent, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(parent, entry.name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Asks the process that works on this folder to stop; it answers within a second and keeps everything. */
export async function requestStop(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'stop.request'), '');
}
