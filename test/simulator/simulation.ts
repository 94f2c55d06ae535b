import { answerTo } from './answers';
import type { Asked } from './asked';
import { Bill } from './bill';
import { Bucket } from './capacity';
import { chance } from './chance';
import { exactCount, fastCount, type Count } from './count';
import type { FaultName, LiveOptions, SimulatorOptions } from './options';
import {
  modelMissing,
  noCredit,
  overloaded,
  rateLimited,
  serverError,
  unauthorized,
  type Dialect,
  type HttpError,
} from './refusals';

export interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface Reply {
  readonly text: string;
  readonly reasoning: string;
  readonly finish: 'stop' | 'length' | 'refusal';
  readonly usage: Usage;
  /** The connection is to be cut in the middle of it. */
  readonly cut: boolean;
}

/** What happens before a request is worked on. */
export type Admission = { readonly kind: 'work' | 'reset' | 'hang' } | { readonly kind: 'error'; error: HttpError };

export interface Logged {
  readonly path: string;
  readonly model: string;
  readonly hash: string;
  readonly status: number;
  /** `answered`, or the fault. */
  readonly outcome: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const LONGEST_LOG = 5000;
const CONTENT_FAULTS: readonly FaultName[] = ['truncated', 'empty', 'refusal', 'wrong_schema'];
const TRANSPORT_FAULTS: readonly FaultName[] = [
  'rate_limit',
  'rate_limit_bare',
  'server_error',
  'overloaded',
  'reset',
  'hang',
  'unauthorized',
  'no_credit',
];

/** What the providers share: capacity, faults, the mind that answers, and the account. */
export class Simulation {
  readonly bill = new Bill();
  readonly bucket: Bucket;
  readonly log: Logged[] = [];
  /** How often each fault struck. */
  readonly struck = new Map<FaultName, number>();
  readonly fabricatedPairs: { total: number } = { total: 0 };
  readonly count: Count;
  inFlight = 0;
  peak = 0;
  requests = 0;
  readonly #attempts = new Map<string, number>();

  constructor(public options: SimulatorOptions) {
    this.bucket = new Bucket(options.capacity);
    this.count = options.tokens === 'fast' ? fastCount : exactCount;
  }

  get seed(): number {
    return this.options.seed ?? 42;
  }

  change(options: LiveOptions): void {
    const { capacity, ...rest } = options;
    const given = Object.entries(rest).filter(([, value]) => value !== undefined);
    this.options = { ...this.options, ...Object.fromEntries(given) };
    if (capacity !== undefined) this.bucket.change(capacity ?? undefined);
  }

  note(entry: Logged): void {
    if (this.log.length < LONGEST_LOG) this.log.push(entry);
  }

  latency(hash: string): number {
    const { latencyMs = 0, jitterMs = 0 } = this.options;
    return latencyMs + (jitterMs > 0 ? jitterMs * chance(this.seed, 'latency', hash) : 0);
  }

