import type { ConditionalPrice, ModelPrice, PriceCalculation } from '@pydantic/genai-prices';
import { Price, type PriceData, type PriceWindow, type Rates } from './price';
import { PRICE_TABLE, TABLE_DATE } from './price-table';
import type { DeclaredPrice, DeclaredProvider } from './providers';
import { teacherName, type Teacher } from './teacher';
import { VSCODE } from './vscode/wire';

export { Price } from './price';

/** Prices that a person set, by `provider/model`, or by `provider/*` for all models of a server. */
export type PriceOverrides = Readonly<Record<string, DeclaredPrice>>;

/** The prices in the declarations of one's own servers. */
export function declaredPrices(declared: Readonly<Record<string, DeclaredProvider>>): PriceOverrides {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, { price, prices = {} }]) => [
      ...(price ? [[`${name}/*`, price] as const] : []),
      ...Object.entries(prices).map(([model, one]) => [`${name}/${model}`, one] as const),
    ]),
  );
}

/**
 * The price of a model: as set by the person, else the newer of our table and `@pydantic/genai-prices`.
 * Undefined when nobody knows it, which is never zero.
 */
export async function priceOf(
  provider: string,
  model: string,
  overrides: PriceOverrides = {},
  now = new Date(),
): Promise<Price | undefined> {
  const name = teacherName({ provider, model });
  const own = overrides[name] ?? overrides[`${provider}/*`];
  if (own) return new Price(declaredData(own, now));
  if (provider === 'offline') return new Price(FREE);
  if (provider === VSCODE) return new Price({ ...FREE, source: 'draws on your plan of VS Code’s models' });
  const ours = tableEntry(name);
  if (ours && ours.date >= GENAI_DATE) return new Price(ours);
  const theirs = await genaiPrice(provider, model, now);
  const data = theirs ?? ours;
  return data && new Price(data);
}

/** Of these models, the ones that have a price, by `provider/model`. */
export async function knownPrices(
  models: Iterable<Pick<Teacher, 'provider' | 'model'>>,
  overrides: PriceOverrides = {},
): Promise<Map<string, Price>> {
  const known = new Map<string, Price>();
  for (const { provider, model } of models) {
    const price = await priceOf(provider, model, overrides);
    if (price) known.set(teacherName({ provider, model }), price);
  }
  return known;
}

/** The prices of these teachers, looked up once; the engine asks for them synchronously. */
export async function pricesOf(
  teachers: Iterable<Pick<Teacher, 'provider' | 'model'>>,
  overrides: PriceOverrides = {},
): Promise<(teacher: Pick<Teacher, 'provider' | 'model'>) => Price | undefined> {
  const found = await knownPrices(teachers, overrides);
  return (teacher) => found.get(teacherName(teacher));
}

/** The models of our own table. */
export function tabulatedModels(): { readonly name: string; readonly price: Price }[] {
  return Object.entries(PRICE_TABLE).map(([name, data]) => ({ name, price: new Price(data) }));
}

/** What the person set, then the models of our own table; all at the prices that hold. */
export async function listedPrices(overrides: PriceOverrides): Promise<Map<string, Price>> {
  const names = new Set([...Object.keys(overrides), ...Object.keys(PRICE_TABLE)]);
  return await knownPrices([...names].map(namedModel), overrides);
}

