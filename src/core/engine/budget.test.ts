import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Budget, BudgetExhausted, type Reservation } from './budget';

const never = new AbortController().signal;
const same = (amount: number) => (): number => amount;

describe('a budget', () => {
  it('never lets spent and reserved pass a cap, at any level, in any order of events', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('ask' as const),
        stage: fc.constantFrom('a', 'b', 'c'),
        amount: fc.integer({ min: 0, max: 40 }),
        slack: fc.integer({ min: 0, max: 20 }),
      }),
      fc.record({
        do: fc.constant('settle' as const),
        which: fc.nat(),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ do: fc.constant('release' as const), which: fc.nat() }),
      fc.record({ do: fc.constant('turn' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 100 }),
        fc.record({ share: fc.integer({ min: 0, max: 60 }), reserve: fc.integer({ min: 0, max: 60 }) }),
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 4 }),
        fc.array(step, { maxLength: 80 }),
        async (run, stage, { share, reserve }, grants, steps) => {
          const month = { number: 0, granted: 0, spent: 0 };
          const left = [...grants];
          const budget = new Budget(
            { run, stages: new Map([['a', stage]]), shares: new Map([['b', share]]), reserve },
            {
              get month() {
                return String(month.number);
              },
              extend: async (need) => {
                const amount = left.pop() ?? 0;
                const given = amount >= need ? amount : 0;
                month.granted += given;
                return given;
              },
              renew: async (held) => {
                month.granted = held;
                month.spent = budget.spent;
              },
            },
          );
          const open: Reservation[] = [];
          let asked = 0;
          let answered = 0;
          const holds = (): void => {
            assert.ok(budget.spent + budget.reserved <= run);
            assert.ok(budget.spentBy('a') <= stage);
            assert.ok(budget.spent - month.spent + budget.reserved <= month.granted);
          };
          for (const event of steps) {
            if (event.do === 'ask') {
              asked += 1;
              const cheap = event.amount + event.slack;
              void budget.reserve(event.stage, cheap, same(event.amount), never).then(
                (reservation) => {
                  open.push(reservation);
                  answered += 1;
                  holds();
                },
                (error: unknown) => {
                  assert.ok(error instanceof BudgetExhausted);
                  answered += 1;
                },
              );
            } else if (event.do === 'turn') {
              month.number += 1;
              budget.lookAtMonth();
            } else {
              const [reservation] = open.splice(event.which % Math.max(1, open.length), 1);
              if (event.do === 'settle') reservation?.settle(Math.floor(event.share * reservation.amount));
              else reservation?.release();
            }
            await new Promise(setImmediate);
            holds();
          }
          // When all that is under way has come back, everybody has been answered: nobody waits for ever.
          for (let round = 0; round < 200 && (answered < asked || open.length > 0); round += 1) {
            for (const reservation of open.splice(0)) reservation.settle(reservation.amount);
            await new Promise(setImmediate);
            holds();
          }
          assert.equal(answered, asked);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('asks for the tight bound only when the cheap one does not fit', async () => {
    const budget = new Budget({ run: 100, stages: new Map() });
    let counted = 0;
    const tight = (): number => {
      counted += 1;
      return 30;
    };
    assert.equal((await budget.reserve('a', 60, tight, never)).amount, 60);
    assert.equal(counted, 0);
    assert.equal((await budget.reserve('a', 60, tight, never)).amount, 30);
    assert.equal(counted, 1);
  });

  it('makes a request wait while only the reservations of others are in its way', async () => {
    const budget = new Budget({ run: 100, stages: new Map() });
    const first = await budget.reserve('a', 80, same(80), never);
    const second = budget.reserve('a', 80, same(80), never);
    first.settle(10);
    assert.equal((await second).amount, 80);
    await assert.rejects(budget.reserve('a', 95, same(95), never), { code: 'budget_exhausted', level: 'run' });
  });

  it('lets a stage draw on the reserve, then on what others leave of their shares, but not past a wall', async () => {
    const shares = new Map([
      ['a', 30],
      ['b', 40],
    ]);
    const budget = new Budget({ run: 100, stages: new Map([['c', 10]]), shares, reserve: 20 });
    const take = (stage: string, amount: number) => budget.reserve(stage, amount, same(amount), never);
    (await take('a', 50)).settle(50);
    const others = await take('b', 10);
    const waiting = take('a', 10);
    await assert.rejects(take('c', 11), { level: 'stage c' });
    await assert.rejects(take('a', 60), { level: 'run' }, 'more than the run has left');
    let waits = true;
    void waiting.then(() => (waits = false));
    await new Promise(setImmediate);
    assert.ok(waits, 'what the other stage needs is not known yet');
    others.settle(5);
    (await waiting).settle(10);
    (await take('b', 35)).settle(35);
    await assert.rejects(take('b', 1), { level: 'run' });
  });

  it('lets go of a waiting request when the run stops', async () => {
    const budget = new Budget({ run: 100, stages: new Map() });
    const held = await budget.reserve('a', 80, same(80), never);
    const stop = new AbortController();
    const waiting = budget.reserve('a', 50, same(50), stop.signal);
    stop.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    held.settle(0);
    assert.equal(budget.reserved, 0);
  });

  it('is exact over a hundred thousand settlements', async () => {
    const budget = new Budget({ run: Number.MAX_SAFE_INTEGER, stages: new Map() });
    let expected = 0n;
    for (let row = 0; row < 100_000; row += 1) {
      const billed = 7_000_001 + (row % 9973);
      (await budget.reserve('a', 10_000_000, same(10_000_000), never)).settle(billed);
      expected += BigInt(billed);
    }
    assert.equal(BigInt(budget.spent), expected);
    assert.equal(budget.reserved, 0);
  });
});
