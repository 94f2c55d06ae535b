import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { Completion } from 'openai/resources/completions';
import { asked, isObject, type Asked } from './asked';
import { chance } from './chance';
import { prose } from './prose';
import type { Count } from './count';
import type { Reply } from './simulation';

type Body = Readonly<Record<string, unknown>>;

/** OpenAI's and DeepSeek's chat completions, read and written. */
export function askedByChat(body: Body): Asked {
  const messages = messagesOf(body);
  const format = isObject(body.response_format) ? body.response_format : {};
  const wanted = isObject(format.json_schema) ? format.json_schema : {};
  const limit = body.max_completion_tokens ?? body.max_tokens;
  return asked({
    body,
    model: String(body.model),
    messages,
    maxTokens: typeof limit === 'number' ? limit : 4096,
    ...(isObject(wanted.schema) && { schema: wanted.schema }),
  });
}

/** What a chat request is billed for as input: its texts, four tokens of framing each, and an enforced schema. */
export function chatInput(body: Body, count: Count): number {
  const model = String(body.model);
  const messages = messagesOf(body).reduce((sum, { content }) => sum + 4 + count(content, model), 3);
  const format = isObject(body.response_format) ? body.response_format : {};
  return messages + (isObject(format.json_schema) ? count(JSON.stringify(format.json_schema), model) : 0);
}

export function messagesOf(body: Body): { role: string; content: string }[] {
  const messages: unknown = body.messages;
  if (!Array.isArray(messages)) return [];
  return messages.filter(isObject).map(({ role, content }) => ({ role: String(role), content: textOf(content) }));
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

interface Style {
  readonly reasoningField: 'reasoning_content' | 'reasoning' | undefined;
  readonly withUsage: boolean;
  readonly deepseek: boolean;
}

export function chatCompletion(body: Body, asked: Asked, reply: Reply, style: Style): unknown {
  const refused = reply.finish === 'refusal';
  const message: ChatCompletion.Choice['message'] = {
    role: 'assistant',
    content: refused ? null : reply.text,
    refusal: refused ? reply.text : null,
  };
  const completion: Omit<ChatCompletion, 'usage'> = {
    id: `chatcmpl-${asked.hash.slice(0, 24)}`,
    object: 'chat.completion',
    created: seconds(),
    model: asked.model,
    choices: [
      {
        index: 0,
        message:
          style.reasoningField && reply.reasoning ? { ...message, [style.reasoningField]: reply.reasoning } : message,
        finish_reason: reply.finish === 'length' ? 'length' : 'stop',
        logprobs: body.logprobs === true ? { content: logprobsOf(body, asked, reply.text), refusal: null } : null,
      },
    ],
  };
  return style.withUsage ? { ...completion, usage: chatUsage(reply, style.deepseek) } : completion;
}

function chatUsage({ usage }: Reply, deepseek: boolean): NonNullable<ChatCompletion['usage']> {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
    ...(deepseek && {
      prompt_cache_hit_tokens: usage.cached,
      prompt_cache_miss_tokens: usage.input - usage.cached,
    }),
  };
}

/** Server-sent events of a reply: role, pieces of text, the end, and the usage in a chunk of its own. */
export function* chatEvents(body: Body, asked: Asked, reply: Reply, style: Style): Generator<string> {
  const options = isObject(body.stream_options) ? body.stream_options : {};
  const base = {
    id: `chatcmpl-${asked.hash.slice(0, 24)}`,
    object: 'chat.completion.chunk',
    created: seconds(),
    model: asked.model,
  } as const satisfies Partial<ChatCompletionChunk>;
  const chunk = (delta: ChatCompletionChunk.Choice.Delta, finish: 'stop' | 'length' | null): string =>
    event({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });
  yield chunk({ role: 'assistant', content: '' }, null);
  if (style.reasoningField && reply.reasoning) {
    const delta: Record<string, string> = { [style.reasoningField]: reply.reasoning };
    yield event({ ...base, choices: [{ index: 0, delta, finish_reason: null }] });
  }
  const field = reply.finish === 'refusal' ? 'refusal' : 'content';
  for (const piece of pieces(reply.text)) yield chunk({ [field]: piece }, null);
  yield chunk({}, reply.finish === 'length' ? 'length' : 'stop');
  if (options.include_usage === true) yield event({ ...base, choices: [], usage: chatUsage(reply, style.deepseek) });
  yield 'data: [DONE]\n\n';
}