  /** Counts the attempts at a request, this one included. */
  attempt(hash: string): number {
    const attempt = (this.#attempts.get(hash) ?? 0) + 1;
    this.#attempts.set(hash, attempt);
    return attempt;
  }

  /** A 401 for a key that is not on the list. */
  strangerError(dialect: Dialect, key: string): HttpError | undefined {
    const { keys } = this.options;
    return keys && !keys.includes(key) ? unauthorized(dialect, key) : undefined;
  }

  /** Transport faults come and go with the attempt, so that trying again helps. */
  admit(dialect: Dialect, key: string, asked: Pick<Asked, 'hash' | 'model'>): Admission {
    const { models, retryAfter = 1 } = this.options;
    const stranger = this.strangerError(dialect, key);
    if (stranger) return { kind: 'error', error: stranger };
    if (models && !models.includes(asked.model)) return { kind: 'error', error: modelMissing(dialect, asked.model) };
    const wait = this.bucket.take();
    if (wait > 0) {
      const tells = this.bucket.tellsWait;
      const headers = tells
        ? { 'retry-after-ms': String(Math.ceil(wait)), 'retry-after': String(Math.ceil(wait / 1000)) }
        : {};
      return { kind: 'error', error: rateLimited(dialect, headers) };
    }
    const attempt = this.attempt(asked.hash);
    switch (this.#fault(TRANSPORT_FAULTS, 'transport', asked.hash, attempt)) {
      case 'rate_limit':
        return { kind: 'error', error: rateLimited(dialect, { 'retry-after': String(retryAfter) }) };
      case 'rate_limit_bare':
        return { kind: 'error', error: rateLimited(dialect) };
      case 'server_error':
        return { kind: 'error', error: serverError(dialect) };
      case 'overloaded':
        return { kind: 'error', error: overloaded(dialect) };
      case 'unauthorized':
        return { kind: 'error', error: unauthorized(dialect, key) };
      case 'no_credit':
        return { kind: 'error', error: noCredit(dialect) };
      case 'reset':
        return { kind: 'reset' };
      case 'hang':
        return { kind: 'hang' };
      default:
        return { kind: 'work' };
    }
  }

  /** The answer to a request of a batch, put on the bill. */
  workInBatch(asked: Asked, inputTokens: number, thinks: boolean): Reply {
    const reply = this.answer(asked, inputTokens, thinks, true);
    this.charge(asked, reply, true);
    return reply;
  }

  charge({ model, hash }: Asked, { usage }: Reply, batch: boolean): void {
    this.bill.add(model, hash, usage, this.options.now?.() ?? new Date(), batch);
  }

  /** The answer to a request. Content faults belong to the request: asked again, it fails again. */
  answer(asked: Asked, inputTokens: number, thinks: boolean, batch: boolean): Reply {
    const { fabrication = 0, approval = 0.85, repetition = 0, cached = 0 } = this.options;
    const answer = answerTo(asked, { seed: this.seed, fabrication, approval, repetition });
    this.fabricatedPairs.total += answer.fabricated;
    const fault = this.#fault(CONTENT_FAULTS, 'content', asked.hash, 0);
    const reasoning = thinks ? answer.reasoning : '';
    const spoken = spoil(answer.text, fault);
    const limited = this.#within(reasoning, spoken, asked);
    const fromCache = chance(this.seed, 'cached', asked.hash) < cached ? this.count(asked.system, asked.model) : 0;
    const usage: Usage = {
      input: inputTokens,
      cached: Math.min(fromCache, inputTokens),
      cacheWrite: 0,
      output: limited.output,
      reasoning: limited.thought,
    };
    const attempt = this.#attempts.get(asked.hash) ?? 0;
    const cut = !batch && this.cuts(asked.hash, attempt);
    const finish = fault === 'refusal' ? 'refusal' : limited.cut ? 'length' : 'stop';
    return { text: limited.text, reasoning: limited.reasoning, finish, usage, cut };
  }

  /** Whether an answer is cut off in its middle. */
  cuts(hash: string, attempt: number): boolean {
    const rate = this.options.faults?.cut ?? 0;
    const first = rate > 0 && this.#isFirst('cut');
    const cut = first || chance(this.seed, 'cut', hash, attempt) < rate;
    if (cut) this.#strikes('cut');
    return cut;
  }

  /** The first chance of each fault may be taken, so that it is certain to strike. */
  #isFirst(name: FaultName): boolean {
    return this.options.faultsCertain === true && !this.struck.has(name);
  }

  #strikes(name: FaultName): FaultName {
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1);
    return name;
  }

  #fault(names: readonly FaultName[], kind: string, hash: string, attempt: number): FaultName | undefined {
    const rates = this.options.faults;
    if (!rates) return undefined;
    let left = chance(this.seed, kind, hash, attempt);
    const first = names.find((name) => (rates[name] ?? 0) > 0 && this.#isFirst(name));
    if (first) return this.#strikes(first);
    for (const name of names) {
      left -= rates[name] ?? 0;
      if (left < 0) return this.#strikes(name);
    }
    return undefined;
  }

  /** Cuts thinking and answer where `max_tokens` ends them. */
  #within(reasoning: string, text: string, asked: Asked) {
    const thought = this.count(reasoning, asked.model);
    const spoken = this.count(text, asked.model);
    if (thought + spoken <= asked.maxTokens) return { text, reasoning, thought, output: thought + spoken, cut: false };
    const room = asked.maxTokens - Math.min(thought, asked.maxTokens);
    const kept = room === 0 ? '' : text.slice(0, Math.floor((text.length * room) / spoken));
    return { text: kept, reasoning, thought: Math.min(thought, asked.maxTokens), output: asked.maxTokens, cut: true };
  }
}

function spoil(text: string, fault: FaultName | undefined): string {
  switch (fault) {
    case 'truncated':
      return text.slice(0, Math.floor(text.length * 0.6));
    case 'empty':
      return '';
    case 'refusal':
      return "I'm sorry, but I can't help with that.";
    case 'wrong_schema':
      return JSON.stringify({ result: 'done', items: [1, 2, 3] });
    default:
      return text;
  }
}
