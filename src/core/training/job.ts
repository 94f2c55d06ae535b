import { open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockRun, type RunLock, RunLocked } from '../engine/lock';
import { type JobRecord, jobRecord, type JobState } from '../records/training';
import { TrainingError } from './errors';

/** Where jobs live, under the folder that a person works in. */
export const jobsFolder = path.join('distillery', 'training');
const RECORD = 'job.json';

export interface FoundJob {
  readonly folder: string;
  readonly job: JobRecord;
}

/** What may follow on what. A job that has ended can be launched again: it goes on from its last checkpoint. */
const next: Readonly<Record<JobState, readonly JobState[]>> = {
  prepared: ['launching'],
  launching: ['running', 'failed', 'collecting', 'cancelling'],
  running: ['cancelling', 'collecting', 'failed'],
  cancelling: ['collecting', 'failed'],
  collecting: ['completed', 'cancelled', 'failed'],
  completed: ['launching'],
  cancelled: ['launching'],
  failed: ['launching', 'collecting'],
};

export const ended: ReadonlySet<JobState> = new Set<JobState>(['completed', 'cancelled', 'failed']);

/** The job in its next state. @throws {TrainingError} `wrong_state` */
export function moved(job: JobRecord, state: JobState, reason: string | null = null): JobRecord {
  if (!next[job.state].includes(state)) {
    throw new TrainingError('wrong_state', `${job.name} is ${job.state}: it cannot become ${state} from there.`);
  }
  const entry = { at: new Date().toISOString(), state, reason };
  return { ...job, state, reason, history: [...job.history, entry] };
}

/** @throws {TrainingError} `no_job`, `job_changed` */
export async function readJob(folder: string): Promise<JobRecord> {
  const file = path.join(folder, RECORD);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error))
      throw new TrainingError(
        'no_job',
        `There is no training job in ${folder}. If its folder was moved, name it where it lies now.`,
      );
    throw error;
  }
  try {
    return jobRecord.parse(JSON.parse(text));
  } catch {
    throw new TrainingError(
      'job_changed',
      `${file} cannot be read as a training job: was it edited? Prepare the job again.`,
    );
  }
}

/**
 * Changes the record under the folder's lock, so that a window, a command and a watcher do not lose each other's word.
 * The file is replaced whole and is on disk before this returns.
 */
export async function changeJob(folder: string, change: (job: JobRecord) => JobRecord): Promise<JobRecord> {
  const lock = await lockJob(folder);
  try {
    const before = await readJob(folder);
    const after = change(before);
    if (after !== before) await writeJob(folder, after);
    return after;
  } finally {
    await lock.release();
  }
}

const LOCK_WAIT_MS = 10_000;

async function lockJob(folder: string): Promise<RunLock> {
  const began = performance.now();
  for (;;) {
    try {
      return await lockRun(folder);
    } catch (error) {
      // Held for a moment at a time.
      if (!(error instanceof RunLocked) || performance.now() - began > LOCK_WAIT_MS) throw error;
      await sleep(20);
    }
  }
}

export async function writeJob(folder: string, job: JobRecord): Promise<void> {
  const file = path.join(folder, RECORD);
  const part = `${file}.part`;
  const handle = await open(part, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(jobRecord.parse(job), null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
}

/** The jobs under `cwd`, newest first; folders whose record cannot be read are named. */
export async function listJobs(cwd: string): Promise<{ jobs: FoundJob[]; unreadable: string[] }> {
  const root = path.join(cwd, jobsFolder);
  const jobs: FoundJob[] = [];
  const unreadable: string[] = [];
  for (const entry of await foldersIn(root)) {
    const folder = path.join(root, entry);
    try {
      jobs.push({ folder, job: await readJob(folder) });
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      if (error.code === 'job_changed') unreadable.push(folder);
    }
  }
  jobs.sort((a, b) => b.job.created.localeCompare(a.job.created));
  return { jobs, unreadable };
}

/** A job by its name or its folder. @throws {TrainingError} `no_job` */
export async function findJob(cwd: string, name: string): Promise<FoundJob> {
  for (const folder of [path.join(cwd, jobsFolder, name), path.resolve(cwd, name)]) {
    try {
      return { folder, job: await readJob(folder) };
    } catch (error) {
      if (!(error instanceof TrainingError) || error.code !== 'no_job') throw error;
    }
  }
  const { jobs } = await listJobs(cwd);
  const known = jobs.map(({ folder }) => path.basename(folder)).join(', ');
  throw new TrainingError(
    'no_job',
    `There is no training job “${name}” here. ${known ? `There are: ${known}.` : 'There are none yet.'}`,
  );
}

async function foldersIn(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : []));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
