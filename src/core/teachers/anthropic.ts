import type { Anthropic } from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import { z } from 'zod';
import { oneAttempt, promptsOf, type Wire } from './attempt';
import { type Capabilities, knownCapabilities, LearntCapabilities } from './capabilities';
import { parsed, unreportedUsage, type AssumedUsage } from './chat-completion';
import { unreadableError } from './failures';
import { rateLimits, type HeaderReader } from './rate-limits';
import { patientFetch } from './http';
import { strictSchema, withDescribedSchema } from './schema';
import { deploymentOf, type Server } from './server';
import { steppingDown } from './step-down';
import type { Teacher, TeacherReply, TeacherRequest, Usage } from './teacher';
import { chatTokenBound } from './tokens';

/** Anthropic's Messages API (version 2026-10-21: no temperature), and servers that speak it. */
export class AnthropicTeacher implements Teacher {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
  readonly #learnt: LearntCapabilities;
  #client: Promise<Anthropic> | undefined;

  constructor(
    private readonly server: Server,
    options: { readonly capabilities?: LearntCapabilities } = {},
  ) {
    this.provider = server.provider;
    this.model = server.model;
    this.deployment = deploymentOf(server);
    this.#learnt = options.capabilities ?? new LearntCapabilities(knownCapabilities('anthropic', server.model));
  }

  async complete(request: TeacherRequest, signal: AbortSignal): Promise<TeacherReply> {
    const wire = await oneAttempt(this.server, signal, promptsOf(request), async (inner) => {
      this.#client ??= openAnthropic(this.server);
      const client = await this.#client;
      // From a schema that is enforced, through the JSON mode that Anthropic does not have, to the prompt alone.
      const ask = { server: this.server, request, only: ['schema'] } as const;
      return steppingDown(ask, this.#learnt, async (takes): Promise<Wire> => {
        const body = messageBody(request, this.model, takes);
        const response = await client.messages.create(body, { signal: inner }).asResponse();
        return { text: await response.text(), headers: response.headers };
      });
    });
    return readMessage(parsed(wire.text, this.server), wire.headers, this.server, () => ({
      input: this.inputTokenBound(request),
      output: request.maxTokens,
    }));
  }

  /** Anthropic's tokenizer is not public: the proven bound is the only one. */
  inputTokenBound(request: TeacherRequest): number {
    return chatTokenBound(request, this.#learnt.current.enforces);
  }
}

/** The body on the wire; batches send the same. */
export function messageBody(
  request: TeacherRequest,
  model: string,
  takes: Capabilities,
): MessageCreateParamsNonStreaming {
  const { schema, maxTokens } = request;
  const described = schema && !takes.enforces ? withDescribedSchema(request.messages, schema) : request.messages;
  const system = described.filter((message) => message.role === 'system').map((message) => message.content);
  return {
    model,
    max_tokens: maxTokens,
    ...(system.length > 0 && { system: system.join('\n\n') }),
    messages: described.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }])),
    ...(schema &&
      takes.structured === 'json_schema' && {
        output_config: { format: { type: 'json_schema', schema: strictSchema(schema) } },
      }),
  };
}

const count = z.number().int().nonnegative();

const messageSchema = z.object({
  id: z.string().nullish(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional(), thinking: z.string().optional() })),
  stop_reason: z.string().nullish(),
  usage: z
    .object({
      input_tokens: count,
      cache_creation_input_tokens: count.nullish(),
      cache_read_input_tokens: count.nullish(),
      output_tokens: count,
      output_tokens_details: z.object({ thinking_tokens: count.nullish() }).nullish(),
    })
    .nullish(),
});

/** @throws TeacherError `network` when the body is not a message. */
export function readMessage(
  body: unknown,
  headers: HeaderReader | undefined,
  server: Server,
  assumed: AssumedUsage,
): TeacherReply {
  const message = messageSchema.safeParse(body);
  if (!message.success) throw unreadableError(server, 'it is not a message');
  const { content, usage, stop_reason: stop } = message.data;
  const reasoning = content.map((block) => block.thinking ?? '').join('');
  const rate = headers && rateLimits(headers, 'anthropic');
  const requestId = headers?.get('request-id') ?? message.data.id;
  return {
    text: content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join(''),
    ...(reasoning && { reasoning }),
    finish: finishOf(stop),
    usage: usage ? usageOf(usage) : unreportedUsage(assumed()),
    usageReported: Boolean(usage),
    ...(requestId && { requestId }),
    ...(rate && { rate }),
  };
}

/** Anthropic's `input_tokens` leaves out what was read from or written to the cache; ours is the whole input. */
function usageOf(usage: NonNullable<z.infer<typeof messageSchema>['usage']>): Usage {
  const cached = usage.cache_read_input_tokens ?? 0;
  const cacheWrite = usage.cache_creation_input_tokens ?? 0;
  return {
    input: usage.input_tokens + cached + cacheWrite,
    cached,
    cacheWrite,
    output: usage.output_tokens,
    reasoning: Math.min(usage.output_tokens_details?.thinking_tokens ?? 0, usage.output_tokens),
  };
}

function finishOf(stop: string | null | undefined): TeacherReply['finish'] {
  if (stop === 'refusal') return 'refusal';
  return stop === 'max_tokens' || stop === 'model_context_window_exceeded' ? 'length' : 'stop';
}

export async function openAnthropic(server: Server): Promise<Anthropic> {
  const { Anthropic } = await import('@anthropic-ai/sdk');
  return new Anthropic({
    apiKey: server.key ?? 'none',
    webhookKey: null,
    baseURL: server.baseUrl,
    maxRetries: 0,
    timeout: server.timeoutMs + 5000,
    logLevel: 'off',
    fetch: await patientFetch(),
    fetchOptions: { redirect: 'manual' },
  });
}
