import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planGoal } from '../../records/plan';
import { allocate, type AskCosts, runCost } from './allocate';

const costs: AskCosts = new Map(
  Object.entries({
    'cascade/raw': 0.002,
    'cascade/format': 0.001,
    'cascade/golden': 0.006,
    'ensemble/answer': 0.001,
    'ensemble/judge': 0.0015,
    'ensemble/synthesize': 0.002,
    'improve/improve': 0.0015,
  }).map(([stage, usd]) => [stage, { usd, measured: false }]),
);
const domains = ['medical', 'legal', 'scientific', 'financial'];
const goals = fc.constantFrom(...planGoal.options);

describe('an allocation', function () {
  this.timeout(60_000);

  it('spends no more than there is, and keeps 20 to 25 % back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 1_000_000 }),
        goals,
        fc.integer({ min: 1, max: 4 }),
        (cents, goal, fields) => {
          const { reserve_usd, items } = allocate(cents / 100, goal, domains.slice(0, fields), costs, 3);
          const spent = items.reduce((sum, { usd }) => sum + usd, 0);
          assert.ok(Math.abs(spent + reserve_usd - cents / 100) < 1e-6);
          assert.ok(Math.round(reserve_usd * 100) >= cents * 0.2 && Math.round(reserve_usd * 100) <= cents * 0.25);
        },
      ),
    );
  });
  it('counts the rows that its money pays for, and not one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), goals, (usd, goal) => {
        for (const { pipeline, rows, usd: amount } of allocate(usd, goal, ['legal'], costs, 3).items) {
          if (rows === 1_000_000) continue;
          assert.ok(runCost(pipeline, rows, costs, 3) <= amount);
          assert.ok(runCost(pipeline, rows + 1, costs, 3) > amount * 0.85);
        }
      }),
    );
  });
  it('of $100 in depth is mostly cases of one field, with its golden checks paid for', () => {
    const { items, reserve_usd } = allocate(100, 'depth', ['medical'], costs, 3);
    assert.deepEqual(
      items.map(({ name, usd, rows }) => [name, usd, rows]),
      [
        ['cascade-medical', 60, 14_168],
        ['ensemble', 20, 2000],
      ],
    );
    assert.equal(reserve_usd, 20);
  });
  it('gives the share of a pipeline that cannot be planned to the others', () => {
    const without = new Map([...costs].filter(([stage]) => !stage.startsWith('ensemble/')));
    const { items } = allocate(100, 'breadth', domains, without, 1);
    assert.deepEqual(
      items.map(({ usd }) => usd),
      [20, 20, 20, 20],
    );
  });
});
