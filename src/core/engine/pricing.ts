import type { Price } from '../teachers/price';
import { type PriceOverrides, pricesOf } from '../teachers/prices';
import { type Teacher, teacherName } from '../teachers/teacher';

/** What a teacher costs, as the budget needs it. */
export type Pricing = Pick<Price, 'record' | 'worst' | 'billed' | 'inBatch'>;
export type PriceOf = (teacher: Pick<Teacher, 'provider' | 'model'>) => Pricing;

/** Whether a model costs anything at all. */
export function costs(pricing: Pricing): boolean {
  return pricing.worst(1_000_000, 1_000_000) > 0;
}

/** Nothing is sent to a model whose price nobody knows: the budget would be a guess. */
export class UnknownPrice extends Error {
  override readonly name = 'UnknownPrice';
  readonly code = 'unknown_price';
  constructor(readonly model: string) {
    super(
      `No price is known for ${model}, so no budget can hold. Set one, in USD per million tokens, ` +
        `in the setting distillery.prices or under "prices" in the file of --config: ` +
        `{ "${model}": { "input": 1, "cached_input": 0.1, "output": 4 } }. A model of your own that costs nothing has the price 0.`,
    );
  }
}

/** The prices of a run's teachers. Rejects with `UnknownPrice` before anything is sent. */
export async function pricesFor(teachers: readonly Teacher[], overrides: PriceOverrides): Promise<PriceOf> {
  const found = await pricesOf(teachers, overrides);
  const priceOf: PriceOf = (teacher) => {
    const price = found(teacher);
    if (!price) throw new UnknownPrice(teacherName(teacher));
    return price;
  };
  for (const teacher of teachers) priceOf(teacher);
  return priceOf;
}
