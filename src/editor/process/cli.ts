import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Duplex, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { childEnvironment } from './childEnvironment';

/** What goes to the command line over its stdin, and nowhere else: never in arguments, files or logs. */
export interface Handover {
  /** By environment variable name: `OPENAI_API_KEY`. */
  readonly keys: Readonly<Record<string, string>>;
  /** Models of VS Code can be asked, by a run that `start` started. */
  readonly models?: boolean;
  readonly settings: {
    readonly baseUrls: Readonly<Record<string, string>>;
    readonly prices: Readonly<Record<string, unknown>>;
    readonly providers: Readonly<Record<string, unknown>>;
  };
}

/** For what asks no teacher: no key leaves the editor. */
export const nothingToHandOver: Handover = { keys: {}, settings: { baseUrls: {}, prices: {}, providers: {} } };

export interface CliCall {
  /** `distill`, `--budget`, `1`, … */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly handover: Handover;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line's bundle with the Node that runs the editor. No shell, on any system. */
export class Cli {
  constructor(
    private readonly bundle: string,
    private readonly environment: () => NodeJS.ProcessEnv = () => process.env,
  ) {}

  /**
   * Runs a short command to its end, or one that `signal` ends: then it rejects with an `AbortError`. `onLine` hears each
   * line of its stdout as it comes.
   */
  async run(call: CliCall, signal: AbortSignal, onLine?: (line: string) => void): Promise<CliResult> {
    const child = spawn(process.execPath, this.#argv(call), {
      ...this.#options(call),
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
    });
    const code = ended(child);
    handOver(child, call.handover);
    const [exit, stdout, stderr] = await Promise.all([
      code,
      onLine ? told(child.stdout, onLine) : text(child.stdout),
      text(child.stderr),
    ]);
    return { code: exit, stdout, stderr };
  }

  /**
   * Starts a run that outlives the window: its own process group, its output in `log`. `answer` gets its pipe for
   * questions to models of VS Code, which nobody else can ask.
   * @returns when the process exists; `ended` resolves with its exit code, should this window live to see it.
   */
  async start(
    call: CliCall,
    log: string,
    answer: (pipe: Duplex) => void,
  ): Promise<{ readonly pid: number; readonly ended: Promise<number | null> }> {
    await using output = await open(log, 'a');
    const child = spawn(process.execPath, this.#argv(call), {
      ...this.#options(call),
      stdio: ['pipe', output.fd, output.fd, 'pipe'],
      detached: true,
    });
    const exit = ended(child);
    await Promise.race([new Promise((resolve) => child.once('spawn', resolve)), exit]);
    handOver(child, call.handover);
    const pipe = child.stdio[3];
    if (pipe instanceof Duplex) answer(pipe);
    child.unref();
    if (child.pid === undefined) throw new Error('The process has no id although it was started.');
    return { pid: child.pid, ended: exit };
  }

  #argv({ args }: CliCall): string[] {
    return [this.bundle, ...args, '--keys-stdin'];
  }

  #options({ cwd }: CliCall) {
    return { cwd, env: childEnvironment(this.environment()), windowsHide: true };
  }
}

async function told(output: Readable, onLine: (line: string) => void): Promise<string> {
  let whole = '';
  for await (const line of createInterface({ input: output })) {
    onLine(line);
    whole += `${line}\n`;
  }
  return whole;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function handOver(child: ChildProcess, handover: Handover): void {
  // A process that ends before it has read is reported by its exit code, not by a broken pipe.
  child.stdin?.once('error', () => child.stdin?.destroy());
  child.stdin?.end(`${JSON.stringify(handover)}\n`);
}
