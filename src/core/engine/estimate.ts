import { setImmediate } from 'node:timers/promises';
import { likelyCounter, type TokenCount } from '../teachers/tokens';
import { type Teacher, teacherName, type TeacherRequest } from '../teachers/teacher';
import type { BatchMode } from './batches';
import { toUsd } from './money';
import type { PlannedAsk } from './pipeline';
import type { PriceOf, Pricing } from './pricing';

export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export interface StageEstimate {
  readonly name: string;
  readonly teacher: string;
  readonly low_usd: number;
  readonly likely_usd: number;
  readonly high_usd: number;
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** The `estimate` of `--estimate-only --json` (spec page 6). Tokens are the likely ones; caps are not applied. */
export interface Estimate {
  readonly low_usd: number;
  readonly likely_usd: number;
  readonly high_usd: number;
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly stages: readonly StageEstimate[];
}

/** How many more asks than planned: repairs and retries that are billed. */
const billedAgain: Range = { low: 1, likely: 1.02, high: 1.15 };

/**
 * What a run would cost, from its actual prompts; nothing is sent.
 * @param options.every count the tokens of every so many asks only, and take the others to be alike.
 * @throws UnknownPrice for a teacher that nobody knows the price of.
 */
export async function estimateRun(
  planned: Iterable<PlannedAsk> | AsyncIterable<PlannedAsk>,
  teachers: Readonly<Record<string, readonly Teacher[]>>,
  priceOf: PriceOf,
  options: {
    readonly batch?: Pick<BatchMode, 'teachers' | 'stages'>;
    readonly signal?: AbortSignal;
    readonly every?: number;
  } = {},
): Promise<Estimate> {
  const { batch = { teachers: [], stages: [] } } = options;
  const able = new Set(batch.teachers.map(teacherName));
  const stages = new Map<string, StageSum>();
  let asks = 0;
  for await (const ask of planned) {
    if (asks++ % POLITE === 0) await setImmediate();
    options.signal?.throwIfAborted();
    for (const teacher of teachers[ask.role] ?? []) {
      const name = `${ask.stage} ${teacherName(teacher)}`;
      let sum = stages.get(name);
      if (!sum) {
        const live = priceOf(teacher);
        const pricing = batch.stages.includes(ask.stage) && able.has(teacherName(teacher)) ? live.inBatch() : live;
        sum = new StageSum(ask.stage, teacher, pricing, await likelyCounter(teacher.provider), options.every);
        stages.set(name, sum);
      }
      sum.add(ask);
    }
  }
  const estimates = [...stages.values()].map((stage) => stage.estimate());
  const total = (key: 'low_usd' | 'likely_usd' | 'high_usd' | 'requests' | 'input_tokens' | 'output_tokens') =>
    estimates.reduce((sum, stage) => sum + stage[key], 0);
  return {
    low_usd: total('low_usd'),
    likely_usd: total('likely_usd'),
    high_usd: total('high_usd'),
    requests: total('requests'),
    input_tokens: total('input_tokens'),
    output_tokens: total('output_tokens'),
    stages: estimates,
  };
}

/** Counting tokens takes its time: others have their turn every so many asks. */
const POLITE = 32;

/** One stage asked of one teacher. */
class StageSum {
  readonly #usd = { low: 0, likely: 0, high: 0 };
  #asks = 0;
  #requests = 0;
  /** Those of them whose tokens were counted. */
  #counted = 0;
  #input = 0;
  #output = 0;

  constructor(
    readonly stage: string,
    readonly teacher: Teacher,
    private readonly pricing: Pricing,
    private readonly count: TokenCount,
    private readonly every = 1,
  ) {}

  add({ request, count, output, least = count }: PlannedAsk): void {
    this.#requests += count;
    if (this.#asks++ % this.every !== 0) return;
    this.#counted += count;
    const input = inputTokens(this.teacher, request, this.count);
    this.#input += input.likely * count;
    this.#output += Math.min(output.likely, request.maxTokens) * count;
    for (const level of ['low', 'likely', 'high'] as const) {
      const tokens = Math.min(output[level], request.maxTokens);
      const usage = {
        input: Math.ceil(input[level]),
        cached: 0,
        cacheWrite: 0,
        output: Math.ceil(tokens),
        reasoning: 0,
      };
      const nano =
        level === 'high' ? this.pricing.worst(usage.input, usage.output) : this.pricing.billed(usage, new Date());
      this.#usd[level] += toUsd(nano) * (level === 'low' ? least : count) * billedAgain[level];
    }
  }

  estimate(): StageEstimate {
    const scale = this.#counted > 0 ? this.#requests / this.#counted : 1;
    return {
      name: this.stage,
      teacher: teacherName(this.teacher),
      low_usd: this.#usd.low * scale,
      likely_usd: this.#usd.likely * scale,
      high_usd: this.#usd.high * scale,
      requests: Math.round(this.#requests),
      input_tokens: Math.round(this.#input * scale),
      output_tokens: Math.round(this.#output * scale),
    };
  }
}

/** Chat framing and an enforced schema, as providers bill them, about. */
const framing = 30;

function inputTokens(teacher: Teacher, request: TeacherRequest, count: TokenCount): Range {
  const bound = teacher.inputTokenBound(request, true);
  const text = request.messages.reduce((sum, message) => sum + count(message.content), 0);
  const schema = request.schema ? count(JSON.stringify(request.schema.json)) : 0;
  const likely = Math.min(bound, text + schema + framing);
  return { low: likely * 0.9, likely, high: Math.min(bound, likely * 1.25) };
}
