import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { JOURNAL } from '../core/engine/lines';
import { configHash, identityOf } from '../core/engine/manifest';
import type { Pipeline, Unit } from '../core/engine/pipeline';
import { type RunManifest, runManifest } from '../core/records/run';
import { UsageError } from './exit';

/** Where runs live: `distillery/<run name>` under the current folder. */
export const runsFolder = 'distillery';

export interface FoundRun {
  readonly folder: string;
  readonly manifest: RunManifest;
}

/** The runs under `cwd`, newest first. Folders whose manifest cannot be read are named in `unreadable`. */
export async function listRuns(cwd: string): Promise<{ runs: FoundRun[]; unreadable: string[] }> {
  const root = path.join(cwd, runsFolder);
  const runs: FoundRun[] = [];
  const unreadable: string[] = [];
  for (const entry of await entriesOf(root)) {
    const folder = path.join(root, entry);
    const found = await readManifest(folder);
    if (found === 'unreadable') unreadable.push(folder);
    else if (found) runs.push({ folder, manifest: found });
  }
  runs.sort((a, b) => b.manifest.started.localeCompare(a.manifest.started));
  return { runs, unreadable };
}

/** A run by its name under `distillery/`, or by its folder. */
export async function findRun(cwd: string, name: string): Promise<FoundRun> {
  for (const folder of [path.join(cwd, runsFolder, name), path.resolve(cwd, name)]) {
    const manifest = await readManifest(folder);
    if (manifest === 'unreadable')
      throw new UsageError(`${path.join(folder, 'run.json')} cannot be read as a run’s manifest.`);
    if (manifest) return { folder, manifest };
  }
  const { runs } = await listRuns(cwd);
  const known = runs.map((run) => path.basename(run.folder)).join(', ');
  throw new UsageError(
    `There is no run “${name}” here. ${known ? `There are: ${known}.` : 'There are no runs here yet.'}`,
  );
}

/** A folder with a journal, whatever became of its manifest; by name under `distillery/`, or by its path. */
export async function findJournal(cwd: string, name: string): Promise<string> {
  for (const folder of [path.join(cwd, runsFolder, name), path.resolve(cwd, name)]) {
    if ((await entriesOf(folder)).includes(JOURNAL)) return folder;
  }
  return (await findRun(cwd, name)).folder;
}

/** The manifest of a folder, undefined where there is none. */
export async function readManifest(folder: string): Promise<RunManifest | 'unreadable' | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(folder, 'run.json'), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    return 'unreadable';
  }
  try {
    const parsed = runManifest.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : 'unreadable';
  } catch (error) {
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/**
 * The folder of a run that is named after its work: the one that holds the same work already (it is resumed), else the
 * first free name: `distill-handbook`, `distill-handbook-2`, …
 */
export async function chooseRunFolder<U extends Unit>(
  cwd: string,
  name: string,
  pipeline: Pipeline<U>,
  options: Parameters<typeof identityOf<U>>[1],
): Promise<string> {
  const hash = configHash(identityOf(pipeline, options));
  for (let k = 1; ; k++) {
    const folder = path.join(cwd, runsFolder, k === 1 ? name : `${name}-${k}`);
    const found = await readManifest(folder);
    if (found === undefined && !(await isOccupied(folder))) return folder;
    if (found !== undefined && found !== 'unreadable' && found.config_hash === hash) return folder;
  }
}

/** Something that is no run of ours stands there. */
async function isOccupied(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).length > 0;
}
