import { appendFile, open, readFile, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type JobPlace, type JobRecord, trainingSummary, type TrainingSummary } from '../records/training';
import { TrainingError } from './errors';
import { explainFailure } from './failure';
import type { Host } from './host';
import { changeJob, ended, moved, readJob } from './job';

/**
 * A job on a host: launch → watch → cancel → collect. What happens there is done by the job's own `trainer/launch.py`,
 * the same on every machine; here is the record of it. Whoever looks next (a window, a command, after a reboot) goes on
 * from that record and the host's facts.
 */

const started = z.object({ started: z.boolean(), running: z.boolean(), busy: z.string().optional() });
const status = z.object({
  running: z.boolean(),
  exit: z.object({ code: z.number().nullable(), signal: z.number().nullable() }).nullable(),
  summary: z.boolean(),
  cancel: z.boolean(),
  free_mb: z.number(),
  read: z.record(z.string(), z.object({ data: z.string(), next: z.number() })),
});
type Status = z.infer<typeof status>;

/** Followed as they grow; everything else is fetched at the end. */
const FOLLOWED = ['progress.jsonl', 'run.log'];
/** What stays on the host: it is needed to resume there, and the adapter is the best checkpoint's. */
const NOT_FETCHED = ['/output/checkpoint-*', '/output/incomplete-*', '/data', '/trainer', '/job.json', '/run.lock'];

/** What only one side may write: the host's own story of an earlier run is not overwritten with what came here of it. */
const NOT_SENT = [
  ...FOLLOWED,
  'output',
  'merged',
  'training_summary.json',
  'exit.json',
  'process.json',
  'job.json',
  'run.lock',
].map((name) => `/${name}`);

export interface LaunchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Start although another job trains there. */
  readonly share?: boolean;
}

