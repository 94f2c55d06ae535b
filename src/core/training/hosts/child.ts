import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { RunOptions, RunResult } from '../host';

export interface ChildOptions extends RunOptions {
  /** Where its output goes instead of into the result: another program's input. */
  readonly pipeTo?: Writable;
  readonly pipeFrom?: Readable;
  readonly cwd?: string;
}

/** What ends with code 127: there is no such program. */
export const NOT_FOUND = 127;

/** Runs a program without a shell. A program that is not there ends with 127, as a shell says it. */
export async function runChild(
  program: string,
  words: readonly string[],
  options: ChildOptions = {},
): Promise<RunResult> {
  const { signal, input, onLine, pipeTo, pipeFrom, cwd } = options;
  signal?.throwIfAborted();
  const child = spawn(program, [...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal ? { signal } : {}),
  });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  if (pipeTo) child.stdout.pipe(pipeTo);
  else if (onLine)
    createInterface({ input: child.stdout }).on('line', (line) => (onLine(line), (stdout += `${line}\n`)));
  else child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  // A program that ends before it has read everything says so by its code.
  child.stdin.on('error', () => child.stdin.destroy());
  if (pipeFrom) pipeFrom.pipe(child.stdin);
  else child.stdin.end(input ?? '');
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => {
      if ('code' in error && error.code === 'ENOENT') resolve(NOT_FOUND);
      else reject(error);
    });
    child.once('close', (exit, killed) => resolve(exit ?? (killed === null ? 1 : 128)));
  });
  signal?.throwIfAborted();
  return { code, stdout, stderr };
}
