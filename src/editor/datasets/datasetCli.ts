import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type Cli, nothingToHandOver } from '../process/cli';
import { resultOf } from '../process/result';

const problem = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  endColumn: z.number().int(),
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
});

const gateTest = z.object({
  name: z.string(),
  pass: z.boolean(),
  message: z.string(),
  lines: z.array(z.number().int()),
});

const checked = z.object({
  problems: z.array(problem),
  totals: z.object({
    rows: z.number(),
    errors: z.number(),
    warnings: z.number(),
    by_code: z.record(z.string(), z.number()),
  }),
  gates: z.array(z.object({ file: z.string(), tests: z.array(gateTest) })).default([]),
});
export type CheckOutcome = z.infer<typeof checked>;

const written = z.object({ outputs: z.array(z.object({ path: z.string(), rows: z.number() })) });

/** The dataset commands, in a process of their own: a gigabyte must not stop the editor. */
export class DatasetCli {
  constructor(private readonly cli: Cli) {}

  async check(file: string, signal: AbortSignal): Promise<CheckOutcome> {
    return resultOf(await this.run(['check', file, '--json', '--quiet'], file, signal), checked);
  }

  async export(
    file: string,
    format: string,
    out: string,
    signal: AbortSignal,
  ): Promise<readonly { path: string; rows: number }[]> {
    const args = ['export', file, '--format', format, '--out', out, '--json', '--quiet'];
    return resultOf(await this.run(args, file, signal), written).outputs;
  }

  /** Writes forward and reverse of every row into a new file. */
  async pairs(
    file: string,
    out: string,
    { variant, label }: { readonly variant: 'plain' | 'context'; readonly label: string },
    signal: AbortSignal,
  ): Promise<readonly { path: string; rows: number }[]> {
    const args = ['pairs', file, '--out', out, '--variant', variant, '--source-label', label, '--json', '--quiet'];
    return resultOf(await this.run(args, file, signal), written).outputs;
  }

  /** Writes what its review decided into a new file beside the dataset; its path. */
  async applyReview(file: string, keep: 'approved' | 'not-rejected', signal: AbortSignal): Promise<string> {
    const args = ['apply-review', file, '--keep', keep, '--json', '--quiet'];
    const { outputs } = resultOf(await this.run(args, file, signal), written);
    return resolve(dirname(file), outputs[0]?.path ?? file);
  }

  private run(args: readonly string[], file: string, signal: AbortSignal) {
    return this.cli.run({ args, cwd: dirname(file), handover: nothingToHandOver }, signal);
  }
}
