import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Hardware, hardware } from '../records/training';
import { TrainingError } from './errors';
import type { Host } from './host';
import { trainerFolder } from './trainerFolder';

/** The Python that trains, and what it trains on. */
export interface TrainingEnvironment {
  readonly python: string;
  readonly hardware: Hardware;
}

const ready = z.object({ python: z.string().nullable(), hardware });
const refusal = z.object({ error: z.string(), message: z.string() });
const step = z.object({ step: z.string(), message: z.string(), fraction: z.number().optional() });

export interface SetupOptions {
  readonly signal?: AbortSignal | undefined;
  /** What is done now, a sentence, and how far it is (0 to 1). */
  readonly onStep?: (message: string, fraction: number | undefined) => void;
}

/** What there is on the host. `python` is undefined where no environment stands yet. */
export async function findEnvironment(
  host: Host,
  options: SetupOptions = {},
): Promise<{ readonly python: string | undefined; readonly hardware: Hardware }> {
  const { python, hardware: found } = await environmentScript(host, ['--find'], options);
  return { python: python ?? undefined, hardware: found };
}

/**
 * Makes the environment, or finds it made. Takes minutes and gigabytes the first time.
 * @throws {TrainingError} `no_python`, `setup_failed`
 */
export async function setUpEnvironment(host: Host, options: SetupOptions = {}): Promise<TrainingEnvironment> {
  const { python, hardware: found } = await environmentScript(host, [], options);
  if (python === null) throw new TrainingError('setup_failed', 'The set-up ended without an environment. Try again.');
  return { python, hardware: found };
}

/** An environment of the person's own: it must be able to import the trainer. */
export async function useEnvironment(
  host: Host,
  python: string,
  options: SetupOptions = {},
): Promise<TrainingEnvironment> {
  const probe = 'import llamafactory.train.tuner, tensorboard, psutil';
  const { code, stderr } = await host.run([python, '-c', probe], { signal: options.signal });
  if (code !== 0) {
    const why = stderr.trim().split('\n').at(-1) ?? '';
    throw new TrainingError(
      'no_environment',
      `${python} cannot train (${why || 'it does not start'}). It needs llamafactory, tensorboard and psutil.`,
    );
  }
  const { hardware: found } = await environmentScript(host, ['--find'], options);
  return { python, hardware: found };
}

/** Python reads the script from its input, so that nothing needs to be on the host before. */
async function environmentScript(
  host: Host,
  words: readonly string[],
  { signal, onStep }: SetupOptions,
): Promise<z.infer<typeof ready>> {
  const script = await readFile(path.join(trainerFolder(), 'environment.py'), 'utf8');
  const python = await findPython(host, signal);
  const { stdout, stderr } = await host.run([...python, '-', ...words], {
    signal,
    input: script,
    onLine: (line) => {
      const said = step.safeParse(parsed(line));
      if (said.success) onStep?.(said.data.message, said.data.fraction);
    },
  });
  const last = parsed(stdout.trim().split('\n').at(-1) ?? '');
  const failed = refusal.safeParse(last);
  if (failed.success)
    throw new TrainingError(failed.data.error === 'wrong_python' ? 'no_python' : 'setup_failed', failed.data.message);
  const found = ready.safeParse(last);
  if (found.success) return found.data;
  throw new TrainingError(
    'setup_failed',
    `Python could not look for the trainer on ${host.name}: ${stderr.trim().split('\n').at(-1) ?? 'it said nothing'}`,
  );
}

/** Versions that the trainer runs on, best first. Windows' launcher and uv know where theirs are. */
const CANDIDATES: readonly (readonly string[])[] = [
  ['python3.12'],
  ['python3.11'],
  ['python3.13'],
  ['python3'],
  ['python'],
  ['py', '-3.12'],
  ['py', '-3.11'],
  ['uv', 'run', '--no-project', '--python', '3.12', 'python'],
];

async function findPython(host: Host, signal: AbortSignal | undefined): Promise<readonly string[]> {
  let wrong: string | undefined;
  for (const candidate of CANDIDATES) {
    const { code, stdout } = await host.run([...candidate, '-c', 'import sys; print(*sys.version_info[:2])'], {
      signal,
    });
    const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number);
    if (code !== 0) continue;
    if (major === 3 && minor >= 11 && minor <= 13) return candidate;
    wrong ??= `${major}.${minor}`;
  }
  const found =
    wrong === undefined
      ? `There is no Python on ${host.name}`
      : `Python ${wrong} on ${host.name} is none that the trainer runs on`;
  throw new TrainingError(
    'no_python',
    `${found}. Install Python 3.11, 3.12 or 3.13 (python.org, your package manager, or uv).`,
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not one of the script's lines.
    return undefined;
  }
}
