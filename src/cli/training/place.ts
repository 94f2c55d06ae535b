import path from 'node:path';
import {
  setUpEnvironment,
  findEnvironment,
  type TrainingEnvironment,
  useEnvironment,
} from '../../core/training/environment';
import type { Host } from '../../core/training/host';
import { thisMachine } from '../../core/training/hosts/local';
import { SshHost } from '../../core/training/hosts/ssh';
import type { JobPlace, JobRecord } from '../../core/records/training';
import { UsageError } from '../exit';
import { type Io, say } from '../io';

/** Not yet: the places of spec page 5 that have no backend. */
const LATER = ['skypilot', 'vast', 'together', 'huggingface'];

/** `local` or `ssh:HOST`. An SSH configuration of its own is named by DISTILLERY_SSH_CONFIG. */
export async function openHost(where: string, io: Io): Promise<Host> {
  if (where === 'local') return thisMachine;
  if (where.startsWith('ssh:')) return SshHost.open(where.slice(4), io.env['DISTILLERY_SSH_CONFIG']);
  const later = LATER.includes(where) ? `${where} is not built yet. ` : '';
  throw new UsageError(`${later}--where takes local or ssh:HOST.`);
}

/** The host that a job was launched on. */
export async function hostOf(job: JobRecord, io: Io): Promise<Host> {
  if (job.place?.kind !== 'ssh') return thisMachine;
  return openHost(`ssh:${job.place.host}`, io);
}

export interface EnvironmentFlags {
  readonly python?: string;
  readonly setUp?: boolean;
  readonly quiet?: boolean;
}

/**
 * The Python that trains there: the person's own, the one that stands, or a new one when that was asked for.
 * @throws {UsageError} where none stands and none was asked for
 */
export async function environmentOn(
  host: Host,
  flags: EnvironmentFlags,
  io: Io,
  signal: AbortSignal,
): Promise<TrainingEnvironment> {
  if (flags.python !== undefined) return useEnvironment(host, flags.python, { signal });
  if (flags.setUp) {
    return setUpEnvironment(host, {
      signal,
      onStep: (message, fraction) => {
        const done = fraction === undefined ? '' : ` (${Math.round(fraction * 100)} %)`;
        if (!flags.quiet) say(io, `${message}${done}`);
      },
    });
  }
  const { python, hardware } = await findEnvironment(host, { signal });
  if (python !== undefined) return { python, hardware };
  throw new UsageError(
    `The trainer is not set up on ${host.name} yet. Add --set-up: it installs LLaMA-Factory into a folder of its own (2 to 6 GB, some minutes).`,
  );
}

/** Where the job's folder is on the host. */
export async function placeOn(
  host: Host,
  where: string,
  environment: TrainingEnvironment,
  job: JobRecord,
  signal: AbortSignal,
): Promise<JobPlace> {
  if (host.local) return { kind: 'local', python: environment.python };
  const { stdout } = await host.run(['pwd'], { signal });
  const folder = path.posix.join(stdout.trim(), '.distillery', 'training', job.id);
  return { kind: 'ssh', host: where.slice(4), python: environment.python, folder };
}
