import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { PRICE_TABLE } from './price-table';
import { TABLE_DATE } from './price-table';
import {
  declaredPrices,
  GENAI_VERSION,
  knownPrices,
  Price,
  priceOf,
  pricesOf,
  stalePriceWarning,
  staleTableWarning,
} from './prices';
import { parseTeacher } from './spec';
import type { Usage } from './teacher';

const MILLION = 1_000_000;
const night = new Date('2026-11-21T12:00:00Z'); // a Saturday

function used(input: number, output: number, more: Partial<Usage> = {}): Usage {
  return { input, output, cached: 0, cacheWrite: 0, reasoning: 0, ...more };
}

async function known(name: string): Promise<Price> {
  const [, provider = '', model = ''] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
  const price = await priceOf(provider, model);
  assert.ok(price, name);
  return price;
}

async function usd(name: string, usage: Usage, at = night, batch = false): Promise<number> {
  const price = await known(name);
  return (batch ? price.inBatch() : price).billed(usage, at) / 1e9;
}

describe('prices', () => {
  it('are those that the providers published', async () => {
    assert.equal(await usd('openai/gpt-6-luna', used(100_000, 100_000)), 0.06);
    assert.equal(await usd('openai/gpt-6.1-terra', used(100_000, 100_000)), 0.6);
    assert.equal(await usd('anthropic/claude-sonnet-5-5', used(MILLION, MILLION)), 12);
    assert.equal(await usd('deepseek/deepseek-v4-pro', used(MILLION, MILLION)), 2.64);
    assert.equal(await usd('openai/gpt-4.1', used(MILLION, MILLION)), 10, 'from genai-prices');
    assert.equal(await usd('together/meta-llama/Llama-3.3-70B-Instruct-Turbo', used(MILLION, MILLION)), 1.76);
  });

  it('are lower for cached input, and higher for what is written to the cache', async () => {
    assert.equal(await usd('anthropic/claude-sonnet-5-5', used(MILLION, 0, { cached: 500_000 })), 1.05);
    assert.equal(await usd('anthropic/claude-sonnet-5-5', used(MILLION, 0, { cacheWrite: MILLION })), 2.5);
    assert.equal(await usd('openai/gpt-6-luna', used(200_000, 0, { cached: 100_000, cacheWrite: 100_000 })), 0.0135);
  });

  it('double in DeepSeek’s peak hours, on working days only', async () => {
    const flash = (at: string) => usd('deepseek/deepseek-flash', used(MILLION, MILLION), new Date(at));
    assert.equal(await flash('2026-11-20T00:59:59Z'), 0.75);
    assert.equal(await flash('2026-11-20T01:00:00Z'), 1.5);
    assert.equal(await flash('2026-11-20T03:59:59Z'), 1.5);
    assert.equal(await flash('2026-11-20T04:00:00Z'), 0.75);
    assert.equal(await flash('2026-11-20T06:00:00Z'), 1.5);
    assert.equal(await flash('2026-11-20T10:00:00Z'), 0.75);
    assert.equal(await flash('2026-11-21T02:00:00Z'), 0.75, 'a Saturday');
  });

  it('go by the whole request when it is long', async () => {
    assert.equal(await usd('openai/gpt-6-sol', used(272_000, 1000)), 0.554);
    assert.equal(await usd('openai/gpt-6-sol', used(272_001, 1000)), 1.103004);
    assert.equal(await usd('anthropic/claude-haiku-5-5', used(100_000, 1000)), 0.0105);
    assert.equal(await usd('anthropic/claude-haiku-5-5', used(100_001, 1000)), 0.0525005);
  });

  it('are halved by a batch', async () => {
    assert.equal(await usd('openai/gpt-6-luna', used(100_000, 100_000), night, true), 0.03);
    assert.equal(await usd('anthropic/claude-sonnet-5-5', used(MILLION, MILLION), night, true), 6);
  });

  it('never bill more than was reserved, whatever was used of it and at whatever hour', () => {
    const drawn = fc.record({
      bound: fc.nat(400_000),
      limit: fc.nat(100_000),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      at: fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(PRICE_TABLE)), drawn, (data, { bound, limit, shares, at }) => {
        const [input = 0, output = 0, cached = 0, written = 0] = shares;
        const whole = Math.floor(bound * input);
        const usage = used(whole, Math.floor(limit * output), {
          cached: Math.floor(whole * cached),
          cacheWrite: Math.floor(whole * written),
        });
        for (const price of [new Price(data), new Price(data).inBatch()])
          assert.ok(price.billed(usage, at) <= price.worst(bound, limit));
      }),
      { numRuns: 2000 },
    );
  });

  it('do not drift: a hundred thousand small bills are each rounded up to a nano-dollar, and no more', async () => {
    const price = await known('deepseek/deepseek-flash');
    const one = price.billed(used(7, 3, { cached: 5 }), night);
    assert.equal(one, Math.ceil((2 * 150_000 + 5 * 3_000 + 3 * 600_000) / 1000));
    assert.ok(Number.isSafeInteger(one * 100_000));
  });
});

