import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAmount, proposedCap } from './budget';

describe('the proposed cap', () => {
  it('is a round amount above the estimate', () => {
    assert.equal(proposedCap(0.61), 1);
    assert.equal(proposedCap(8.2), 10);
    assert.equal(proposedCap(41), 50);
    assert.equal(proposedCap(0), 0.05);
  });

  it('always leaves a fifth above the high end, and never proposes more than three times as much', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 100_000, noNaN: true }), (high) => {
        const cap = proposedCap(high);
        assert.ok(cap >= high * 1.2 * 0.9999 && cap <= high * 3, `${cap} for ${high}`);
      }),
    );
  });
});

describe('an amount that was typed', () => {
  it('is read with a dollar sign, a point or a comma', () => {
    assert.deepEqual(['5', '$2.50', ' 2,50 ', '0.05$'].map(parseAmount), [5, 2.5, 2.5, 0.05]);
  });

  it('is refused when it is zero, below, or no amount', () => {
    assert.deepEqual(['0', '-3', '', 'five', '1e3', '1.000,00'].map(parseAmount), Array(6).fill(undefined));
  });
});
