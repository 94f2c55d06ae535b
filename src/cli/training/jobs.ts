import path from 'node:path';
import type { Command } from 'commander';
import { type FoundJob, findJob, listJobs } from '../../core/training/job';
import { mergeJob } from '../../core/training/merge';
import { changeSettings } from '../../core/training/changeSettings';
import { cancelJob, collectJob, launchJob, lookAfter } from '../../core/training/runner';
import { type Served, serveJob, showBoard } from '../../core/training/serve';
import type { JobRecord } from '../../core/records/training';
import { addOutputFlags, type OutputFlags, runStep } from '../datasets/step';
import { exitCode, UsageError } from '../exit';
import { collect as collectFlag, wholeNumber } from '../flags';
import { printResult, say } from '../io';
import type { CommandContext } from '../context';
import { interruptible } from '../signals';
import { describeJob, reportOf } from './describe';
import { type EnvironmentFlags, environmentOn, hostOf, openHost, placeOn } from './place';
import { readSettings } from './specFlags';
import { follow } from './watch';

interface JobFlags extends OutputFlags, EnvironmentFlags {
  readonly now?: boolean;
  readonly share?: boolean;
  readonly where?: string;
  readonly set?: readonly string[];
  readonly base?: boolean;
  readonly port?: number;
}

const verbs = ['watch', 'cancel', 'resume', 'collect', 'merge', 'serve', 'tensorboard'] as const;
type Verb = (typeof verbs)[number];

/** `jobs` lists, `jobs JOB` shows one, `jobs VERB JOB` does something with it. */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('[job]', `a job, or ${verbs.join(', ')}`)
    .argument('[name]', 'with those: which job')
    .option('--now', 'cancel: end it at once, without a checkpoint')
    .option('--share', 'resume: start although another job trains there')
    .option('--where <place>', 'resume: of a job that never ran, local or ssh:HOST')
    .option(
      '--set <field=value>',
      'resume: with another batch_size, accumulation, cutoff_length or patience',
      collectFlag,
    )
    .option('--base', 'serve: the model that was trained from, to compare')
    .option(
      '--port <n>',
      'serve, tensorboard: 0 takes a free one (default: 8000, 6006)',
      wholeNumber({ min: 0, max: 65_535 }),
    )
    .option('--python <path>', 'resume: a Python of your own that has LLaMA-Factory')
    .addHelpText('after', help)
    .action(async (job: string | undefined, name: string | undefined, flags: JobFlags) => {
      const verb = verbs.find((one) => one === job);
      if (verb === undefined && name !== undefined)
        throw new UsageError(`“${job ?? ''}” is none of ${verbs.join(', ')}.`);
      if (verb !== undefined) await act(verb, name, flags, context);
      else if (job !== undefined) await show(job, flags, context);
      else await list(flags, context);
    });
}

const help = `
  distillery jobs watch JOB      follows it to its end; leaving does not stop it
  distillery jobs cancel JOB     saves a checkpoint and a summary, then ends
  distillery jobs resume JOB     goes on from the last checkpoint, or starts what was only prepared
  distillery jobs collect JOB    brings the results from the host again
  distillery jobs merge JOB      the adapter into the base model, and how to serve it
  distillery jobs serve JOB      an OpenAI-compatible endpoint on this machine, until Ctrl-C
  distillery jobs tensorboard JOB  its plots in TensorBoard, until Ctrl-C`;

async function list({ json = false }: JobFlags, { io, exit }: CommandContext): Promise<void> {
  const { jobs, unreadable } = await listJobs(io.cwd);
  for (const folder of unreadable) say(io, `${folder}: its job.json cannot be read.`);
  if (unreadable.length > 0) exit(exitCode.failed);
  const reports = await Promise.all(jobs.map(({ folder }) => reportOf(folder)));
  printResult(io, json, { jobs: reports }, () => table(jobs));
}

function table(jobs: readonly FoundJob[]): string {
  if (jobs.length === 0) return 'No training jobs here yet. Make one: distillery train --data FILE --model MODEL';
  return jobs
    .map(({ folder, job }) =>
      `${path.basename(folder).padEnd(36)} ${job.state.padEnd(11)} ${job.reason ?? ''}`.trimEnd(),
    )
    .join('\n');
}

