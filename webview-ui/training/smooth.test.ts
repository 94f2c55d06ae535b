import assert from 'node:assert/strict';
import fc from 'fast-check';
import { smooth } from './smooth';

const values = fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true })), { maxLength: 50 });
const weight = fc.double({ min: 0, max: 0.99, noNaN: true });

describe('smoothing', () => {
  it('leaves gaps where they are, and a constant constant', () => {
    fc.assert(
      fc.property(values, weight, fc.double({ min: 1, max: 9, noNaN: true }), (given, by, level) => {
        const smoothed = smooth(given, by);
        assert.deepEqual(
          smoothed.map((value) => value === null),
          given.map((value) => value === null),
        );
        for (const value of smooth([level, level, level], by))
          assert.ok(value !== null && Math.abs(value - level) < 1e-6);
      }),
    );
  });

  it('never leaves the range of what it has seen', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }), weight, (given, by) => {
        const [low, high] = [Math.min(...given), Math.max(...given)];
        for (const value of smooth(given, by)) assert.ok(value !== null && value >= low - 1e-6 && value <= high + 1e-6);
      }),
    );
  });
});
