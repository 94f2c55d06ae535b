import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { oneAttempt, promptsOf, type Wire } from './attempt';
import { type Capabilities, knownCapabilities, LearntCapabilities } from './capabilities';
import { parsed, readChatCompletion } from './chat-completion';
import { patientFetch } from './http';
import { withoutSystem } from './messages';
import { strictSchema, withDescribedSchema } from './schema';
import { deploymentOf, type Server } from './server';
import { steppingDown } from './step-down';
import type { Teacher, TeacherReply, TeacherRequest } from './teacher';
import { chatTokenBound, type TokenCount } from './tokens';

export interface ChatOptions {
  /** What the deployment is known to take; shared between teachers of one deployment. */
  readonly capabilities?: LearntCapabilities;
  /** Exact counts, for models whose tokenizer is known. */
  readonly count?: TokenCount;
}

/** OpenAI, and every server that speaks its chat completions. */
export class OpenAITeacher implements Teacher {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
  readonly #count: TokenCount | undefined;
  readonly #learnt: LearntCapabilities;
  #client: Promise<OpenAI> | undefined;

  constructor(
    private readonly server: Server,
    options: ChatOptions = {},
  ) {
    this.provider = server.provider;
    this.model = server.model;
    this.deployment = deploymentOf(server);
    this.#count = options.count;
    this.#learnt = options.capabilities ?? new LearntCapabilities(knownCapabilities(server.provider, server.model));
  }

  async complete(request: TeacherRequest, signal: AbortSignal): Promise<TeacherReply> {
    const wire = await oneAttempt(this.server, signal, promptsOf(request), async (inner) => {
      this.#client ??= openClient(this.server);
      const client = await this.#client;
      return steppingDown({ server: this.server, request }, this.#learnt, async (takes): Promise<Wire> => {
        const body = chatBody(request, this.model, takes);
        const response = await client.chat.completions.create(body, { signal: inner }).asResponse();
        return { text: await response.text(), headers: response.headers };
      });
    });
    return readChatCompletion(parsed(wire.text, this.server), wire.headers, this.server, () => ({
      input: this.inputTokenBound(request, false),
      output: request.maxTokens,
    }));
  }

  inputTokenBound(request: TeacherRequest, tight: boolean): number {
    return chatTokenBound(request, this.#learnt.current.enforces, tight ? this.#count : undefined);
  }
}

/** The body on the wire; batches send the same. */
export function chatBody(
  request: TeacherRequest,
  model: string,
  takes: Capabilities,
): ChatCompletionCreateParamsNonStreaming {
  const { schema, maxTokens, temperature, logprobs } = request;
  const described = schema && !takes.enforces;
  const messages = described ? withDescribedSchema(request.messages, schema) : request.messages;
  return {
    model,
    messages: [...(takes.system ? messages : withoutSystem(messages))],
    [takes.limit]: maxTokens,
    ...(takes.temperature && temperature !== undefined && { temperature }),
    ...seedOf(request, takes),
    ...(takes.logprobs && logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
    ...(schema && takes.structured === 'json_object' && { response_format: { type: 'json_object' } }),
    ...(schema &&
      takes.structured === 'json_schema' && {
        response_format: {
          type: 'json_schema',
          json_schema: { name: schema.name, strict: true, schema: strictSchema(schema) },
        },
      }),
  };
}

/** OpenAI calls `seed` deprecated; vLLM, Ollama and llama.cpp sample by it. */
function seedOf(request: TeacherRequest, takes: Capabilities): Record<string, number> {
  return takes.seed && request.seed !== undefined ? { seed: request.seed } : {};
}

/** SDKs are loaded when the first request is sent: they cost a cold start 100 ms. */
export async function openClient(server: Server): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    // Servers without keys ignore it, but the SDK wants one; null keeps it from reading other keys of the environment.
    apiKey: server.key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: server.baseUrl,
    maxRetries: 0,
    // Ours fires first: it covers the body as well, the SDK's only the headers.
    timeout: server.timeoutMs + 5000,
    logLevel: 'off',
    // A redirect must not carry the key to another host.
    fetch: await patientFetch(),
    fetchOptions: { redirect: 'manual' },
  });
}
