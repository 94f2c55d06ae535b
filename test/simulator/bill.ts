/** The provider's side of the account: what was answered, and what it costs, in exact whole numbers. */

export interface BilledUsage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
}

type Card = readonly [input: string, cached: string, cacheWrite: string, output: string];

/** USD per million tokens, as published; on purpose not the table of `src`. */
const CARDS: Readonly<Record<string, Card>> = {
  'gpt-6-astra': ['10', '1', '10', '50'],
  'gpt-6-sol': ['2', '0.20', '2.50', '10'],
  'gpt-6.1-sol': ['2', '0.10', '2', '10'],
  'gpt-6.1-terra': ['1', '0.05', '1.25', '5'],
  'gpt-6-luna': ['0.10', '0.01', '0.125', '0.50'],
  'gpt-5.6-sol': ['4', '0.4', '4', '20'],
  'gpt-5.6-terra': ['2', '0.2', '2', '12'],
  'gpt-5.6-luna': ['0.2', '0.02', '0.2', '1.2'],
  'gpt-5.5': ['5', '0.5', '5', '30'],
  'gpt-5.4': ['2.5', '0.25', '2.5', '15'],
  'gpt-5.4-mini': ['0.75', '0.075', '0.75', '4.5'],
  'claude-opus-5-5': ['4', '0.20', '5', '20'],
  'claude-sonnet-5-5': ['2', '0.10', '2.5', '10'],
  'claude-haiku-5-5': ['0.10', '0.01', '0.125', '0.50'],
  'deepseek-flash': ['0.15', '0.003', '0.15', '0.60'],
  'deepseek-v4-pro': ['0.66', '0.022', '0.66', '1.98'],
};
const LONG_HAIKU: Card = ['0.50', '0.05', '0.625', '2.50'];

/** A fraction of pico-dollars: batches and long prompts halve, and halves must not be lost. */
export interface Amount {
  readonly picoTimesFour: bigint;
}

export interface ModelBill {
  requests: number;
  batched: number;
  input: number;
  cached: number;
  cacheWrite: number;
  output: number;
  /** Exact. */
  picoTimesFour: bigint;
  /** Each request rounded up to a whole nano-dollar, as our own account does. */
  nano: bigint;
  /** Answers of a model that is on no card. */
  unpriced: number;
}

export class Bill {
  readonly models = new Map<string, ModelBill>();
  /** How often each request was answered at a price, by hash. */
  readonly paid = new Map<string, number>();

  add(model: string, hash: string, usage: BilledUsage, at: Date, batch: boolean): void {
    this.paid.set(hash, (this.paid.get(hash) ?? 0) + 1);
    const bill = this.#of(model);
    const amount = costOf(model, usage, at, batch);
    bill.requests++;
    if (batch) bill.batched++;
    bill.input += usage.input;
    bill.cached += usage.cached;
    bill.cacheWrite += usage.cacheWrite;
    bill.output += usage.output;
    if (amount === undefined) bill.unpriced++;
    else {
      bill.picoTimesFour += amount;
      bill.nano += ceilDivide(amount, 4000n);
    }
  }

  get nano(): bigint {
    return [...this.models.values()].reduce((sum, model) => sum + model.nano, 0n);
  }

  get usd(): number {
    return Number(this.nano) / 1e9;
  }

  get answers(): number {
    return [...this.models.values()].reduce((sum, model) => sum + model.requests, 0);
  }

  /** For the control endpoint: JSON has no big integers. */
  toJSON() {
    return {
      usd: this.usd,
      nano: this.nano.toString(),
      answers: this.answers,
      models: Object.fromEntries(
        [...this.models].map(([name, bill]) => [
          name,
          { ...bill, picoTimesFour: bill.picoTimesFour.toString(), nano: bill.nano.toString() },
        ]),
      ),
      paid: Object.fromEntries(this.paid),
    };
  }

  #of(model: string): ModelBill {
    let bill = this.models.get(model);
    if (!bill) {
      const empty = { requests: 0, batched: 0, input: 0, cached: 0, cacheWrite: 0, output: 0 };
      bill = { ...empty, picoTimesFour: 0n, nano: 0n, unpriced: 0 };
      this.models.set(model, bill);
    }
    return bill;
  }
}

/** In quarters of a pico-dollar; undefined for a model on no card. */
export function costOf(model: string, usage: BilledUsage, at: Date, batch: boolean): bigint | undefined {
  const base = CARDS[model];
  if (!base) return undefined;
  const card = model === 'claude-haiku-5-5' && usage.input > 100_000 ? LONG_HAIKU : base;
  const [input, cached, cacheWrite, output] = card.map(microUsd);
  if (input === undefined || cached === undefined || cacheWrite === undefined || output === undefined) return undefined;
  const long = model.startsWith('gpt-') && usage.input > 272_000;
  const plain = BigInt(usage.input - usage.cached - usage.cacheWrite);
  const inputs = plain * input + BigInt(usage.cached) * cached + BigInt(usage.cacheWrite) * cacheWrite;
  const outputs = BigInt(usage.output) * output;
  let quarters = long ? inputs * 8n + outputs * 6n : (inputs + outputs) * 4n;
  if (model.startsWith('deepseek-') && isPeak(at)) quarters *= 2n;
  return batch ? quarters / 2n : quarters;
}

/** "0.125" dollars per million tokens is 125000 pico-dollars per token. */
function microUsd(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

function isPeak(at: Date): boolean {
  const day = at.getUTCDay();
  const hour = at.getUTCHours();
  return day >= 1 && day <= 5 && ((hour >= 1 && hour < 4) || (hour >= 6 && hour < 10));
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
