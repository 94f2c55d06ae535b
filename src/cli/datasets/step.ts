import path from 'node:path';
import { type Command, Option } from 'commander';
import { exitCode } from '../exit';
import { type Io, printResult } from '../io';
import type { CommandContext } from '../context';
import { interruptible } from '../signals';

/** The flags of every dataset command. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly keysStdin?: boolean;
}

export function addOutputFlags(command: Command): Command {
  return command
    .option('--json', 'exactly one JSON object on stdout')
    .option('--quiet', 'no progress')
    .addOption(
      new Option('--keys-stdin', 'keys as one line of JSON on stdin, as the editor starts every command').hideHelp(),
    );
}

/** What every dataset command prints (spec page 6). */
export interface StepResult {
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Runs one step and prints its result. Ctrl-C stops it at once: nothing was written under a final name. */
export async function runStep<Result extends object>(
  context: CommandContext,
  flags: OutputFlags,
  work: (signal: AbortSignal) => Promise<Result>,
  text: (result: Result) => string,
): Promise<void> {
  await interruptible(context.io, async ({ signal, drain }) => {
    const stop = AbortSignal.any([signal, drain]);
    try {
      const result = await work(stop);
      printResult(context.io, flags.json ?? false, result, () => text(result));
    } catch (error) {
      if (!stop.aborted) throw error;
      context.exit(exitCode.interrupted);
    }
  });
}

export function absolute(io: Io, file: string): string {
  return path.resolve(io.cwd, file);
}

/** As the person would name it: relative to where they are, when it is below. */
export function shown(io: Io, file: string): string {
  const relative = path.relative(io.cwd, file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

export function shownOutputs(io: Io, outputs: StepResult['outputs']): { path: string; rows: number }[] {
  return outputs.map(({ path: file, rows }) => ({ path: shown(io, file), rows }));
}

export function outputLines(outputs: StepResult['outputs']): string {
  return outputs.map(({ path: file, rows }) => `${file}  ${count(rows, 'row')}`).join('\n');
}

export function count(value: number, noun: string): string {
  return `${value.toLocaleString('en-US')} ${noun}${value === 1 ? '' : 's'}`;
}
