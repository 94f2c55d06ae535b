import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** All output goes to this file; its tail is shown when the command fails. */
  readonly log: string;
}

/** A command of the lab's set-up that did not end with 0. The message carries the tail of its log. */
export class CommandFailed extends Error {
  readonly code = 'command-failed';
}

/** Runs a program to its end, without a shell and without stdin. Rejects with `CommandFailed`. */
export async function command(program: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const log = createWriteStream(options.log, { flags: 'a' });
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  log.end();
  await finished(log);
  if (code === 0) return;
  const tail = (await readFile(options.log, 'utf8')).trimEnd().split('\n').slice(-25).join('\n');
  throw new CommandFailed(`${[program, ...args].join(' ')} ended with ${code}. ${options.log} has all of it:\n${tail}`);
}