describe('the price of a model', () => {
  it('is unknown, never zero, where nobody knows it', async () => {
    assert.equal(await priceOf('openai', 'gpt-99-nebula'), undefined);
    assert.equal(await priceOf('myserver', 'gpt-6-luna'), undefined);
  });

  it('is not that of another model whose name begins alike', async () => {
    assert.equal(await priceOf('anthropic', 'claude-sonnet-5-7'), undefined);
    assert.equal(await priceOf('openai', 'gpt-4.1-ultra'), undefined);
    assert.ok(await priceOf('openai', 'gpt-4.1-2025-04-14'), 'a snapshot has its model’s price');
    assert.ok(await priceOf('anthropic', 'claude-sonnet-5-5-20261001'));
  });

  it('is what the person sets, for one model or for all of a server', async () => {
    const overrides = {
      'openai/gpt-6-luna': { input: 1, output: 2 },
      ...declaredPrices({
        local: { base_url: 'http://localhost:8000/v1', price: { input: 0, output: 0 } },
        rented: { base_url: 'https://gpu.example/v1', prices: { big: { input: 3, output: 4, batch_factor: 0.5 } } },
      }),
    };
    const find = await pricesOf(
      [
        { provider: 'openai', model: 'gpt-6-luna' },
        { provider: 'local', model: 'anything' },
        { provider: 'rented', model: 'big' },
        { provider: 'rented', model: 'small' },
      ],
      overrides,
    );
    const million = used(MILLION, MILLION);
    assert.equal(find({ provider: 'openai', model: 'gpt-6-luna' })?.billed(million, night), 3e9);
    assert.equal(find({ provider: 'local', model: 'anything' })?.worst(MILLION, MILLION), 0);
    assert.equal(find({ provider: 'rented', model: 'big' })?.inBatch().billed(million, night), 3.5e9);
    assert.equal(find({ provider: 'rented', model: 'small' }), undefined);
    assert.equal(find({ provider: 'openai', model: 'gpt-6-luna' })?.record.source, 'set by you');
  });

  it('says where it is from and of when', async () => {
    const { source, date } = (await known('deepseek/deepseek-flash')).record;
    assert.match(source, /api-docs\.deepseek\.com/);
    assert.match(date, /^2026-\d\d-\d\d$/);
  });

  it('comes with a warning when the table is older than 90 days', () => {
    assert.equal(staleTableWarning(new Date('2027-02-19')), undefined);
    assert.match(staleTableWarning(new Date('2027-02-20')) ?? '', /91 days old/);
  });

  it('comes with a warning when it is older than 90 days itself, wherever it is from', async () => {
    const mine = { 'lab/mine': { input: 1, output: 1 } };
    const of = async (...names: string[]) =>
      await knownPrices(
        names.map((name) => parseTeacher(name)),
        mine,
      );
    const theirs = 'openai/gpt-4.1';
    const { date } = (await known(theirs)).record;
    const day = (number: number) => new Date(Date.parse(date) + number * 86_400_000);
    assert.ok(date < TABLE_DATE, 'a price of genai-prices');
    const prices = await of('openai/gpt-6.1-sol', theirs);
    assert.equal(stalePriceWarning(prices, day(90)), undefined);
    assert.match(stalePriceWarning(prices, day(91)) ?? '', /openai\/gpt-4\.1 is 91 days old.*genai-prices/);
    assert.equal(stalePriceWarning(await of('openai/gpt-6.1-sol'), day(91)), undefined, 'only of models that are used');
    assert.equal(stalePriceWarning(await of('offline', 'lab/mine'), day(1)), undefined);
    assert.equal(stalePriceWarning(await of('offline'), day(900)), undefined, 'what is free never gets dearer');
  });

  it('of genai-prices has the date of the version that is installed', async () => {
    const file = path.resolve(__dirname, '../../../node_modules/@pydantic/genai-prices/package.json');
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    assert.equal(version, GENAI_VERSION, 'GENAI_DATE belongs to GENAI_VERSION: npm view @pydantic/genai-prices time');
  });
});
