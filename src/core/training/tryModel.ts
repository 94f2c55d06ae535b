import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { z } from 'zod';
import { oneAttempt, promptsOf } from '../teachers/attempt';
import { knownCapabilities, LearntCapabilities } from '../teachers/capabilities';
import { unreadableError } from '../teachers/failures';
import { chatBody, openClient } from '../teachers/openai';
import type { Server } from '../teachers/server';
import { steppingDown } from '../teachers/step-down';
import type { TeacherRequest } from '../teachers/teacher';

/** One answer of a model that is tried out. */
export interface TriedAnswer {
  readonly text: string;
  /** The limit of tokens cut it. */
  readonly cut: boolean;
  /** As the server counted; null where it does not say. */
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** Until the first piece of the answer, thinking included. */
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
}

/** What compatible servers put beside OpenAI's own fields while a model thinks. */
const thinking = z.object({ reasoning_content: z.string().nullish(), reasoning: z.string().nullish() });

/**
 * Asks a model on any OpenAI-compatible server and tells the answer as it grows, whole each time.
 * @throws {TeacherError} in words, whatever went wrong
 */
export async function tryModel(
  server: Server,
  request: TeacherRequest,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<TriedAnswer> {
  const began = performance.now();
  return oneAttempt(server, signal, promptsOf(request), async (inner) => {
    const stream = await opened(server, request, inner);
    let text = '';
    let cut = false;
    let tokens: TriedAnswer['tokens'] = null;
    let firstTokenMs: number | null = null;
    let ended = false;
    for await (const chunk of stream) {
      const piece = pieceOf(chunk);
      if (piece.said) firstTokenMs ??= performance.now() - began;
      if (piece.text !== '') onText((text += piece.text));
      ended ||= piece.finish !== null;
      cut ||= piece.finish === 'length';
      tokens = piece.tokens ?? tokens;
    }
    inner.throwIfAborted();
    // The SDK takes a stream that just stops for a whole one.
    if (!ended) throw unreadableError(server, 'it ends in the middle');
    return { text, cut, tokens, firstTokenMs, totalMs: performance.now() - began };
  });
}

async function opened(
  server: Server,
  request: TeacherRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<ChatCompletionChunk>> {
  const client = await openClient(server);
  const learnt = new LearntCapabilities(knownCapabilities(server.provider, server.model));
  return steppingDown({ server, request }, learnt, (takes) =>
    client.chat.completions.create(
      { ...chatBody(request, server.model, takes), stream: true, stream_options: { include_usage: true } },
      { signal },
    ),
  );
}

function pieceOf({ choices, usage }: ChatCompletionChunk): {
  text: string;
  said: boolean;
  finish: string | null;
  tokens: TriedAnswer['tokens'];
} {
  // The last chunk holds the usage and no choice.
  const [choice] = choices;
  const text = choice?.delta.content ?? choice?.delta.refusal ?? '';
  const thought = thinking.safeParse(choice?.delta).data;
  return {
    text,
    said: text !== '' || Boolean(thought?.reasoning_content ?? thought?.reasoning),
    finish: choice?.finish_reason ?? null,
    tokens: usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : null,
  };
}
