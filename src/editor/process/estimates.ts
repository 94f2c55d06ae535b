import { z } from 'zod';
import type { Cli, CliCall } from './cli';
import { resultOf } from './result';

const stageEstimate = z.object({
  name: z.string(),
  teacher: z.string(),
  high_usd: z.number(),
  requests: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
});
/** `--estimate-only --json` (spec page 6). */
const printed = z.object({
  estimate: z.object({
    low_usd: z.number(),
    likely_usd: z.number(),
    high_usd: z.number(),
    requests: z.number(),
    input_tokens: z.number(),
    output_tokens: z.number(),
    stages: z.array(stageEstimate),
  }),
});
export type Estimate = z.infer<typeof printed>['estimate'];

/** Pending, known, or refused with a sentence. */
export type Estimated =
  | { readonly state: 'pending' }
  | { readonly state: 'known'; readonly estimate: Estimate }
  | { readonly state: 'refused'; readonly error: Error };

/** At most this many processes count tokens at once. */
const atOnce = 2;

/**
 * What a run would cost, asked of the command line for each choice once; nothing is sent to a teacher. Ends its
 * processes when disposed of.
 */
export class Estimates implements Disposable {
  readonly #known = new Map<string, Estimated>();
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #end = new AbortController();
  #active = 0;

  constructor(
    private readonly cli: Cli,
    /** The call for these arguments, keys included, at the time it is made. */
    private readonly call: (args: readonly string[]) => Promise<CliCall>,
  ) {}

  /** The estimate for these arguments as far as it is known; asks for it when it was not asked for yet. */
  get(args: readonly string[]): Estimated {
    const key = JSON.stringify(args);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const pending: Estimated = { state: 'pending' };
    this.#known.set(key, pending);
    this.#waiting.push(async () => {
      this.#known.set(key, await this.#estimate(args));
      for (const listener of this.#listeners) listener();
    });
    this.#next();
    return pending;
  }

  get busy(): boolean {
    return [...this.#known.values()].some(({ state }) => state === 'pending');
  }

  onChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#waiting.length = 0;
    this.#end.abort();
  }

  async #estimate(args: readonly string[]): Promise<Estimated> {
    try {
      const result = await this.cli.run(
        await this.call([...args, '--estimate-only', '--json', '--quiet']),
        this.#end.signal,
      );
      return { state: 'known', estimate: resultOf(result, printed).estimate };
    } catch (error) {
      return { state: 'refused', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  #next(): void {
    while (this.#active < atOnce) {
      const task = this.#waiting.shift();
      if (task === undefined) return;
      this.#active += 1;
      void task().finally(() => {
        this.#active -= 1;
        this.#next();
      });
    }
  }
}
