import type { OfflineTask } from './offline/tasks';

/** One turn of a chat. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A JSON schema that a reply must satisfy, in the subset that strict structured outputs accept. */
export interface ReplySchema {
  /** `^[a-zA-Z0-9_-]{1,64}$`, as providers require. */
  readonly name: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * What a teacher is asked. Everything in it except `task` is on the wire, so everything except `task` is part of the
 * request's identity in the journal.
 */
export interface TeacherRequest {
  readonly messages: readonly Message[];
  /** Hard limit on output tokens, reasoning included. The budget reserves for all of it. */
  readonly maxTokens: number;
  /** Sent only to models that take it. */
  readonly temperature?: number;
  readonly seed?: number;
  /** Ask for JSON of this shape; the server's strongest mechanism is used, see `capabilities.ts`. */
  readonly schema?: ReplySchema;
  /** Ask for this many top log-probabilities per output token, where the server has them. */
  readonly logprobs?: number;
  /** The structured twin of the prompt, for the offline teacher, which does not read prose instructions. */
  readonly task?: OfflineTask;
}

/** Tokens as billed. `cached` and `cacheWrite` are parts of `input`; `reasoning` is a part of `output`. */
export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top: readonly { readonly token: string; readonly logprob: number }[];
}

/** A whole answer. A reply exists only when something was billed (or would have been): refusals are replies too. */
export interface TeacherReply {
  readonly text: string;
  /** The raw trace of a thinking model (`reasoning_content`, `reasoning`, thinking blocks). */
  readonly reasoning?: string;
  readonly finish: 'stop' | 'length' | 'refusal' | 'filter';
  readonly usage: Usage;
  /** False when the server sent no usage and `usage` is our own upper bound. */
  readonly usageReported: boolean;
  readonly logprobs?: readonly TokenLogprob[];
  /** The provider's id of the request, for support. */
  readonly requestId?: string;
  readonly rate?: RateLimits;
}

/** What the rate-limit headers of a response said. Times are epoch milliseconds. */
export interface RateLimits {
  readonly requests?: { readonly limit?: number; readonly remaining: number; readonly resetAt?: number };
  readonly tokens?: { readonly limit?: number; readonly remaining: number; readonly resetAt?: number };
}

/**
 * Somebody who answers. Implementations make exactly one attempt: retries, pacing and budgets belong to the engine.
 * `complete` rejects with a `TeacherError` (see `errors.ts`) and with nothing else.
 */
export interface Teacher {
  /** As in `--teacher`: `deepseek`, `openai`, a declared name, `offline`. */
  readonly provider: string;
  readonly model: string;
  /** Requests with the same deployment share one limiter: provider, base URL and model. */
  readonly deployment: string;
  /** No more of its requests in flight than this, whatever the run may. */
  readonly atOnce?: number;
  complete(request: TeacherRequest, signal: AbortSignal): Promise<TeacherReply>;
  /**
   * Never less than the input tokens that the provider will bill for this request, schema and chat framing included.
   * `tight` may cost a tokenizer pass; otherwise a cheap proven bound is enough.
   */
  inputTokenBound(request: TeacherRequest, tight: boolean): number;
}

/** `openai/gpt-6-luna`: how manifests, prices and rows name a teacher. */
export function teacherName(teacher: Pick<Teacher, 'provider' | 'model'>): string {
  return `${teacher.provider}/${teacher.model}`;
}
