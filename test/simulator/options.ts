import { z } from 'zod';

/** What can go wrong, each at its own rate in 0..1. */
export const FAULTS = [
  /** 429 with `retry-after`, 429 without. */
  'rate_limit',
  'rate_limit_bare',
  'server_error',
  'overloaded',
  /** The connection is cut before any answer (not billed), in the middle of one (billed). */
  'reset',
  'cut',
  /** No answer until the client gives up. Not billed. */
  'hang',
  'unauthorized',
  'no_credit',
  /** Answers that are billed and of no use. */
  'truncated',
  'empty',
  'refusal',
  'wrong_schema',
] as const;
export type FaultName = (typeof FAULTS)[number];

export type FaultRates = Readonly<Partial<Record<FaultName, number | undefined>>>;

/** A token bucket over all requests: `perSecond` are let through, `burst` at once; the rest get a 429. */
export interface Capacity {
  readonly perSecond: number;
  readonly burst: number;
  /** Whether a 429 says how long to wait, and every answer what remains. Default true. */
  readonly headers?: boolean | undefined;
}

export interface SimulatorOptions {
  /** 0: any free one. */
  readonly port?: number;
  readonly seed?: number;
  /** Before the first byte of an answer. */
  readonly latencyMs?: number;
  /** Added to the latency, uniform in 0..jitterMs, by the request's content. */
  readonly jitterMs?: number;
  readonly faults?: FaultRates;
  /** Each fault that has a rate takes its first chance. */
  readonly faultsCertain?: boolean;
  /** What `retry-after` says in the `rate_limit` fault, in seconds; default 1. */
  readonly retryAfter?: number;
  readonly capacity?: Capacity | undefined;
  /** Share of generated pairs whose evidence and answer are not in the document. */
  readonly fabrication?: number;
  /** Share of judgements that approve where nothing can be checked (no document). */
  readonly approval?: number;
  /** Share of answers of a schema whose `instruction` is always the same one. */
  readonly repetition?: number;
  /** Share of requests whose system message comes from the provider's cache. */
  readonly cached?: number;
  /** `exact`: o200k_base, scaled per provider. `fast`: characters / 6, for benches of throughput. */
  readonly tokens?: 'exact' | 'fast';
  /** Keys that are accepted; absent: any. */
  readonly keys?: readonly string[];
  /** Models that exist; absent: any. */
  readonly models?: readonly string[];
  /** What the server does not take and answers with a 400, as a compatible server of some kind would. */
  readonly refuses?: readonly Refusable[];
  /** Leaves `usage` out, as some local servers do. */
  readonly withoutUsage?: boolean;
  /** The field of the thinking trace. */
  readonly reasoningField?: 'reasoning_content' | 'reasoning';
  /** Bills answers whose client went away while they were made, as providers may. */
  readonly billAbandoned?: boolean;
  /** How long a batch takes to end, in milliseconds; default 50. */
  readonly batchMs?: number;
  /** Shares of a batch's lines that end as errors, or expire. */
  readonly batchErrored?: number;
  readonly batchExpired?: number;
  /** Batches are refused as a whole: when they are submitted, or (OpenAI's only) when their file is checked after that. */
  readonly refusesBatches?: 'submit' | 'check';
  /** Batches are known and their results are there no more, as some weeks after their end. */
  readonly withoutResults?: boolean;
  /** Hears of every request before it is looked at: `GET /v1/messages/batches/msgbatch_1`. */
  readonly heard?: (route: string) => void;
  /** The hour that prices go by. */
  readonly now?: () => Date;
}

export type Refusable =
  | 'json_schema'
  | 'json_object'
  | 'temperature'
  | 'seed'
  | 'logprobs'
  | 'system'
  | 'max_tokens'
  | 'max_completion_tokens';

/** What may change while the simulator runs; what is left out stays. `capacity: null` lifts the limit. */
export const liveOptions = z.strictObject({
  faults: z.partialRecord(z.enum(FAULTS), z.number().min(0).max(1)).optional(),
  capacity: z
    .strictObject({ perSecond: z.number().positive(), burst: z.number().positive(), headers: z.boolean().optional() })
    .nullable()
    .optional(),
  latencyMs: z.number().nonnegative().optional(),
  jitterMs: z.number().nonnegative().optional(),
  fabrication: z.number().min(0).max(1).optional(),
  approval: z.number().min(0).max(1).optional(),
  keys: z.array(z.string()).optional(),
  batchMs: z.number().nonnegative().optional(),
  refusesBatches: z.enum(['submit', 'check']).optional(),
  withoutResults: z.boolean().optional(),
});
export type LiveOptions = z.infer<typeof liveOptions>;
