import { z } from 'zod';
import { wordsOf } from './attempt';
import type { TeacherError } from './errors';
import { refusalError, unreadableError } from './failures';
import { rateLimits, type HeaderReader } from './rate-limits';
import type { Server } from './server';
import type { TeacherReply, TokenLogprob, Usage } from './teacher';

const count = z.number().int().nonnegative();

const usageBody = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count.nullish(), cache_write_tokens: count.nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count.nullish() }).nullish(),
  /** DeepSeek's own name of cached tokens. */
  prompt_cache_hit_tokens: count.nullish(),
});

const logprob = z.object({ token: z.string(), logprob: z.number() });

/** What is read of a chat completion; compatible servers leave out the rest, and some of this. */
const completionBody = z.object({
  id: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          /** DeepSeek, llama.cpp, older vLLM. */
          reasoning_content: z.string().nullish(),
          /** Ollama, vLLM, OpenRouter. */
          reasoning: z.string().nullish(),
        }),
        logprobs: z
          .object({ content: z.array(logprob.extend({ top_logprobs: z.array(logprob).nullish() })).nullish() })
          .nullish(),
      }),
    )
    .min(1),
  usage: usageBody.nullish(),
});

/** Tokens to assume where a server reports none: never fewer than were used. */
export type AssumedUsage = () => { readonly input: number; readonly output: number };

/** @throws TeacherError `network` when the body is not a chat completion. */
export function readChatCompletion(
  json: unknown,
  headers: HeaderReader | undefined,
  server: Server,
  assumed: AssumedUsage,
): TeacherReply {
  const body = completionBody.safeParse(json);
  const choice = body.data?.choices[0];
  if (!body.success || !choice)
    throw errorInBody(json, server) ?? unreadableError(server, 'it is not a chat completion');
  const { message } = choice;
  const reasoning = message.reasoning_content ?? message.reasoning;
  const rate = headers && rateLimits(headers, 'openai');
  const requestId = headers?.get('x-request-id') ?? body.data.id;
  const logprobs = choice.logprobs?.content?.map(tokenLogprob);
  return {
    text: message.content ?? message.refusal ?? '',
    ...(reasoning && { reasoning }),
    finish: finishOf(choice.finish_reason, Boolean(message.refusal)),
    usage: body.data.usage ? usageOf(body.data.usage) : unreportedUsage(assumed()),
    usageReported: Boolean(body.data.usage),
    ...(logprobs && { logprobs }),
    ...(requestId && { requestId }),
    ...(rate && { rate }),
  };
}

/** Gateways (OpenRouter) report what went wrong behind them under HTTP 200. */
function errorInBody(json: unknown, server: Server): TeacherError | undefined {
  const body = z.object({ error: z.looseObject({}) }).safeParse(json);
  if (!body.success) return undefined;
  const { message = '', code } = wordsOf(json);
  const status = typeof code === 'number' && code >= 400 ? code : 502;
  return refusalError({ status, message, code: code?.toString() }, server, []);
}

/** Leading blank lines (DeepSeek's keep-alive of a waiting connection) are white space to JSON. */
export function parsed(text: string, server: Server): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadableError(server, text.trim() === '' ? 'it is empty' : 'its JSON is cut short or broken');
  }
}

export function unreportedUsage({ input, output }: ReturnType<AssumedUsage>): Usage {
  return { input, cached: 0, cacheWrite: 0, output, reasoning: 0 };
}

function usageOf(usage: z.infer<typeof usageBody>): Usage {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0;
  return {
    input: usage.prompt_tokens,
    cached: Math.min(cached, usage.prompt_tokens),
    cacheWrite: Math.min(usage.prompt_tokens_details?.cache_write_tokens ?? 0, usage.prompt_tokens),
    output: usage.completion_tokens,
    reasoning: Math.min(usage.completion_tokens_details?.reasoning_tokens ?? 0, usage.completion_tokens),
  };
}

function finishOf(reason: string | null | undefined, refused: boolean): TeacherReply['finish'] {
  if (refused) return 'refusal';
  switch (reason) {
    case 'length':
    // DeepSeek ran out of machines in the middle of an answer: what is there is cut short, and billed.
    case 'insufficient_system_resource':
      return 'length';
    case 'content_filter':
      return 'filter';
    default:
      return 'stop';
  }
}

function tokenLogprob(entry: {
  token: string;
  logprob: number;
  top_logprobs?: { token: string; logprob: number }[] | null | undefined;
}): TokenLogprob {
  return { token: entry.token, logprob: entry.logprob, top: entry.top_logprobs ?? [] };
}