/** Starts a job, or goes on with one that has ended or died. Returns when its process runs. */
export async function launchJob(
  folder: string,
  host: Host,
  place: JobPlace,
  options: LaunchOptions = {},
): Promise<JobRecord> {
  const { signal } = options;
  await changeJob(folder, (job) => ({ ...moved(job, 'launching'), place }));
  try {
    if (place.kind === 'ssh') await host.send(folder, place.folder, NOT_SENT, signal);
    const words = ['start', ...(options.share ? ['--share'] : [])];
    const answer = started.parse(await launcher(folder, host, place, words, signal));
    if (answer.busy !== undefined) {
      throw new TrainingError(
        'busy',
        `Another job trains on ${host.name}: ${answer.busy}. Wait for it, or start anyway with --share.`,
      );
    }
    if (!answer.started && !answer.running)
      throw new TrainingError('trainer', `The job did not start; see ${path.join(folder, 'run.log')}.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await changeJob(folder, (job) => (job.state === 'launching' ? moved(job, 'failed', reason) : job));
    throw error;
  }
  return changeJob(folder, (job) => (job.state === 'launching' ? moved(job, 'running') : job));
}

/** One look: what was written since comes here, and the record follows what happened. */
export async function lookAfter(folder: string, host: Host, signal?: AbortSignal): Promise<JobRecord> {
  const job = await readJob(folder);
  if (job.place === null || ended.has(job.state)) return job;
  let seen = await lookOnce(folder, host, job.place, signal);
  if (seen.running) {
    if (seen.cancel) return changeJob(folder, (now) => (now.state === 'running' ? moved(now, 'cancelling') : now));
    return job;
  }
  // What was written last is more than one look can carry.
  for (let more = true; more && !host.local;) {
    const before = await sizesOf(folder);
    seen = await lookOnce(folder, host, job.place, signal);
    more = JSON.stringify(await sizesOf(folder)) !== JSON.stringify(before);
  }
  await changeJob(folder, (now) =>
    ended.has(now.state) || now.state === 'collecting' ? now : moved(now, 'collecting'),
  );
  return collectJob(folder, host, seen, signal);
}

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly everyMs?: number;
  readonly onLook?: (job: JobRecord) => void;
  /** The way to the host is cut; it is tried again until `signal` says otherwise. */
  readonly onTrouble?: (error: TrainingError) => void;
}

/** Follows a job to its end. The job does not need it: it only tells. */
export async function watchJob(folder: string, host: Host, options: WatchOptions = {}): Promise<JobRecord> {
  const everyMs = options.everyMs ?? (host.local ? 2000 : 3000);
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const job = await lookAfter(folder, host, options.signal);
      options.onLook?.(job);
      if (job.place === null || ended.has(job.state)) return job;
    } catch (error) {
      if (!(error instanceof TrainingError) || error.code !== 'no_host') throw error;
      options.onTrouble?.(error);
    }
    await sleep(everyMs, undefined, options.signal ? { signal: options.signal } : {});
  }
}

/** Asks the job to save a checkpoint and a summary and to end; `now` ends it without. */
export async function cancelJob(
  folder: string,
  host: Host,
  options: { now?: boolean; signal?: AbortSignal } = {},
): Promise<JobRecord> {
  const job = await readJob(folder);
  if (job.place === null || ended.has(job.state)) {
    throw new TrainingError('wrong_state', `${job.name} is ${job.state}: there is nothing to cancel.`);
  }
  await launcher(folder, host, job.place, ['cancel', ...(options.now ? ['--now'] : [])], options.signal);
  return changeJob(folder, (now) =>
    now.state === 'running' || now.state === 'launching' ? moved(now, 'cancelling') : now,
  );
}

/** Results from the host, after its process has ended; again, for a job whose results were lost here. */
export async function collectJob(folder: string, host: Host, seen?: Status, signal?: AbortSignal): Promise<JobRecord> {
  const job = await readJob(folder);
  if (job.place === null) throw new TrainingError('wrong_state', `${job.name} never ran: there is nothing to collect.`);
  const facts = seen ?? (await lookOnce(folder, host, job.place, signal));
  if (facts.running)
    throw new TrainingError('wrong_state', `${job.name} still runs; results are collected when it has ended.`);
  if (job.place.kind === 'ssh') await host.fetch(job.place.folder, folder, NOT_FETCHED, signal);
  const outcome = await outcomeOf(folder, job, facts);
  return changeJob(folder, (now) => (now.state === 'collecting' ? moved(now, outcome.state, outcome.reason) : now));
}

async function outcomeOf(
  folder: string,
  job: JobRecord,
  { exit, summary: written, cancel }: Status,
): Promise<{ state: 'completed' | 'cancelled' | 'failed'; reason: string | null }> {
  const summary = written ? await readSummary(folder) : undefined;
  const finished = summary !== undefined && (exit === null || exit.code === 0);
  if (!finished) {
    if (cancel) return { state: 'cancelled', reason: 'It was ended before a checkpoint could be saved.' };
    return { state: 'failed', reason: explainFailure(exit ?? undefined, await logTail(folder), job.spec) };
  }
  if (summary.stop_reason === 'cancelled') return { state: 'cancelled', reason: null };
  if (summary.stop_reason === 'not_a_number') return notANumber(summary, job);
  return { state: 'completed', reason: summary.notes.length > 0 ? summary.notes.join(' ') : null };
}

function notANumber(
  { best_checkpoint, best_loss }: TrainingSummary,
  { spec }: JobRecord,
): { state: 'completed' | 'failed'; reason: string } {
  const rate =
    spec.learning_rate === undefined ? 'a lower learning_rate' : `--set learning_rate=${spec.learning_rate / 5}`;
  if (best_checkpoint === null) {
    return { state: 'failed', reason: `The loss was not a number from the first evaluation on. Try ${rate}.` };
  }
  return {
    state: 'completed',
    reason: `The loss became not a number; ${best_checkpoint} (loss ${best_loss?.toFixed(4) ?? ''}) from before that was kept. Try ${rate}.`,
  };
}

/** The summary of the last run, undefined while there is none. */
export async function readSummary(folder: string): Promise<TrainingSummary | undefined> {
  try {
    return trainingSummary.parse(JSON.parse(await readFile(path.join(folder, 'training_summary.json'), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function launcher(
  folder: string,
  host: Host,
  place: JobPlace,
  words: readonly string[],
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const there = place.kind === 'ssh' ? `${place.folder}/trainer/launch.py` : path.join(folder, 'trainer', 'launch.py');
  const { code, stdout, stderr } = await host.run([place.python, there, ...words], { signal });
  const said = stdout.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(said);
  } catch {
    const why = stderr.trim().split('\n').at(-1) ?? '';
    throw new TrainingError(
      'job_changed',
      `The job’s launcher on ${host.name} ended with ${code} (${why}). Was its folder moved, or the environment removed?`,
    );
  }
}

async function lookOnce(folder: string, host: Host, place: JobPlace, signal: AbortSignal | undefined): Promise<Status> {
  const sizes = host.local ? [] : await sizesOf(folder);
  const words = sizes.flatMap(([name, size]) => ['--from', `${name}=${size}`]);
  const seen = status.parse(await launcher(folder, host, place, ['status', ...words], signal));
  for (const [name, size] of sizes) await take(path.join(folder, name), size, seen.read[name]);
  return seen;
}

/** Two watchers may follow the same file: what the other one has written already is not written twice. */
async function take(file: string, from: number, read: { data: string; next: number } | undefined): Promise<void> {
  if (!read || read.next === from) return;
  const data = Buffer.from(read.data, 'base64');
  if (read.next < from) await truncate(file, 0);
  const size = await sizeOf(file);
  const already = size - (read.next - data.length);
  if (already < data.length) await appendFile(file, data.subarray(Math.max(0, already)));
}

async function sizesOf(folder: string): Promise<[string, number][]> {
  return Promise.all(
    FOLLOWED.map(async (name): Promise<[string, number]> => [name, await sizeOf(path.join(folder, name))]),
  );
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

const TAIL = 32_768;

/** The end of what the trainer wrote. */
export async function logTail(folder: string): Promise<string> {
  const file = path.join(folder, 'run.log');
  const size = await sizeOf(file);
  if (size === 0) return '';
  const handle = await open(file, 'r');
  try {
    const length = Math.min(size, TAIL);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}
