import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom } from '../engine/random';
import { adjustedForMany, cohensH, lift, median, passRate } from './statistics';

const shares = fc
  .integer({ min: 1, max: 5000 })
  .chain((n) => fc.record({ n: fc.constant(n), passes: fc.integer({ min: 0, max: n }) }));
const close = (value: number, reference: number) =>
  assert.ok(Math.abs(value - reference) < 1e-12, `${value}, ${reference}`);

describe('a pass rate', () => {
  // scipy 1.17.1: stats.binomtest(k, n).proportion_ci(method='wilson')
  for (const [passes, n, low, high] of [
    [243, 300, 0.7617962081751882, 0.8503651496655934],
    [298, 300, 0.9760224167496929, 0.9981698516420883],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371109, 1],
    [1, 3, 0.06149194472039626, 0.7923403991979523],
    [500, 1000, 0.4690696003681042, 0.5309303996318958],
  ] as const) {
    it(`of ${passes} in ${n} has scipy’s Wilson interval`, () => {
      const rate = passRate(passes, n);
      close(rate.low, low);
      close(rate.high, high);
    });
  }

  it('lies in its interval, the interval in 0 to 1, and failures mirror passes', () => {
    fc.assert(
      fc.property(shares, ({ n, passes }) => {
        const { rate, low, high } = passRate(passes, n);
        assert.ok(0 <= low && low <= rate && rate <= high && high <= 1);
        close(low, 1 - passRate(n - passes, n).high);
      }),
    );
  });
});

describe('Cohen’s h', () => {
  it('gives the test vector of the spec, and changes its sign with the direction', () => {
    assert.equal(cohensH(243 / 300, 298 / 300).toFixed(4), '0.7386');
    close(cohensH(298 / 300, 243 / 300), -cohensH(243 / 300, 298 / 300));
  });
});

describe('many p-values', () => {
  it('are adjusted as scipy does it', () => {
    // scipy 1.17.1: stats.false_discovery_control(…)
    const given = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216];
    const wanted = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.1057142857142857, 0.216, 0.216, 0.216];
    for (const [at, p] of adjustedForMany(given).entries()) close(p, wanted[at] ?? NaN);
    for (const [at, p] of adjustedForMany([0.9, 0.02, 0.04, 0.04]).entries())
      close(p, [0.9, 0.16 / 3, 0.16 / 3, 0.16 / 3][at] ?? NaN);
    assert.deepEqual(adjustedForMany([]), []);
  });

  it('never become smaller, and keep their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), (given) => {
        const adjusted = adjustedForMany(given);
        for (const [at, p] of given.entries()) {
          const own = adjusted[at] ?? NaN;
          assert.ok(own >= p && own <= 1);
          for (const [other, q] of given.entries()) if (p < q) assert.ok(own <= (adjusted[other] ?? NaN));
        }
      }),
    );
  });
});

describe('the lift', () => {
  it('has an interval that numpy’s paired bootstrap gives too', () => {
    const { value, low, high } = lift({ n: 300, gained: 57, lost: 2 }, seededRandom(42));
    close(value, 55 / 300);
    // numpy, 10,000 resamples of 300 pairs: [0.14, 0.23]; a third of a point either way is the draw.
    assert.ok(Math.abs(low - 0.14) < 0.004 && Math.abs(high - 0.23) < 0.004, `${low} ${high}`);
  });

  it('is the same for the same seed, lies in its interval, and is sure where nothing changed', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(40), fc.nat(), (gained, lost, rest, seed) => {
        const pairs = { n: gained + lost + rest + 1, gained, lost };
        const first = lift(pairs, seededRandom(seed));
        assert.deepEqual(lift(pairs, seededRandom(seed)), first);
        assert.ok(first.low <= first.value && first.value <= first.high);
        if (gained + lost === 0) assert.deepEqual(first, { value: 0, low: 0, high: 0 });
      }),
      { numRuns: 20 },
    );
  });
});

it('a median is the middle, or between the two in the middle', () => {
  assert.deepEqual([median([]), median([3]), median([9, 1, 5]), median([4, 1, 3, 2])], [null, 3, 5, 2.5]);
});
