import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Estimate } from './estimate';
import { FairSample } from './fairSample';
import { forecast } from './forecast';
import { Tally } from './tally';

function plan(requests: number, each: number): Estimate {
  const sums = { low_usd: (requests * each) / 2, likely_usd: requests * each, high_usd: requests * each * 3 };
  const stage = { name: 'ask', teacher: 'lab/one', ...sums, requests, input_tokens: 0, output_tokens: 0 };
  return { ...sums, requests, input_tokens: 0, output_tokens: 0, stages: [stage] };
}

/** A run in which units asked so many times, and each answer cost so many nano-dollars. */
function ran(units: readonly number[], costOf: (answer: number) => number): Tally {
  const tally = new Tally();
  let answers = 0;
  for (const [ticket, asks] of units.entries()) {
    for (let ask = 0; ask < asks; ask += 1) {
      const usage = { input: 1, cached: 0, cacheWrite: 0, output: 1, reasoning: 0 };
      const reply = { text: '', finish: 'stop' as const, usage, usageReported: true };
      const of = { seq: answers, unit: ticket, ask: String(answers), stage: 'ask', teacher: 'lab/one', attempt: 0 };
      tally.reply({ type: 'reply', ...of, cost: costOf(answers++), at: '', reply });
    }
    tally.sample.ended(ticket, { ask: [asks, 0] });
  }
  return tally;
}

describe('the forecast of a run', () => {
  it('is the plan until twenty answers are there', () => {
    const { corrected, likely_usd } = forecast(
      plan(100, 0.01),
      ran([4, 4, 4, 4], () => 1),
      { total: 25 },
    );
    assert.deepEqual([corrected, likely_usd], [false, 1]);
  });

  it('comes near to what is measured, however far off the plan was', () => {
    for (const planned of [0.001, 0.01, 0.05]) {
      const units = Array.from({ length: 60 }, () => 3);
      const { corrected, low_usd, likely_usd, high_usd } = forecast(
        plan(200, planned),
        ran(units, () => 10_000_000),
        { total: 100 },
      );
      assert.ok(corrected);
      assert.ok(Math.abs(likely_usd / 3 - 1) < 0.15, `${likely_usd} for 3`);
      assert.ok(low_usd < 3 && high_usd > 3);
    }
  });

  it('is never less than what is spent, and its range is in order', () => {
    const run = fc.record({
      units: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 50 }),
      costs: fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }),
      requests: fc.integer({ min: 0, max: 500 }),
      each: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(run, ({ units, costs, requests, each }) => {
        const tally = ran(units, (answer) => costs[answer % costs.length] ?? 0);
        const result = forecast(plan(requests, each), tally, { total: units.length + 1 });
        assert.ok(result.low_usd <= result.likely_usd && result.likely_usd <= result.high_usd);
        if (result.corrected) assert.ok(result.low_usd >= tally.spent / 1e9 - 1e-9);
      }),
    );
  });

  it('counts units that are done only with all that were started before them', () => {
    const sample = new FairSample();
    sample.ended(1, { ask: [1, 0] });
    sample.ended(2, undefined);
    assert.equal(sample.units, 0);
    sample.ended(0, { ask: [5, 1] });
    assert.deepEqual([sample.units, sample.asks('ask')], [2, 7]);
  });
});
