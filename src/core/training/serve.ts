import path from 'node:path';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import type { JobPlace, JobRecord } from '../records/training';
import { TrainingError } from './errors';
import { explainFailure } from './failure';
import { runChild } from './hosts/child';
import { readJob } from './job';
import { trainerFolder } from './trainerFolder';

const ready = z.object({ url: z.string(), model: z.string().optional() });
/** Where it answers; of a model, by which name. */
export type Served = z.infer<typeof ready>;

export interface ServeOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly signal: AbortSignal;
  readonly onReady: (served: Served) => void;
}

/**
 * Serves a job's model, or the one that it was trained from, on this machine with the trainer's own API server, until
 * the signal ends it.
 * @throws {TrainingError} `wrong_state`, or `trainer` when the server ended by itself
 */
export async function serveJob(folder: string, base: boolean, options: ServeOptions): Promise<void> {
  const job = await readJob(folder);
  const { name, state, merged } = job;
  if (!base && state !== 'completed' && state !== 'cancelled' && merged === null)
    throw new TrainingError('wrong_state', `${name} is ${state}: only what was trained can be served.`);
  const words = [
    'serve.py',
    '--job',
    folder,
    '--port',
    String(options.port),
    '--attached',
    ...(base ? ['--base'] : []),
  ];
  await attached(job, words, options, ({ host, python, folder: there }) => {
    return `ssh -L 8000:127.0.0.1:8000 ${host} ${python} ${there}/trainer/serve.py serves it there, and here at http://127.0.0.1:8000/v1.`;
  });
}

/** TensorBoard over what the job has written, until the signal ends it. Rejects as `serveJob` does. */
export async function showBoard(folder: string, options: ServeOptions): Promise<void> {
  const runs = path.join(folder, 'output', 'runs');
  await attached(await readJob(folder), ['board.py', runs, String(options.port)], options, () => {
    return `What it wrote comes here when it has ended: tensorboard --logdir "${runs}".`;
  });
}

type Remote = Extract<JobPlace, { kind: 'ssh' }>;

/** Runs one of the trainer's scripts with the job's own Python; it ends with us, however we end. */
async function attached(
  { name, place, spec }: JobRecord,
  [script = '', ...words]: readonly string[],
  { signal, onReady }: ServeOptions,
  elsewhere: (place: Remote) => string,
): Promise<void> {
  if (place === null) throw new TrainingError('wrong_state', `${name} never ran: there is nothing to show.`);
  if (place.kind === 'ssh')
    throw new TrainingError('wrong_state', `${name} was trained on ${place.host}, not here. ${elsewhere(place)}`);
  try {
    const { code, stderr } = await runChild(place.python, [path.join(trainerFolder(), script), ...words], {
      signal,
      // Never ends: the script reads it to know that we are still there.
      pipeFrom: new PassThrough(),
      onLine: (line) => {
        const served = readyIn(line);
        if (served) onReady(served);
      },
    });
    throw new TrainingError('trainer', explainFailure({ code, signal: null }, stderr, spec));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function readyIn(line: string): Served | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return ready.safeParse(JSON.parse(line)).data;
  } catch {
    // The trainer's own words.
    return undefined;
  }
}