function namedModel(name: string): Pick<Teacher, 'provider' | 'model'> {
  const slash = name.indexOf('/');
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

const STALE_AFTER_DAYS = 90;

/** A sentence when the bundled table has grown old. */
export function staleTableWarning(now = new Date()): string | undefined {
  const days = daysSince(TABLE_DATE, now);
  return days > STALE_AFTER_DAYS
    ? `The bundled prices are ${days} days old (${TABLE_DATE}): ${FRESH_PRICES}`
    : undefined;
}

/** A sentence when one of the prices that a run goes by has grown old, wherever it is from. */
export function stalePriceWarning(prices: ReadonlyMap<string, Price>, now = new Date()): string | undefined {
  const bundled = [...prices].filter(([, { data }]) => data.rates.input > 0 || data.rates.output > 0);
  const [oldest] = bundled.sort(([, a], [, b]) => (a.data.date < b.data.date ? -1 : 1));
  if (!oldest) return undefined;
  const [name, { data }] = oldest;
  const days = daysSince(data.date, now);
  if (days <= STALE_AFTER_DAYS) return undefined;
  return `The price of ${name} is ${days} days old (${data.date}, ${data.source}): ${FRESH_PRICES}`;
}

const FRESH_PRICES =
  'update Distillery, or set today’s prices in the setting distillery.prices or under "prices" in the file of --config.';

function daysSince(date: string, now: Date): number {
  return Math.floor((now.getTime() - Date.parse(date)) / 86_400_000);
}

const FREE: PriceData = {
  rates: { input: 0, cached: 0, cacheWrite: 0, output: 0 },
  source: 'runs on this machine',
  date: TABLE_DATE,
};

function declaredData(own: DeclaredPrice, now: Date): PriceData {
  const { input, output, cached_input: cached = input, cache_write: cacheWrite = input } = own;
  return {
    rates: { input, cached, cacheWrite, output },
    ...(own.batch_factor !== undefined && { batchFactor: own.batch_factor }),
    source: 'set by you',
    date: now.toISOString().slice(0, 10),
  };
}

/** `-2025-08-07`, `-20251001` and `-latest` name a snapshot of a model at the model's price. */
const SNAPSHOT = /-(?:latest|20\d{2}-?\d{2}-?\d{2})$/;

function tableEntry(name: string): PriceData | undefined {
  return PRICE_TABLE[name] ?? PRICE_TABLE[name.replace(SNAPSHOT, '')];
}

/** The bundled `@pydantic/genai-prices`, and the day of its release (`npm view @pydantic/genai-prices time`). */
export const GENAI_VERSION = '0.1.8';
const GENAI_DATE = '2026-09-23';
const BATCH_FACTOR: Readonly<Record<string, number>> = { openai: 0.5, anthropic: 0.5 };

async function genaiPrice(provider: string, model: string, now: Date): Promise<PriceData | undefined> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  const found = calcPrice({ input_tokens: 1 }, model, { providerId: provider, timestamp: now });
  // It matches by prefix too: claude-sonnet-5-5 would be billed as claude-sonnet-5. Another model's price is no price.
  if (!found || found.provider.id !== provider || !sameModel(found.model.id, model)) return undefined;
  return genaiData(found, provider, now);
}

function sameModel(known: string, asked: string): boolean {
  return known === asked || known.replace(SNAPSHOT, '') === asked.replace(SNAPSHOT, '');
}

function genaiData(found: PriceCalculation, provider: string, now: Date): PriceData | undefined {
  const { prices } = found.model;
  const inForce = Array.isArray(prices) ? prices.filter((one) => hasStarted(one, now)) : [{ prices }];
  const base = inForce.filter((one) => one.constraint?.type !== 'time_of_date').at(-1)?.prices;
  const rates = base && ratesAt(base, 0);
  if (!base || !rates) return undefined;
  return {
    rates,
    tiers: thresholds(base).flatMap((above) => {
      const tier = ratesAt(base, above + 1);
      return tier ? [{ above, rates: tier }] : [];
    }),
    windows: inForce.flatMap((one) => genaiWindow(one, rates)),
    batchFactor: BATCH_FACTOR[provider] ?? 1,
    source: '@pydantic/genai-prices',
    date: GENAI_DATE,
  };
}

function hasStarted({ constraint }: ConditionalPrice, now: Date): boolean {
  return constraint?.type !== 'start_date' || Date.parse(constraint.start_date) <= now.getTime();
}

/** The rates of a request with this much input. Undefined when the model is not priced by tokens. */
function ratesAt(price: ModelPrice, input: number): Rates | undefined {
  const inputRate = rateAt(price.input_mtok, input);
  const output = rateAt(price.output_mtok, input);
  if (inputRate === undefined || output === undefined) return undefined;
  return {
    input: inputRate,
    cached: rateAt(price.cache_read_mtok, input) ?? inputRate,
    cacheWrite: rateAt(price.cache_write_mtok, input) ?? inputRate,
    output,
  };
}

function rateAt(price: ModelPrice[string], input: number): number | undefined {
  if (price === undefined || typeof price === 'number') return price;
  const reached = price.tiers.filter((tier) => input > tier.start).sort((a, b) => a.start - b.start);
  return reached.at(-1)?.price ?? price.base;
}

function thresholds(price: ModelPrice): number[] {
  const starts = Object.values(price).flatMap((rate) =>
    typeof rate === 'object' ? rate.tiers.map((tier) => tier.start) : [],
  );
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** Hours with rates of their own, as the largest factor among them: never less than is billed. */
function genaiWindow({ constraint, prices }: ConditionalPrice, base: Rates): PriceWindow[] {
  const rates = ratesAt(prices, 0);
  if (constraint?.type !== 'time_of_date' || !rates) return [];
  const kinds = ['input', 'cached', 'cacheWrite', 'output'] as const;
  const factor = Math.max(...kinds.map((kind) => (base[kind] > 0 ? rates[kind] / base[kind] : 1)));
  const from = minuteOf(constraint.start_time);
  const to = minuteOf(constraint.end_time);
  if (from < to) return [{ from, to, factor }];
  return [
    { from, to: 24 * 60, factor },
    { from: 0, to, factor },
  ];
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map((part) => Number.parseInt(part, 10));
  return hours * 60 + minutes;
}
