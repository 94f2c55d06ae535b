import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type JobRecord, jobRecord, trainingSummary } from '../../src/core/records/training';
import { setUpEnvironment } from '../../src/core/training/environment';
import { thisMachine } from '../../src/core/training/hosts/local';
import { parseProgress, type Progress, summarizeProgress } from '../../src/core/training/progress';

/** The real trainer with a tiny model: the environment is made at the first run, in the user's cache. */

const root = path.resolve(import.meta.dirname, '..', '..');
const entry = path.join(root, 'src', 'cli', 'distillery.ts');
const tsx = [
  '--require',
  path.join(root, 'node_modules', 'tsx', 'dist', 'preflight.cjs'),
  '--import',
  pathToFileURL(path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href,
];

export interface Lab {
  readonly folder: string;
  readonly python: string;
  readonly model: string;
  /** 400 rows: "What is 3 plus 4?" */
  readonly data: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where the trainer and the model are: made once, for all suites of this process. */
let made: Promise<Pick<Lab, 'python' | 'model'>> | undefined;

export async function openLab(): Promise<Lab> {
  const { python, model } = await (made ??= make());
  const folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-training-'));
  const data = path.join(folder, 'sums.jsonl');
  await writeFile(
    data,
    sums()
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  );
  // Two cores are shared with whatever else runs: threads that wait for each other only slow a tiny model down.
  const env = { ...process.env, OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' };
  return { folder, python, model, data, env };
}

async function make(): Promise<Pick<Lab, 'python' | 'model'>> {
  const { python } = await setUpEnvironment(thisMachine, { onStep: (message) => console.log(`      ${message}`) });
  const model = path.join(await mkdtemp(path.join(os.tmpdir(), 'distillery-model-')), 'tiny');
  await promisify(execFile)(python, [path.join(import.meta.dirname, 'tiny_model.py'), model]);
  return { python, model };
}

function sums(): object[] {
  const twenty = Array.from({ length: 20 }, (_, at) => at);
  return twenty.flatMap((a) =>
    twenty.map((b) => ({ instruction: `What is ${a} plus ${b}?`, input: '', output: `The sum is ${a + b}.` })),
  );
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as a process of its own, from its source. */
export async function distillery({ folder, env }: Lab, ...words: string[]): Promise<CliResult> {
  const child = spawn(process.execPath, [...tsx, entry, ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

export interface Hold {
  /** For the environment of the trainer. */
  readonly PYTHONPATH: string;
  /** Lets it go on. */
  readonly go: () => void;
}

/**
 * A trainer that stands still after its first checkpoints, for as long as the test holds the line that it then opens:
 * there is a run to look at, however fast the machine is.
 */
export async function holdAfter(checkpoints: number): Promise<Hold> {
  const lines = new Set<Socket>();
  const server = createServer((line) => lines.add(line.on('error', () => undefined))); // The trainer may be killed.
  const port = await listen(server);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-hold-'));
  await writeFile(path.join(folder, 'sitecustomize.py'), hold(checkpoints, port));
  const go = () => {
    server.close();
    for (const line of lines) line.destroy();
  };
  return { PYTHONPATH: folder, go };
}

/** Waits where the trainer appends to its progress. Every Python of that environment reads this first. */
const hold = (checkpoints: number, port: number) => `
import os, socket, sys
def _hold(event, arguments):
    if event != "open" or arguments[1] != "a" or os.path.basename(str(arguments[0])) != "progress.jsonl":
        return
    try:
        with open(arguments[0]) as file:
            if file.read().count('"kind": "checkpoint"') < ${checkpoints}:
                return
        with socket.create_connection(("127.0.0.1", ${port})) as line:
            line.recv(1)
    except OSError: # No progress yet, or it may go on.
        return
sys.addaudithook(_hold)
`;

/** Settings with which nothing stops a run but its last step. */
export const endless = ['patience=50', 'convergence_spread=0'];

/** The flags of a short run: 48 steps, evaluated every 4. */
export function shortRun(lab: Lab, name: string, ...set: string[]): string[] {
  const fields = ['lora_r=8', 'cutoff_length=256', 'epochs=1', 'eval_steps=4', 'learning_rate=0.005', ...set];
  return [
    'train',
    ...['--data', lab.data, '--model', lab.model, '--name', name],
    ...fields.flatMap((field) => ['--set', field]),
  ];
}

export function jobFolder(lab: Lab, name: string): string {
  return path.join(lab.folder, 'distillery', 'training', name);
}

export async function jobOf(lab: Lab, name: string): Promise<JobRecord> {
  return jobRecord.parse(JSON.parse(await readFile(path.join(jobFolder(lab, name), 'job.json'), 'utf8')));
}

export async function summaryOf(lab: Lab, name: string): Promise<z.infer<typeof trainingSummary>> {
  const file = path.join(jobFolder(lab, name), 'training_summary.json');
  return trainingSummary.parse(JSON.parse(await readFile(file, 'utf8')));
}

export async function progressIn(folder: string): Promise<Progress> {
  const file = path.join(folder, 'progress.jsonl');
  return summarizeProgress(parseProgress(existsSync(file) ? await readFile(file, 'utf8') : ''));
}

const processes = z.object({ pid: z.number(), child: z.object({ pid: z.number() }) });

/** The launcher and the trainer of a running job. */
export async function processesOf(folder: string): Promise<z.infer<typeof processes>> {
  return processes.parse(JSON.parse(await readFile(path.join(folder, 'process.json'), 'utf8')));
}

/** Looks until something holds; the test's own timeout is the limit. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await sleep(100);
}

export async function freshFolder(lab: Lab, name: string): Promise<string> {
  const folder = path.join(lab.folder, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** On a port of loopback that nobody uses. */
async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return z.object({ port: z.number() }).parse(server.address()).port;
}