/** A look at a running job, so that its state is that of this moment. */
async function show(name: string, flags: JobFlags, context: CommandContext): Promise<void> {
  const { folder, job } = await findJob(context.io.cwd, name);
  await runStep(
    context,
    flags,
    async (signal) => {
      await lookAfter(folder, await hostOf(job, context.io), signal);
      return reportOf(folder);
    },
    describeJob,
  );
}

async function act(verb: Verb, name: string | undefined, flags: JobFlags, context: CommandContext): Promise<void> {
  if (name === undefined) throw new UsageError(`Name the job: distillery jobs ${verb} JOB.`);
  const { folder, job } = await findJob(context.io.cwd, name);
  if (verb === 'merge') {
    await merge(folder, job, flags, context);
    return;
  }
  if (verb === 'serve' || verb === 'tensorboard') {
    await serve(verb, folder, flags, context);
    return;
  }
  const work = { watch, cancel, resume, collect }[verb];
  await runStep(context, flags, (signal) => work(folder, job, flags, context, signal), describeJob);
}

type Work = (
  folder: string,
  job: JobRecord,
  flags: JobFlags,
  context: CommandContext,
  signal: AbortSignal,
) => ReturnType<typeof reportOf>;

const watch: Work = async (folder, job, flags, context, signal) =>
  follow(folder, await hostOf(job, context.io), context, flags, signal);

/** Waits for the end, because only then there is something to go on with. */
const cancel: Work = async (folder, job, flags, context, signal) => {
  const host = await hostOf(job, context.io);
  await cancelJob(folder, host, { signal, ...(flags.now ? { now: true } : {}) });
  return follow(folder, host, context, flags, signal);
};

const resume: Work = async (folder, job, flags, context, signal) => {
  const { io } = context;
  const where = job.place?.kind === 'ssh' ? `ssh:${job.place.host}` : (flags.where ?? 'local');
  const host = await openHost(where, io);
  // What still runs is not started twice: the record may only not know yet that it has ended.
  const now = job.place === null ? job : await lookAfter(folder, host, signal);
  const place =
    now.place && flags.python === undefined
      ? now.place
      : await placeOn(host, where, await environmentOn(host, flags, io, signal), job, signal);
  if (flags.set) await changeSettings(folder, readSettings(flags.set));
  await launchJob(folder, host, place, { signal, share: flags.share === true });
  return reportOf(folder);
};

const collect: Work = async (folder, job, _flags, context, signal) => {
  await collectJob(folder, await hostOf(job, context.io), undefined, signal);
  return reportOf(folder);
};

async function merge(folder: string, job: JobRecord, flags: JobFlags, context: CommandContext): Promise<void> {
  await runStep(
    context,
    flags,
    async (signal) => {
      const { commands } = await mergeJob(folder, await hostOf(job, context.io), signal);
      return { ...(await reportOf(folder)), commands };
    },
    ({ merged, commands }) =>
      [`Merged: ${merged ?? ''}`, ...commands.map(({ with: server, command }) => `  ${server}: ${command}`)].join('\n'),
  );
}

/** In the foreground, until Ctrl-C or the end of the editor that started it. */
async function serve(
  verb: 'serve' | 'tensorboard',
  folder: string,
  { base = false, port, json = false, keysStdin = false }: JobFlags,
  { io }: CommandContext,
): Promise<void> {
  await interruptible(io, async ({ signal, drain }) => {
    const orphaned = new AbortController();
    const parent = keysStdin ? setInterval(() => isAlone() && orphaned.abort(), PARENT_EVERY_MS) : undefined;
    const options = {
      signal: AbortSignal.any([signal, drain, orphaned.signal]),
      onReady: (served: Served) => printResult(io, json, served, () => sentence(served)),
    };
    try {
      if (verb === 'serve') await serveJob(folder, base, { ...options, port: port ?? 8000 });
      else await showBoard(folder, { ...options, port: port ?? 6006 });
    } finally {
      clearInterval(parent);
    }
  });
}

const PARENT_EVERY_MS = 2000;
const startedBy = process.ppid;

/** An editor that died ends nothing: who it was is looked for, on every system. */
function isAlone(): boolean {
  if (process.ppid !== startedBy) return true;
  try {
    process.kill(startedBy, 0);
    return false;
  } catch {
    return true;
  }
}

function sentence({ url, model }: Served): string {
  if (model === undefined) return `TensorBoard is at ${url} until Ctrl-C.`;
  return `${model} answers at ${url} until Ctrl-C. In another terminal: distillery ask "…" --url ${url} --model ${model}`;
}
