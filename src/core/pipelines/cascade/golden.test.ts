import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom } from '../../engine/random';
import { goldenCount } from '../../records/cascade';
import { GoldenDraw } from './golden';

describe('the golden draw', () => {
  it('checks a tenth, at least 100, and never more than there are', () => {
    assert.deepEqual([1, 99, 100, 300, 1000, 1001, 10_000].map(goldenCount), [1, 99, 100, 100, 100, 100, 1000]);
  });

  it('draws as many as wanted while up to 8 % of the slots fail: the few it may lack are the next ones to come', () => {
    const chances = fc.record({
      samples: fc.integer({ min: 1000, max: 10_000 }),
      failing: fc.double({ min: 0, max: 0.08, noNaN: true }),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(chances, ({ samples, failing, seed }) => {
        const random = seededRandom(seed);
        const wanted = goldenCount(samples);
        const draw = new GoldenDraw(wanted, samples);
        let chosen = 0;
        for (let slot = 0; slot < samples; slot++) {
          if (random() >= failing && draw.offer(slot, random())) chosen++;
        }
        assert.ok(chosen <= wanted && wanted - chosen <= 3, `${chosen} of ${wanted}`);
        for (let slot = samples; slot < samples + wanted - chosen; slot++) assert.ok(draw.offer(slot, random()));
        assert.equal(draw.missing, 0);
      }),
      { numRuns: 200 },
    );
  });

  it('takes every slot when all are wanted, and replacements for those that failed', () => {
    const draw = new GoldenDraw(50, 50);
    const chosen = Array.from({ length: 54 }, (_, slot) => slot % 10 !== 0 && draw.offer(slot, 0.999));
    assert.equal(chosen.filter(Boolean).length, 48);
    assert.ok(draw.offer(54, 0.999) && draw.offer(55, 0.999) && !draw.offer(56, 0));
  });

  it('goes on after a stop as if there had been none', () => {
    const random = seededRandom(7);
    const draws = Array.from({ length: 1000 }, () => random());
    const whole = new GoldenDraw(100, 1000);
    const chosen = draws.map((value, slot) => whole.offer(slot, value));
    const resumed = new GoldenDraw(100, 1000);
    for (const taken of chosen.slice(0, 600)) if (taken) resumed.restore();
    const rest = draws.slice(600).map((value, slot) => resumed.offer(600 + slot, value));
    assert.deepEqual(rest, chosen.slice(600));
  });
});
