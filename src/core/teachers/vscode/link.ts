import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { TeacherError } from '../errors';
import type { Message } from '../teacher';
import { modelAnswer, type ModelAnswer, type ModelRequest } from './wire';

interface Waiting {
  readonly resolve: (answer: ModelAnswer) => void;
  readonly reject: (error: TeacherError) => void;
}

/** The run's end of the pipe to the window that started it: requests go out, answers come back in any order. */
export class EditorLink {
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #gone: TeacherError | undefined;

  constructor(private readonly pipe: Duplex) {
    // What breaks it also closes it.
    pipe.on('error', () => undefined);
    void this.#listen();
  }

  /** @throws TeacherError `not_found` when the window has closed, `cancelled` when `signal` says so. */
  async ask(model: string, messages: readonly Message[], signal: AbortSignal): Promise<ModelAnswer> {
    if (this.#gone) throw this.#gone;
    this.#next += 1;
    const id = this.#next;
    const answer = new Promise<ModelAnswer>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const cancel = (): void => {
      this.#send({ id, cancel: true });
      this.#waiting.get(id)?.reject(new TeacherError('cancelled', 'The request was cancelled.'));
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      this.#send({ id, model, messages: messages.map(({ role, content }) => ({ role, content })) });
      return await answer;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#waiting.delete(id);
    }
  }

  #send(request: ModelRequest): void {
    this.pipe.write(`${JSON.stringify(request)}\n`);
  }

  async #listen(): Promise<void> {
    const lines = createInterface({ input: this.pipe, crlfDelay: Infinity });
    this.pipe.once('close', () => lines.close());
    try {
      for await (const line of lines) {
        const answer = modelAnswer.parse(JSON.parse(line));
        this.#waiting.get(answer.id)?.resolve(answer);
      }
    } finally {
      this.pipe.destroy();
      this.#close();
    }
  }

  #close(): void {
    this.#gone = windowGone();
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
  }
}

export function windowGone(cause?: unknown): TeacherError {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return new TeacherError(
    'not_found',
    `The window that asked VS Code’s models for this run has closed${why}. Resume the run there to go on.`,
  );
}
