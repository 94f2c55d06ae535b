import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PRICE_TABLE } from '../../src/core/teachers/price-table';
import { Price, priceOf } from '../../src/core/teachers/prices';
import { createTeacher } from '../../src/core/teachers/create';
import { parseTeacher } from '../../src/core/teachers/spec';
import { costOf } from './bill';
import { generationRequest, keys } from './requests';
import { startSimulator } from './server';

const offPeak = new Date('2026-11-21T12:00:00Z'); // a Saturday
const peak = new Date('2026-11-20T02:00:00Z'); // a Friday

describe('the simulator’s account and ours', () => {
  it('agree to the nano-dollar for any usage of any model on its cards', () => {
    const usage = fc.record({
      input: fc.nat(400_000),
      output: fc.nat(100_000),
      cachedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      peak: fc.boolean(),
      batch: fc.boolean(),
    });
    let compared = 0;
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(PRICE_TABLE)), usage, ([name, data], drawn) => {
        const cached = Math.floor(drawn.input * drawn.cachedShare);
        const used = { input: drawn.input, output: drawn.output, cached, cacheWrite: 0, reasoning: 0 };
        const at = drawn.peak ? peak : offPeak;
        const batch = drawn.batch && data.batchFactor === 0.5;
        const quarters = costOf(name.replace(/^\w+\//, ''), used, at, batch);
        if (quarters === undefined) return;
        const price = batch ? new Price(data).inBatch() : new Price(data);
        assert.equal(BigInt(price.billed(used, at)), (quarters + 3999n) / 4000n);
        compared++;
      }),
      { numRuns: 2000 },
    );
    assert.ok(compared > 1000);
  });

  for (const name of ['openai/gpt-6-luna', 'deepseek/deepseek-flash', 'anthropic/claude-sonnet-5-5']) {
    it(`agree after a hundred answers of ${name}, cached input among them`, async () => {
      const simulator = await startSimulator({ cached: 0.5, now: () => peak });
      try {
        const spec = parseTeacher(name);
        const teacher = await createTeacher(spec, { keys: { env: keys }, env: simulator.env });
        const price = await priceOf(spec.provider, spec.model);
        assert.ok(price);
        const signal = new AbortController().signal;
        const replies = await Promise.all(
          Array.from({ length: 100 }, (_, at) => teacher.complete(generationRequest(at), signal)),
        );
        const ours = replies.reduce((sum, reply) => sum + price.billed(reply.usage, peak), 0);
        assert.equal(BigInt(ours), simulator.bill.nano);
        assert.ok(replies.some((reply) => reply.usage.cached > 0) && replies.some((reply) => reply.usage.cached === 0));
        assert.equal(simulator.bill.paid.size, 100);
      } finally {
        await simulator.close();
      }
    });
  }
});
