import { setMaxListeners } from 'node:events';
import { isDiskTrouble } from './files';
import { JournalBroken } from './journal';
import { StageClosed } from './pipeline';

/** What is thrown at a stop that is known already. */
const STOPPING: ReadonlySet<string> = new Set(['AbortError', 'TeacherError']);

/** Why a run stops before its end. */
export interface Stop {
  readonly kind: 'cancelled' | 'paused';
  /** A sentence for the person. */
  readonly reason: string | null;
}

/** The run's stop, in two steps: nothing new goes out (`quiet`), and what is under way is cut off (`cut`). */
export class Halt {
  readonly #quiet = new AbortController();
  readonly #cut = new AbortController();
  #stop: Stop | undefined;
  #error: Error | undefined;

  constructor() {
    // As many listeners as requests under way: no leak.
    setMaxListeners(0, this.#quiet.signal, this.#cut.signal);
  }

  get quiet(): AbortSignal {
    return this.#quiet.signal;
  }

  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  get stop(): Stop | undefined {
    return this.#stop;
  }

  /** An error of the program itself: the run has failed. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Nothing new goes out, what is under way may finish. The first reason counts. */
  rest(stop: Stop): void {
    this.#stop ??= stop;
    this.#quiet.abort();
  }

  /** Everything ends now. */
  end(stop: Stop): void {
    this.rest(stop);
    this.#cut.abort();
  }

  /**
   * Something was thrown where nothing should be: a disk that takes no more pauses the run, as does a broken journal; all
   * else is an error of the program, and the run has failed.
   */
  stopFor(error: unknown): void {
    if (error instanceof JournalBroken || isDiskTrouble(error)) {
      this.rest({ kind: 'paused', reason: error.message });
    } else {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** What ends an ask without being its own fault: the run stops, or must. */
  closing(stage: string, error: unknown): StageClosed {
    if (error instanceof StageClosed) return error;
    const stopping = this.quiet.aborted && error instanceof Error && STOPPING.has(error.name);
    if (!stopping) this.stopFor(error);
    return new StageClosed(stage, this.stop?.kind ?? 'paused');
  }

  fail(error: Error): void {
    this.#error ??= error;
    this.end({ kind: 'paused', reason: error.message });
  }
}
