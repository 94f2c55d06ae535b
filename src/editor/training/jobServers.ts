import path from 'node:path';
import { z } from 'zod';
import { type Cli, nothingToHandOver } from '../process/cli';
import { resultOf } from '../process/result';

const served = z.object({ url: z.string(), model: z.string().optional() });
export type ServedHere = z.infer<typeof served>;

/** What of a job can be served on this machine. */
export type Servable = 'tuned' | 'base' | 'tensorboard';

const commandOf: Readonly<Record<Servable, readonly string[]>> = {
  tuned: ['serve'],
  base: ['serve', '--base'],
  tensorboard: ['tensorboard'],
};

/** Servers of this window's jobs, each started when it is first asked for; they end with the window. */
export class JobServers implements Disposable {
  readonly #known = new Map<string, Promise<ServedHere>>();
  readonly #end = new AbortController();

  constructor(private readonly cli: Cli) {}

  /** Where it answers, as soon as it does. Rejects with the command line's sentence when it cannot. */
  get(folder: string, what: Servable): Promise<ServedHere> {
    const key = `${what} ${folder}`;
    const known = this.#known.get(key) ?? this.#start(folder, what, () => this.#known.delete(key));
    this.#known.set(key, known);
    return known;
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  async #start(folder: string, what: Servable, ended: () => void): Promise<ServedHere> {
    const [verb = '', ...flags] = commandOf[what];
    const args = ['jobs', verb, folder, ...flags, '--port', '0', '--json', '--quiet'];
    const call = { args, cwd: path.dirname(folder), handover: nothingToHandOver };
    return new Promise((resolve, reject) => {
      const hear = (line: string) => {
        const said = readServed(line);
        if (said) resolve(said);
      };
      this.cli
        .run(call, this.#end.signal, hear)
        // Ended by itself: what it said is why.
        .then((result) => resultOf(result, served.extend({ url: z.never() })))
        .catch(reject)
        .finally(ended);
    });
  }
}

function readServed(line: string): ServedHere | undefined {
  try {
    return served.safeParse(JSON.parse(line)).data;
  } catch {
    // No line of ours.
    return undefined;
  }
}
