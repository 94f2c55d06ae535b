import { constants } from 'node:fs';
import { access, mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { keyOf } from '../../core/teachers/keys';
import { PROVIDERS } from '../../core/teachers/providers';
import { staleTableWarning } from '../../core/teachers/prices';
import { findEnvironment } from '../../core/training/environment';
import { TrainingError } from '../../core/training/errors';
import { thisMachine } from '../../core/training/hosts/local';
import { readEnvironment } from '../environment';
import { exitCode } from '../exit';
import { printResult } from '../io';
import type { CommandContext } from '../context';

/** One thing that a run needs: is it there, and what to do where not. */
interface Finding {
  readonly name: string;
  /** `missing` is no failure: the offline teacher needs no key. */
  readonly state: 'ok' | 'missing' | 'problem';
  readonly message: string;
}

const leastFreeBytes = 500_000_000;

/** `distillery doctor`: nothing is sent anywhere, and no key is shown. */
export function configure(command: Command, { io, exit }: CommandContext): void {
  command
    .option('--json', 'exactly one JSON object on stdout')
    .option('--keys-stdin', 'keys and settings as one line of JSON on stdin')
    .action(async ({ json = false, keysStdin = false }: { json?: boolean; keysStdin?: boolean }) => {
      const environment = await readEnvironment(io, { keysStdin });
      const findings = [
        nodeVersion(),
        ...PROVIDERS.flatMap((provider): Finding[] => {
          if (provider.keyName === undefined) return [];
          const there = keyOf(provider, environment.keys) !== undefined;
          const message = there ? 'is set' : `is not set: Set API Key… in the editor, or export ${provider.keyName}=…`;
          return [{ name: provider.keyName, state: there ? 'ok' : 'missing', message }];
        }),
        { name: 'offline teacher', state: 'ok', message: 'is built in, needs no key and no network' } as const,
        await writable(io.cwd),
        await freeSpace(io.cwd),
        prices(),
        await trainer(),
      ];
      if (findings.some(({ state }) => state === 'problem')) exit(exitCode.failed);
      printResult(io, json, { findings }, () => findings.map(line).join('\n'));
    });
}

function line({ name, state, message }: Finding): string {
  return `${{ ok: '✓', missing: '·', problem: '✗' }[state]} ${name} ${message}`;
}

function nodeVersion(): Finding {
  const major = Number.parseInt(process.versions.node, 10);
  return major >= 20
    ? { name: 'Node', state: 'ok', message: process.versions.node }
    : { name: 'Node', state: 'problem', message: `${process.versions.node} is too old: install Node 20 or newer` };
}

async function writable(cwd: string): Promise<Finding> {
  const name = 'run folder';
  try {
    await access(cwd, constants.W_OK);
    await rm(await mkdtemp(path.join(cwd, '.distillery-')), { recursive: true });
    return { name, state: 'ok', message: `can be made in ${cwd}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      name,
      state: 'problem',
      message: `cannot be made in ${cwd} (${why}): go to another folder, or name one with --out`,
    };
  }
}

async function freeSpace(cwd: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(cwd);
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB free on the disk of ${cwd}, ${(os.freemem() / 1e9).toFixed(1)} GB of memory free`;
  return free < leastFreeBytes
    ? { name: 'disk', state: 'problem', message: `${message}: make room, a run that cannot write pauses` }
    : { name: 'disk', state: 'ok', message };
}

/** Training alone needs it; everything else goes without Python. */
async function trainer(): Promise<Finding> {
  const name = 'trainer';
  try {
    const { python, hardware } = await findEnvironment(thisMachine);
    const gpus = hardware.gpus.map((gpu) => `${gpu.name}, ${(gpu.memory_mb / 1000).toFixed(0)} GB`);
    const trainsOn = gpus.length > 0 ? gpus.join('; ') : hardware.kind;
    return python === undefined
      ? { name, state: 'missing', message: `is not set up (it would train on ${trainsOn}): distillery train --set-up` }
      : { name, state: 'ok', message: `is set up and trains on ${trainsOn}: ${python}` };
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    return { name, state: 'missing', message: `cannot be set up: ${error.message}` };
  }
}

function prices(): Finding {
  const stale = staleTableWarning();
  return stale === undefined
    ? { name: 'prices', state: 'ok', message: 'the bundled table is fresh' }
    : { name: 'prices', state: 'missing', message: stale };
}
