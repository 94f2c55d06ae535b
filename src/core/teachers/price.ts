import type { PriceRecord } from '../records/run';
import type { Usage } from './teacher';

/** USD per million tokens. */
export interface Rates {
  readonly input: number;
  /** Input read from the provider's cache. */
  readonly cached: number;
  /** Input that the provider wrote to its cache. */
  readonly cacheWrite: number;
  readonly output: number;
}

export interface PriceData {
  /** Outside of all windows and below all tiers. */
  readonly rates: Rates;
  /** A request with more input tokens than `above` is billed at `rates` as a whole. */
  readonly tiers?: readonly { readonly above: number; readonly rates: Rates }[];
  /** Hours of the day at which every rate is multiplied. */
  readonly windows?: readonly PriceWindow[];
  /** What a batch costs of it; 1 where there is no batch. */
  readonly batchFactor?: number;
  /** Where it was read, and when (ISO date). */
  readonly source: string;
  readonly date: string;
}

export interface PriceWindow {
  /** 0 = Sunday, UTC; absent: every day. */
  readonly days?: readonly number[];
  /** Minutes since midnight UTC, end exclusive. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

const FACTOR_SCALE = 1000;

/**
 * What a model's tokens cost, in whole nano-dollars, rounded up once per request. Rates are taken to a millionth of a
 * dollar per million tokens, a whole pico-dollar per token, so sums are exact before they are rounded.
 */
export class Price {
  constructor(
    readonly data: PriceData,
    private readonly batched = false,
  ) {}

  /** As the manifest shows it. */
  get record(): PriceRecord {
    const { rates, source, date, batchFactor = 1 } = this.data;
    const { input, cached, output } = rates;
    return { input, cached_input: cached, output, batch_factor: batchFactor, source, date };
  }

  /** The same model through the provider's Batch API. */
  inBatch(): Price {
    return new Price(this.data, true);
  }

  /** The most that a request can be billed: every input token at its dearest, all output used, at the dearest hour. */
  worst(inputTokens: number, maxOutputTokens: number): number {
    const factor = Math.max(1, ...(this.data.windows ?? []).map((window) => window.factor));
    const reachable = [this.data.rates, ...this.#tiers(inputTokens)];
    const dearest = reachable.map(({ input, cached, cacheWrite, output }) =>
      this.#nano(
        [
          [inputTokens, Math.max(input, cached, cacheWrite)],
          [maxOutputTokens, output],
        ],
        factor,
      ),
    );
    return Math.max(...dearest);
  }

  /**
   * What the provider bills for a reply to a request that was sent at `sent` and answered at `came`: nobody says which of
   * the two decides, so the dearer hour does.
   */
  billed(usage: Usage, sent: Date, came = sent): number {
    const cached = Math.min(usage.cached, usage.input);
    const written = Math.min(usage.cacheWrite, usage.input - cached);
    const rates = this.#tiers(usage.input).at(-1) ?? this.data.rates;
    return this.#nano(
      [
        [usage.input - cached - written, rates.input],
        [cached, rates.cached],
        [written, rates.cacheWrite],
        [usage.output, rates.output],
      ],
      Math.max(this.#factorAt(sent), this.#factorAt(came)),
    );
  }

  /** The tiers that this much input reaches, lowest first. */
  #tiers(inputTokens: number): Rates[] {
    const reached = (this.data.tiers ?? []).filter((tier) => inputTokens > tier.above);
    return reached.sort((a, b) => a.above - b.above).map((tier) => tier.rates);
  }

  #factorAt(at: Date): number {
    const minute = at.getUTCHours() * 60 + at.getUTCMinutes();
    const open = (this.data.windows ?? []).filter(
      ({ days, from, to }) => minute >= from && minute < to && (!days || days.includes(at.getUTCDay())),
    );
    return open.reduce((factor, window) => Math.max(factor, window.factor), 1);
  }

  #nano(parts: readonly (readonly [tokens: number, usdPerMillion: number])[], hourFactor: number): number {
    const factor = hourFactor * (this.batched ? (this.data.batchFactor ?? 1) : 1);
    const pico = parts.reduce(
      (sum, [tokens, rate]) => sum + BigInt(Math.ceil(tokens)) * BigInt(Math.round(rate * 1e6)),
      0n,
    );
    const scaled = pico * BigInt(Math.round(factor * FACTOR_SCALE));
    const unit = BigInt(1000 * FACTOR_SCALE);
    return Number((scaled + unit - 1n) / unit);
  }
}
