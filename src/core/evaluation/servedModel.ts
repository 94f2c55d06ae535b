import { TeacherError } from '../teachers/errors';
import { OpenAITeacher } from '../teachers/openai';
import { DEFAULT_TIMEOUT_MS, type Server } from '../teachers/server';
import type { Teacher, TeacherReply, TeacherRequest } from '../teachers/teacher';
import { chatTokenBound } from '../teachers/tokens';
import { serveJob } from '../training/serve';

/** Its provider, in manifests and prices: it costs nothing. */
export const servedProvider = 'job';

/** A job's own model, or the one that it was trained from: served on this machine from its first question on. */
export class ServedModel implements Teacher {
  readonly provider = servedProvider;
  readonly model: string;
  readonly deployment: string;
  #serving: Promise<Teacher & { readonly server: Server }> | undefined;

  constructor(
    name: string,
    private readonly folder: string,
    private readonly isBase: boolean,
    private readonly options: { readonly end: AbortSignal; readonly timeoutMs?: number },
  ) {
    this.model = isBase ? `${name}-base` : name;
    this.deployment = `${servedProvider}#${folder}#${this.model}`;
  }

  async complete(request: TeacherRequest, signal: AbortSignal): Promise<TeacherReply> {
    const teacher = await unless(signal, this.#served());
    return teacher.complete(request, signal);
  }

  /** Where it answers, once it does. Rejects with a `TeacherError` that concerns every question. */
  async server(): Promise<Server> {
    return (await this.#served()).server;
  }

  inputTokenBound(request: TeacherRequest): number {
    return chatTokenBound(request, false);
  }

  #served(): Promise<Teacher & { readonly server: Server }> {
    this.#serving ??= new Promise((resolve, reject) => {
      const { end, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
      const onReady = ({ url, model = this.model }: { url: string; model?: string | undefined }) => {
        const server = { provider: servedProvider, label: this.model, baseUrl: url, model, timeoutMs };
        resolve(Object.assign(new OpenAITeacher(server), { server }));
      };
      serveJob(this.folder, this.isBase, { port: 0, signal: end, onReady }).then(
        () => reject(new TeacherError('cancelled', `${this.model} is served no more.`)),
        (error: unknown) =>
          reject(new TeacherError('not_found', error instanceof Error ? error.message : String(error))),
      );
    });
    return this.#serving;
  }
}

/** What the work gives, or that it was given up meanwhile: loading a model takes long. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const cancelled = () => new TeacherError('cancelled', 'The request was cancelled.');
  if (signal.aborted) throw cancelled();
  const given = new AbortController();
  const left = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(cancelled()), { once: true, signal: given.signal });
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    given.abort();
  }
}
