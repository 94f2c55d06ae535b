import { z } from 'zod';
import { type Cli, nothingToHandOver } from '../process/cli';
import { resultOf } from '../process/result';

const plan = z.object({
  train_rows: z.number(),
  validation_rows: z.number(),
  max_steps: z.number(),
  eval_steps: z.number(),
  memory_gb: z.number().nullable(),
  notes: z.array(z.string()),
});
const estimate = z.object({
  name: z.string(),
  plan,
  seconds: z.number().nullable(),
  usd: z.number().nullable(),
  hardware: z.string(),
  ready: z.boolean(),
});
export type TrainingEstimate = z.infer<typeof estimate>;

const launched = z.object({ job: z.string(), folder: z.string() });
const setUp = z.object({ python: z.string() });
const merged = z.object({ folder: z.string(), merged: z.string() });

/** What the person chose. */
export interface TrainingChoice {
  readonly files: readonly string[];
  readonly model: string;
  readonly method: string;
  readonly where: string;
  /** What the machine costs. */
  readonly usdPerHour?: number | undefined;
}

/** The training commands, each in a process of its own. */
export class TrainingCli {
  constructor(private readonly cli: Cli) {}

  async estimate(choice: TrainingChoice, cwd: string, signal: AbortSignal): Promise<TrainingEstimate> {
    return resultOf(await this.#run([...train(choice), '--estimate-only'], cwd, signal), estimate);
  }

  /** Minutes and gigabytes, the first time. */
  async setUp(where: string, cwd: string, signal: AbortSignal): Promise<string> {
    return resultOf(await this.#run(['train', '--set-up', '--where', where], cwd, signal), setUp).python;
  }

  /** @returns the folder of the job, which is on its way. */
  async launch(choice: TrainingChoice, cwd: string, signal: AbortSignal): Promise<string> {
    return resultOf(await this.#run(train(choice), cwd, signal), launched).folder;
  }

  async cancel(job: string, cwd: string, signal: AbortSignal): Promise<void> {
    resultOf(await this.#run(['jobs', 'cancel', job], cwd, signal), launched);
  }

  /** @param changes flags: `--set batch_size=2` */
  async resume(job: string, changes: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
    resultOf(await this.#run(['jobs', 'resume', job, ...changes], cwd, signal), launched);
  }

  async merge(job: string, cwd: string, signal: AbortSignal): Promise<string> {
    return resultOf(await this.#run(['jobs', 'merge', job], cwd, signal), merged).folder;
  }

  #run(args: readonly string[], cwd: string, signal: AbortSignal) {
    return this.cli.run({ args: [...args, '--json', '--quiet'], cwd, handover: nothingToHandOver }, signal);
  }
}

function train({ files, model, method, where, usdPerHour }: TrainingChoice): string[] {
  const data = files.flatMap((file) => ['--data', file]);
  const price = usdPerHour === undefined ? [] : ['--set', `usd_per_hour=${usdPerHour}`];
  return ['train', ...data, '--model', model, '--method', method, '--where', where, ...price];
}
