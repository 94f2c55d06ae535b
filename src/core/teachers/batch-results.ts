import { z } from 'zod';
import { splitLines, type Line } from '../datasets/lines';
import { wordsOf } from './attempt';
import type { BatchResult } from './batch';
import { TeacherError } from './errors';
import { connectionError, refusalError, unreadableError } from './failures';
import type { Server } from './server';
import type { TeacherReply } from './teacher';

/** The JSON values of a results file, as they stream in. */
export async function* jsonLines(response: Response, server: Server, signal: AbortSignal): AsyncGenerator {
  if (!response.body) return;
  for await (const lines of splitLines(buffers(response.body, server, signal), server.label)) {
    for (const line of lines) {
      if (line.text.trim() !== '') yield jsonOf(line, server);
    }
  }
}

function jsonOf(line: Line, server: Server): unknown {
  try {
    return JSON.parse(line.text);
  } catch {
    throw unreadableError(server, `line ${line.number} of a batch's results is cut short or broken`);
  }
}

async function* buffers(
  body: NonNullable<Response['body']>,
  server: Server,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const reader = body.getReader();
  let open = true;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      open = !done;
      if (done) return;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  } catch (error) {
    open = false;
    if (signal.aborted) throw new TeacherError('cancelled', 'Reading the results was cancelled.');
    throw connectionError(error, server);
  } finally {
    // The reader of the results stopped before their end: the connection must not stay open for it.
    if (open) await reader.cancel();
  }
}

/** The id that we gave a line. */
export function lineId(value: unknown, server: Server): string {
  const id = z.object({ custom_id: z.string() }).safeParse(value);
  if (!id.success) throw unreadableError(server, "a line of a batch's results has no custom_id");
  return id.data.custom_id;
}

/** The result of one line: what is wrong with it concerns it alone. */
export function resultOf(id: string, read: () => TeacherReply): BatchResult {
  try {
    return { id, reply: read() };
  } catch (error) {
    if (error instanceof TeacherError) return { id, error };
    throw error;
  }
}

/** What an error inside of a results file means; `status` as it would have been live. */
export function lineError(status: number, body: unknown, server: Server, requestId?: string): TeacherError {
  const words = wordsOf(body);
  return refusalError(
    {
      status,
      message: words.message ?? '',
      type: words.type ?? undefined,
      code: words.code?.toString(),
      ...(requestId !== undefined && { requestId }),
    },
    server,
    [],
  );
}

/** A line that was not worked on; the next batch will. */
export function notReached(server: Server, reason: string | null | undefined): TeacherError {
  const why = reason ? ` (${reason})` : '';
  return new TeacherError('overloaded', `${server.label} did not get to this request within its batch${why}.`);
}

/** Batches always report usage; an answer without it cannot be booked. */
export function noUsage(server: Server): never {
  throw unreadableError(server, 'a batched answer does not say what it used');
}
