import type { Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { asked, isObject, type Asked } from './asked';
import { messagesOf, pieces } from './chat';
import type { Count } from './count';
import type { Reply } from './simulation';

type Body = Readonly<Record<string, unknown>>;

/** Anthropic's Messages API, read and written. */
export function askedByMessages(body: Body): Asked {
  const output = isObject(body.output_config) ? body.output_config : {};
  const format = isObject(output.format) ? output.format : {};
  const schema = isObject(format.schema) ? format.schema : forcedTool(body)?.schema;
  return asked({
    body,
    model: String(body.model),
    messages: allMessages(body),
    maxTokens: typeof body.max_tokens === 'number' ? body.max_tokens : 1024,
    ...(schema && { schema }),
  });
}

export function messagesInput(body: Body, count: Count): number {
  const model = String(body.model);
  const texts = allMessages(body).reduce((sum, { content }) => sum + 4 + count(content, model), 3);
  const shapes = [body.output_config, body.tools].filter((shape) => shape !== undefined);
  return texts + shapes.reduce<number>((sum, shape) => sum + count(JSON.stringify(shape), model), 0);
}

function allMessages(body: Body): { role: string; content: string }[] {
  const [system] = messagesOf({ messages: [{ role: 'system', content: body.system }] });
  return [...(system?.content ? [system] : []), ...messagesOf(body)];
}

function forcedTool(body: Body): { name: string; schema: Readonly<Record<string, unknown>> } | undefined {
  const tools: unknown = body.tools;
  const [tool] = Array.isArray(tools) ? tools.filter(isObject) : [];
  if (!tool || !isObject(tool.input_schema)) return undefined;
  return { name: String(tool.name), schema: tool.input_schema };
}

export function message(body: Body, asked: Asked, reply: Reply, tier: 'standard' | 'batch' = 'standard'): Message {
  const { usage } = reply;
  return {
    id: `msg_${asked.hash.slice(0, 24)}`,
    type: 'message',
    role: 'assistant',
    model: asked.model,
    content: contentOf(body, asked, reply),
    stop_reason: stopReason(reply),
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: {
      input_tokens: usage.input - usage.cached - usage.cacheWrite,
      cache_creation_input_tokens: usage.cacheWrite,
      cache_read_input_tokens: usage.cached,
      cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { thinking_tokens: usage.reasoning },
      server_tool_use: null,
      service_tier: tier,
      inference_geo: null,
      speed: null,
    },
  };
}

function stopReason(reply: Reply): Message['stop_reason'] {
  if (reply.finish === 'refusal') return 'refusal';
  return reply.finish === 'length' ? 'max_tokens' : 'end_turn';
}

function contentOf(body: Body, asked: Asked, reply: Reply): Message['content'] {
  if (reply.finish === 'refusal') return [];
  const tool = forcedTool(body);
  if (tool && isJson(reply.text))
    return [
      {
        type: 'tool_use',
        id: `toolu_${asked.hash.slice(0, 24)}`,
        name: tool.name,
        input: JSON.parse(reply.text) as unknown,
        caller: { type: 'direct' },
      },
    ];
  const thinking: Message['content'] = reply.reasoning
    ? [{ type: 'thinking', thinking: reply.reasoning, signature: asked.hash }]
    : [];
  return [...thinking, { type: 'text', text: reply.text, citations: null }];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The named events of a streamed message. */
export function* messageEvents(whole: Message): Generator<string> {
  const usage = { ...whole.usage, output_tokens: 1 };
  yield named({ type: 'message_start', message: { ...whole, content: [], stop_reason: null, usage } });
  yield 'event: ping\ndata: {"type": "ping"}\n\n';
  for (const [index, block] of whole.content.entries()) {
    if (block.type !== 'text') continue;
    yield named({ type: 'content_block_start', index, content_block: { type: 'text', text: '', citations: null } });
    for (const text of pieces(block.text))
      yield named({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } });
    yield named({ type: 'content_block_stop', index });
  }
  yield named({
    type: 'message_delta',
    delta: { stop_reason: whole.stop_reason, stop_sequence: null, stop_details: null, container: null },
    usage: {
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
      cache_creation_input_tokens: whole.usage.cache_creation_input_tokens,
      cache_read_input_tokens: whole.usage.cache_read_input_tokens,
      output_tokens_details: whole.usage.output_tokens_details,
      server_tool_use: null,
    },
  });
  yield named({ type: 'message_stop' });
}

function named(data: RawMessageStreamEvent): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
