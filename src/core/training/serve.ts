import path from 'node:path';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { TrainingError } from './errors';
import { explainFailure } from './failure';
import { runChild } from './hosts/child';
import { readJob } from './job';
import { trainerFolder } from './trainerFolder';

const ready = z.object({ url: z.string(), model: z.string() });
/** Where a model answers, and by which name. */
export type ServedModel = z.infer<typeof ready>;

export interface ServeOptions {
  /** The model that was trained from, instead of the tuned one. */
  readonly base?: boolean;
  /** 0: any free one. */
  readonly port: number;
  readonly signal: AbortSignal;
  readonly onReady: (served: ServedModel) => void;
}

/**
 * Serves a job's model on this machine with the trainer's own API server, until `signal` ends it.
 * @throws {TrainingError} `wrong_state`, or `trainer` when the server ended by itself
 */
export async function serveJob(folder: string, { base, port, signal, onReady }: ServeOptions): Promise<void> {
  const { name, place, spec, state, merged } = await readJob(folder);
  if (!base && state !== 'completed' && state !== 'cancelled' && merged === null)
    throw new TrainingError('wrong_state', `${name} is ${state}: only what was trained can be served.`);
  if (place?.kind !== 'local') {
    const where = place === null ? 'It never ran.' : `It was trained on ${place.host}: ${serveThere(place)}`;
    throw new TrainingError('wrong_state', `${name} cannot be served from here. ${where}`);
  }
  const script = path.join(trainerFolder(), 'serve.py');
  const words = [script, '--job', folder, '--port', String(port), '--attached', ...(base ? ['--base'] : [])];
  try {
    const { code, stderr } = await runChild(place.python, words, {
      signal,
      // Never ends: the server reads it to know that we are still there.
      pipeFrom: new PassThrough(),
      onLine: (line) => {
        const said = readyIn(line);
        if (said) onReady(said);
      },
    });
    throw new TrainingError('trainer', explainFailure({ code, signal: null }, stderr, spec));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function serveThere({ host, python, folder }: { host: string; python: string; folder: string }): string {
  return `ssh -L 8000:127.0.0.1:8000 ${host} ${python} ${folder}/trainer/serve.py --port 8000 serves it there, and here at http://127.0.0.1:8000/v1.`;
}

function readyIn(line: string): ServedModel | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return ready.safeParse(JSON.parse(line)).data;
  } catch {
    // The trainer's own words.
    return undefined;
  }
}
