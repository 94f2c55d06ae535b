import assert from 'node:assert/strict';
import fc from 'fast-check';
import { areaHeight, lastTop, scrollTopAt, TALLEST, topAt, topShowing, visibleRows } from './scaledScroll';

const geometry = fc.record({
  rows: fc.integer({ min: 0, max: 50_000_000 }),
  rowHeight: fc.constant(24),
  viewport: fc.integer({ min: 100, max: 1400 }),
});

describe('The scaled scroll area', () => {
  it('is never taller than a browser allows', () => {
    fc.assert(fc.property(geometry, (it) => assert.ok(areaHeight(it) <= TALLEST)));
  });

  it('shows the first row at its top and the last row at its bottom', () => {
    fc.assert(
      fc.property(geometry, (it) => {
        assert.equal(visibleRows(topAt(0, it), it).first, 0);
        const bottom = topAt(Math.max(0, areaHeight(it) - it.viewport), it);
        assert.equal(visibleRows(bottom, it).end, it.rows);
      }),
    );
  });

  it('finds the scrollbar back from any place', () => {
    fc.assert(
      fc.property(geometry, fc.double({ min: 0, max: 1, noNaN: true }), (it, share) => {
        const top = lastTop(it) * share;
        assert.ok(Math.abs(topAt(scrollTopAt(top, it), it) - top) < 0.01);
      }),
    );
  });

  it('brings any row into sight, with fewer than 60 rows in sight', () => {
    fc.assert(
      fc.property(geometry, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (it, pick, share) => {
        fc.pre(it.rows > 0);
        const row = pick % it.rows;
        const { first, end } = visibleRows(topShowing(row, lastTop(it) * share, it), it);
        assert.ok(first <= row && row < end);
        assert.ok(end - first < 60);
      }),
    );
  });
});
