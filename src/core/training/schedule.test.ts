import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scheduleOf } from './schedule';

const run = fc.record({
  rows: fc.integer({ min: 1, max: 1_000_000 }),
  batchSize: fc.integer({ min: 1, max: 64 }),
  accumulation: fc.integer({ min: 1, max: 16 }),
  processes: fc.integer({ min: 1, max: 16 }),
  epochs: fc.integer({ min: 1, max: 3 }),
});

describe('the schedule of a run', () => {
  it('counts steps as the trainer does', () => {
    // Seen in the lab: 378 rows, batch 4 × 2, 3 epochs are 144 steps.
    assert.equal(scheduleOf({ rows: 378, batchSize: 4, accumulation: 2, processes: 1, epochs: 3 }).maxSteps, 144);
  });

  it('evaluates at least ten times where there are ten steps, and never more than 500 steps apart', () => {
    fc.assert(
      fc.property(run, (given) => {
        const { maxSteps, evalSteps } = scheduleOf(given);
        assert.ok(evalSteps >= 1 && evalSteps <= 500);
        assert.ok(Math.floor(maxSteps / evalSteps) >= Math.min(10, maxSteps));
      }),
    );
  });
});
