import assert from 'node:assert/strict';
import fc from 'fast-check';
import { visitOrder } from './visitOrder';

describe('the order of visits', () => {
  it('is a permutation, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer(), (n, seed) => {
        const order = visitOrder(n, seed);
        assert.deepEqual(order, visitOrder(n, seed));
        assert.deepEqual(
          order.toSorted((a, b) => a - b),
          [...Array(n).keys()],
        );
      }),
      { numRuns: 100 },
    );
  });

  it('depends on the seed', () => {
    assert.ok(new Set(Array.from({ length: 20 }, (_, seed) => visitOrder(500, seed).join())).size > 15);
  });

  it('covers the whole evenly after any number of visits: star discrepancy within (log2 m + 3) / m', () => {
    for (const n of [7, 100, 513, 1000, 4097]) {
      for (const seed of [0, 1, 42, -7]) {
        const order = visitOrder(n, seed);
        for (const m of [1, 2, 3, 5, 10, 37, 100, 500, n]) {
          if (m > n) continue;
          const seen = order.slice(0, m).toSorted((a, b) => a - b);
          const worst = Math.max(
            ...seen.map((at, i) => Math.max(Math.abs((i + 1) / m - (at + 0.5) / n), Math.abs(i / m - (at + 0.5) / n))),
          );
          assert.ok(worst <= (Math.log2(m) + 3) / m, `n ${n}, seed ${seed}, m ${m}: ${worst}`);
        }
      }
    }
  });
});