export function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** Some twenty characters at a time. */
export function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,20}/g) ?? [];
}

function logprobsOf(body: Body, asked: Asked, text: string) {
  const wanted = typeof body.top_logprobs === 'number' ? body.top_logprobs : 0;
  return tokensOf(text).map((token, at) => {
    const logprob = -chance(asked.hash, 'logprob', at);
    const others = Array.from({ length: Math.max(0, wanted - 1) }, (_, rank) => ({
      token: `${token}${rank + 1}`,
      logprob: logprob - 1 - rank,
      bytes: null,
    }));
    const top_logprobs = wanted > 0 ? [{ token, logprob, bytes: null }, ...others] : [];
    return { token, logprob, bytes: null, top_logprobs };
  });
}

function tokensOf(text: string): string[] {
  return text.match(/\s?\S+|\s+/g) ?? [];
}

/** `/v1/completions` of a base model: it goes on writing, or puts its weight on a label. */
export function completion(body: Body, count: Count): { reply: Completion; usage: { input: number; output: number } } {
  const prompt = String(body.prompt);
  const model = String(body.model);
  const hash = asked({ body, model, messages: [], maxTokens: 0 }).hash;
  const limit = typeof body.max_tokens === 'number' ? body.max_tokens : 16;
  const wanted = typeof body.logprobs === 'number' ? body.logprobs : 0;
  const labels = /\b([A-Z])\s*(?:\/|or|,)\s*([A-Z])\b/.exec(prompt.slice(-600));
  const choices = Array.from({ length: typeof body.n === 'number' ? body.n : 1 }, (_, index) => {
    const judged = limit === 1 && wanted > 0;
    const approves = chance(hash, 'label', index) < 0.8;
    const [, first = 'A', second = 'B'] = labels ?? [];
    const margin = 0.5 + 3 * chance(hash, 'margin', index);
    const full = judged ? ` ${approves ? first : second}` : ` ${prose(`${hash}/${index}`, prompt, 6)}`;
    const stopped = stopAt(full, body.stop);
    const tokens = tokensOf(stopped.text).slice(0, limit);
    const text = tokens.join('');
    const top = judged
      ? [{ [` ${first}`]: approves ? -0.1 : -0.1 - margin, [` ${second}`]: approves ? -0.1 - margin : -0.1 }]
      : tokens.map((token, at) => ({ [token]: -chance(hash, index, at) }));
    return {
      index,
      text,
      finish_reason: !judged && text.length < stopped.text.length ? ('length' as const) : ('stop' as const),
      logprobs:
        wanted > 0
          ? { tokens, token_logprobs: top.map((one) => Math.max(...Object.values(one))), top_logprobs: top }
          : null,
    };
  });
  const usage = {
    input: count(prompt, model),
    output: choices.reduce((sum, choice) => sum + Math.min(limit, count(choice.text, model)), 0),
  };
  const reply: Completion = {
    id: `cmpl-${hash.slice(0, 24)}`,
    object: 'text_completion',
    created: seconds(),
    model,
    choices,
    usage: {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
    },
  };
  return { reply, usage };
}

function stopAt(text: string, stop: unknown): { text: string } {
  const stops = (Array.isArray(stop) ? stop : [stop]).filter((one) => typeof one === 'string' && one !== '');
  const ends = stops.map((one) => text.indexOf(String(one))).filter((at) => at >= 0);
  return { text: ends.length > 0 ? text.slice(0, Math.min(...ends)) : text };
}

export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
