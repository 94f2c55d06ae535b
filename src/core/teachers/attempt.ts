import { z } from 'zod';
import { DeadlineExceeded, withDeadline } from './deadline';
import { TeacherError } from './errors';
import { connectionError, refusalError, timeoutError, type Refusal } from './failures';
import type { HeaderReader } from './rate-limits';
import type { Server } from './server';
import type { TeacherRequest } from './teacher';

/** An answer as it came: its body unread. */
export interface Wire {
  readonly text: string;
  readonly headers: HeaderReader;
}

/** Runs one attempt under the server's timeout; whatever goes wrong in it leaves as a `TeacherError`. */
export async function oneAttempt<T>(
  server: Server,
  signal: AbortSignal,
  prompts: readonly string[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let sent = false;
  try {
    return await withDeadline(signal, server.timeoutMs, (inner) => {
      sent = true;
      return work(inner);
    });
  } catch (error) {
    if (error instanceof TeacherError) throw error;
    if (signal.aborted) throw new TeacherError('cancelled', 'The request was cancelled.', { maybeBilled: sent });
    if (error instanceof DeadlineExceeded) throw timeoutError(server);
    const refusal = refusalOf(error);
    throw refusal ? refusalError(refusal, server, prompts) : connectionError(error, server);
  }
}

/** The texts of a request, none of which may be quoted back in an error. */
export function promptsOf(request: TeacherRequest): string[] {
  return request.messages.map((message) => message.content);
}

/** What the SDKs' `APIError`s have in common, told by shape: two SDKs, two classes, one wire. */
const apiError = z.object({
  status: z.number(),
  message: z.string(),
  error: z.unknown().optional(),
  requestID: z.string().nullish(),
  headers: z.custom<HeaderReader>(isHeaderReader).optional(),
});

function isHeaderReader(value: unknown): value is HeaderReader {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function';
}

const words = z.object({
  message: z.string().optional(),
  type: z.string().nullish(),
  param: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
});
/** OpenAI's (unwrapped by its SDK), Anthropic's (wrapped), Ollama's native and FastAPI's. */
const errorBody = z.union([
  z.object({ error: words }).transform((body) => body.error),
  z.object({ error: z.string() }).transform((body) => ({ message: body.error })),
  z.object({ detail: z.string() }).transform((body) => ({ message: body.detail })),
  words,
]);

/** What an error's body says, whoever wrote it. */
export function wordsOf(body: unknown): z.infer<typeof words> {
  return errorBody.safeParse(body).data ?? {};
}

/** The provider's refusal in an SDK's error; undefined when no HTTP answer arrived. */
export function refusalOf(error: unknown): (Refusal & { readonly param?: string | undefined }) | undefined {
  if (!(error instanceof Error)) return undefined;
  const api = apiError.safeParse(error);
  if (!api.success) return undefined;
  const body = wordsOf(api.data.error);
  return {
    status: api.data.status,
    message: body.message ?? api.data.message,
    type: body.type ?? undefined,
    param: body.param ?? undefined,
    code: body.code?.toString(),
    headers: api.data.headers,
    requestId: api.data.requestID ?? undefined,
  };
}
