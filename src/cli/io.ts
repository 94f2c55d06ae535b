import { Socket } from 'node:net';
import type { Duplex, Writable } from 'node:stream';

/** Where a command writes (spec page 6): stdout is the result, stderr is progress and messages. */
export interface Io {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What the editor that started this process listens at besides: a fourth stream. */
  readonly editorPipe?: () => Duplex;
}

export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  // Does not keep the process: what waits for an answer does.
  editorPipe: () => new Socket({ fd: 3 }).unref(),
};

/** The result of a command: one JSON object with `--json`, else a short text for a person. */
export function printResult(io: Io, json: boolean, result: unknown, text: () => string): void {
  io.stdout.write(json ? `${JSON.stringify(result)}\n` : `${text().trimEnd()}\n`);
}

/** A line for the person, on stderr. */
export function say(io: Io, line: string): void {
  io.stderr.write(`${line}\n`);
}
