import type { TeacherRequest } from './teacher';

/** What a deployment takes. Known for known models, configured for declared ones, learnt from its 400s elsewhere. */
export interface Capabilities {
  /** The strongest way to ask for JSON of a shape. */
  readonly structured: 'json_schema' | 'json_object' | 'prompt';
  /** The server is known to enforce schemas; otherwise the shape is described in the prompt as well. */
  readonly enforces: boolean;
  readonly limit: 'max_completion_tokens' | 'max_tokens';
  readonly temperature: boolean;
  readonly seed: boolean;
  readonly logprobs: boolean;
  /** Some chat templates know no system message: it then leads the first user message. */
  readonly system: boolean;
}

/** Of an unknown server: everything, until it says otherwise. `max_tokens` is what all of them read. */
const UNKNOWN: Capabilities = {
  structured: 'json_schema',
  enforces: false,
  limit: 'max_tokens',
  temperature: true,
  seed: true,
  logprobs: true,
  system: true,
};

/** facts/apis.md 3.1, 3.2, 3.3. First match wins. */
const KNOWN: readonly (readonly [provider: string, model: RegExp, known: Partial<Capabilities>])[] = [
  // Reasoning models: temperature only without reasoning effort, which we leave at the model's default.
  ['openai', /^(?:o\d|gpt-[56])/, { enforces: true, limit: 'max_completion_tokens', temperature: false }],
  // Only OpenAI's own names: with OPENAI_BASE_URL moved, anything may answer (Ollama ignores max_completion_tokens).
  ['openai', /^(?:ft:)?(?:gpt-\d|chatgpt-|o\d)/, { enforces: true, limit: 'max_completion_tokens' }],
  // Thinking is on by default, and temperature and logprobs mean nothing then. JSON schemas are not documented.
  ['deepseek', /./, { structured: 'json_object', temperature: false, seed: false, logprobs: false }],
  // The API version of SDK 1.x refuses temperature, top_p and top_k.
  ['anthropic', /./, { enforces: true, temperature: false, seed: false, logprobs: false }],
];

export function knownCapabilities(provider: string, model: string): Capabilities {
  const known = KNOWN.find(([name, pattern]) => name === provider && pattern.test(model))?.[2];
  return { ...UNKNOWN, ...known };
}

/** What one deployment turned out to take; shared by the requests in flight. */
export class LearntCapabilities {
  constructor(private known: Capabilities) {}

  get current(): Capabilities {
    return this.known;
  }

  /**
   * Steps down from `used` because a server refused `parameter`. False when there is nothing to step down to: the 400
   * was about something else. Requests that were in flight together step down once: whoever comes later finds the step
   * done and asks again.
   */
  stepDown(used: Capabilities, parameter: Parameter): boolean {
    const lower = lowered(used, parameter);
    if (!lower) return false;
    if (this.known === used) this.known = { ...used, ...lower };
    return true;
  }
}

export type Parameter = 'schema' | 'limit' | 'temperature' | 'seed' | 'logprobs' | 'system';

const NAMED: readonly (readonly [RegExp, Parameter])[] = [
  [/response_format|json_schema|json_object|output_config|structured.?output|guided|grammar/i, 'schema'],
  [/max_completion_tokens|max_tokens/i, 'limit'],
  [/temperature/i, 'temperature'],
  [/\bseed\b/i, 'seed'],
  [/logprobs/i, 'logprobs'],
  [/system (?:role|message|prompt)|role.{0,20}system|roles must alternate/i, 'system'],
];

/** Which of our parameters a 400 is about: by its `param`, else by its words. */
export function refusedParameter(param: string | undefined, message: string): Parameter | undefined {
  for (const text of [param ?? '', message]) {
    const named = NAMED.find(([pattern]) => pattern.test(text))?.[1];
    if (named) return named;
  }
  return undefined;
}

function lowered(used: Capabilities, parameter: Parameter): Partial<Capabilities> | undefined {
  switch (parameter) {
    case 'schema':
      if (used.structured === 'json_schema') return { structured: 'json_object', enforces: false };
      return used.structured === 'json_object' ? { structured: 'prompt', enforces: false } : undefined;
    case 'limit':
      return { limit: used.limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens' };
    case 'temperature':
    case 'seed':
    case 'logprobs':
    case 'system':
      return used[parameter] ? { [parameter]: false } : undefined;
  }
}

/** Whether a request makes use of a parameter at all: a 400 that names another one is not about it. */
export function isSent(parameter: Parameter, request: TeacherRequest): boolean {
  switch (parameter) {
    case 'limit':
      return true;
    case 'system':
      return request.schema !== undefined || request.messages.some((message) => message.role === 'system');
    case 'schema':
    case 'temperature':
    case 'seed':
    case 'logprobs':
      return request[parameter] !== undefined;
  }
}
