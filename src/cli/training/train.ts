import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { type JobRecord, trainingMethod } from '../../core/records/training';
import { findEnvironment, setUpEnvironment } from '../../core/training/environment';
import { inspectModel, remoteModel } from '../../core/training/model';
import { prepareJob } from '../../core/training/prepare';
import { spendOf } from '../../core/training/spend';
import { launchJob } from '../../core/training/runner';
import { collect } from '../flags';
import { say } from '../io';
import type { CommandContext } from '../context';
import { dollars, duration } from '../progress';
import { addOutputFlags, type OutputFlags, runStep } from '../datasets/step';
import { describeJob, type JobReport, reportOf } from './describe';
import { environmentOn, openHost, placeOn } from './place';
import { readSpec, type SpecFlags } from './specFlags';
import { follow } from './watch';

interface TrainFlags extends SpecFlags, OutputFlags {
  readonly where: string;
  readonly name?: string;
  readonly prepareOnly?: boolean;
  readonly estimateOnly?: boolean;
  readonly setUp?: boolean;
  readonly python?: string;
  readonly share?: boolean;
  readonly watch?: boolean;
}

/** `distillery train`: prepares a job and launches it. */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .option('--data <file>', 'rows to train on, in any training format; repeatable', collect)
    .option('--model <id>', 'the base model: a name on the Hugging Face hub, or a folder')
    .addOption(new Option('--method <method>', 'what is trained (default: lora)').choices(trainingMethod.options))
    .option('--where <place>', 'local, or ssh:HOST', 'local')
    .option('--name <name>', 'the name of the job (default: method and model)')
    .option('--spec <file>', 'a YAML file with fields of the job')
    .option('--set <field=value>', 'one field of the job; repeatable', collect)
    .option('--estimate-only', 'steps, memory and time, and nothing is kept or started')
    .option('--prepare-only', 'write the job folder, and start nothing')
    .option('--set-up', 'install the trainer where it is missing; alone, nothing else')
    .option('--python <path>', 'a Python of your own that has LLaMA-Factory')
    .option('--share', 'start although another job trains there')
    .option('--watch', 'stay until the job has ended')
    .addHelpText('after', examples)
    .action(async (flags: TrainFlags) => run(flags, context));
}

const examples = `
Examples:
  distillery train --set-up                                            installs the trainer on this machine
  distillery train --data golden_dataset.jsonl --model Qwen/Qwen3-0.6B
  distillery train --data a.jsonl --data b.jsonl --model ./model --method full --set epochs=1 --where ssh:gpu1
The rows are checked first, and nothing is started with rows that the trainer would choke on. Fields for --set and --spec:
validation_fraction, lora_r, lora_alpha, lora_dropout, learning_rate, epochs, batch_size, accumulation, cutoff_length,
eval_steps, patience, min_delta, convergence_spread, seed, template, system, resume_from, gpus, nodes, deepspeed,
usd_per_hour (what the machine costs: spend is shown).`;

async function run(flags: TrainFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  const host = await openHost(flags.where, io);
  const onlySetUp = flags.setUp === true && flags.data === undefined && flags.spec === undefined;
  if (onlySetUp) {
    await runStep(
      context,
      flags,
      (signal) => setUpEnvironment(host, { signal, onStep: (message) => (flags.quiet ? undefined : say(io, message)) }),
      ({ python, hardware }) => `The trainer is ready on ${host.name}: ${python} (${hardware.kind})`,
    );
    return;
  }
  if (flags.estimateOnly) await runStep(context, flags, (signal) => estimate(flags, context, signal), describeEstimate);
  else await runStep(context, flags, (signal) => train(flags, context, signal), describeJob);
}

/** Checks the rows and lays the job out as a launch would, without an environment and without leaving anything. */
async function estimate(flags: TrainFlags, { io }: CommandContext, signal: AbortSignal): Promise<TrainingEstimate> {
  const spec = await readSpec(flags, io);
  const host = await openHost(flags.where, io);
  const model = host.local ? await inspectModel(spec.model, io.cwd) : remoteModel(spec.model);
  const { python, hardware } = await findEnvironment(host, { signal });
  const { folder, job, seconds } = await prepareJob({ spec, model, hardware, cwd: io.cwd, name: flags.name, signal });
  await rm(folder, { recursive: true });
  const ready = python !== undefined || flags.python !== undefined;
  const usd = seconds === undefined ? undefined : spendOf(spec, seconds);
  return { name: job.name, plan: job.plan, seconds: seconds ?? null, usd: usd ?? null, hardware: hardware.kind, ready };
}

interface TrainingEstimate {
  readonly name: string;
  readonly plan: JobRecord['plan'];
  /** Null when the size of the model is not known. */
  readonly seconds: number | null;
  /** Null as well where the machine costs nothing. */
  readonly usd: number | null;
  readonly hardware: string;
  /** Whether the trainer is set up there. */
  readonly ready: boolean;
}

function describeEstimate({ plan, seconds, usd, hardware, ready }: TrainingEstimate): string {
  return [
    `${plan.train_rows} rows to train on, ${plan.validation_rows} held out, at most ${plan.max_steps} steps on ${hardware}`,
    ...(seconds === null ? [] : [`  about ${duration(seconds * 1000)}${usd === null ? '' : `, ${dollars(usd)}`}`]),
    ...(plan.memory_gb === null ? [] : [`  about ${plan.memory_gb.toFixed(1)} GB of memory`]),
    ...plan.notes.map((note) => `  ${note}`),
    ready ? '  Nothing was started.' : '  Nothing was started; the trainer is not set up there yet (--set-up).',
  ].join('\n');
}

async function train(flags: TrainFlags, context: CommandContext, signal: AbortSignal): Promise<JobReport> {
  const { io } = context;
  const spec = await readSpec(flags, io);
  const host = await openHost(flags.where, io);
  const model = host.local ? await inspectModel(spec.model, io.cwd) : remoteModel(spec.model);
  const environment = await environmentOn(host, flags, io, signal);
  const { folder, job, seconds } = await prepareJob({
    spec,
    model,
    hardware: environment.hardware,
    cwd: io.cwd,
    name: flags.name,
    signal,
  });
  if (!flags.quiet) {
    for (const note of job.plan.notes) say(io, note);
    const time = seconds === undefined ? '' : `, about ${duration(seconds * 1000)}`;
    say(
      io,
      `${path.relative(io.cwd, folder)}: ${job.plan.train_rows} rows, at most ${job.plan.max_steps} steps${time}`,
    );
  }
  if (flags.prepareOnly) return reportOf(folder);
  const place = await placeOn(host, flags.where, environment, job, signal);
  await launchJob(folder, host, place, { signal, share: flags.share === true });
  if (flags.watch) return follow(folder, host, context, flags, signal);
  return reportOf(folder);
}
