import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { optionsFor, scripted, sensible, temporaryFolder, words } from '../../../test/engine/lab';
import { Budget } from './budget';
import { LEDGER, LedgerAccount, spendByMonth } from './ledger';
import { fromUsd } from './money';
import { runPipeline } from './run';

describe('the ledger', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => await place.remove());

  it('gives no more than the cap to several runs that ask at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }), {
          minLength: 2,
          maxLength: 5,
        }),
        async (runs) => {
          const home = path.join(place.folder, Math.random().toString(36).slice(2));
          const grants = await Promise.all(
            runs.map(async (needs, index) => {
              const account = await LedgerAccount.open(home, { id: `run ${index}`, kind: 'words' }, 1e-6);
              let granted = 0;
              for (const need of needs) granted += await account.extend(need);
              return granted;
            }),
          );
          assert.ok(grants.reduce((sum, granted) => sum + granted, 0) <= 1000);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('gives back what a run did not spend, also that of a run that was killed, when it is resumed', async () => {
    const killed = await LedgerAccount.open(place.folder, { id: 'one', kind: 'words' }, 2);
    assert.ok((await killed.extend(fromUsd(1.5))) >= fromUsd(1.5));
    const other = await LedgerAccount.open(place.folder, { id: 'two', kind: 'words' }, 2);
    assert.equal(await other.extend(fromUsd(1)), 0);
    const resumed = await LedgerAccount.open(place.folder, { id: 'one', kind: 'words' }, 2);
    assert.equal(await other.extend(fromUsd(1)), 0, 'until the run says what it spent, all of it stays set aside');
    await resumed.renew(new Map([['lab/scripted', fromUsd(0.25)]]), 0);
    assert.ok((await other.extend(fromUsd(1.7))) >= fromUsd(1.7));
    assert.equal(await other.extend(fromUsd(0.1)), 0);
  });

  it('counts every line once, whatever an account does at the same time', async () => {
    const cap = 1000;
    const step = fc.oneof(
      fc.record({ do: fc.constant('extend' as const), amount: fc.integer({ min: 1, max: 150 }) }),
      fc.record({ do: fc.constant('report' as const), amount: fc.integer({ min: 1, max: 60 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        const home = path.join(place.folder, Math.random().toString(36).slice(2));
        const account = await LedgerAccount.open(home, { id: 'one', kind: 'words' }, cap / 1e9);
        let total = 0;
        const granted = await Promise.all(
          steps.map(async ({ do: what, amount }) => {
            if (what === 'extend') return await account.extend(amount);
            total += amount;
            await account.report(new Map([['lab/scripted', total]]));
            return -amount;
          }),
        );
        const leased = granted.reduce((sum, one) => Math.max(0, sum + one), 0);
        const [month] = await spendByMonth(home);
        assert.equal(Math.round((month?.spent_usd ?? 0) * 1e9), total);
        const left = Math.max(0, cap - total - leased);
        const fresh = await LedgerAccount.open(home, { id: 'two', kind: 'words' }, cap / 1e9);
        for (const one of [account, fresh]) assert.equal(await one.extend(left + 1), 0);
        assert.equal(await account.extend(left), left);
      }),
      { numRuns: 25 },
    );
  });

  it('holds between processes, and loses no line of theirs', async () => {
    const work = `
      const { LedgerAccount } = require(${JSON.stringify(path.join(__dirname, 'ledger.ts'))});
      async function main([home, id]) {
        const account = await LedgerAccount.open(home, { id, kind: 'words' }, 1e-6);
        const spent = new Map([['lab/scripted', 0]]);
        for (;;) {
          const [granted] = await Promise.all([account.extend(20), account.report(spent)]);
          if (granted === 0) break;
          spent.set('lab/scripted', spent.get('lab/scripted') + granted);
        }
        await account.report(spent);
        await account.close();
        console.log(spent.get('lab/scripted'));
      }
      void main(process.argv.slice(1));`;
    const spent = await Promise.all(
      ['one', 'two'].map(async (id) => {
        const args = ['--require', 'tsx', '-e', work, place.folder, id];
        return Number((await promisify(execFile)(process.execPath, args, { timeout: 15_000 })).stdout);
      }),
    );
    const total = spent.reduce((sum, one) => sum + one, 0);
    assert.ok(total <= 1000 && total > 980, spent.join(' and '));
    const [month] = await spendByMonth(place.folder);
    assert.equal(Math.round((month?.spent_usd ?? 0) * 1e9), total);
  });

  describe('at the turn of the month', () => {
    const cap = 1;
    let now: Date;
    let clock: () => Date;
    beforeEach(() => {
      now = new Date('2026-11-30T23:59:58Z');
      clock = () => now;
    });
    const account = (id: string) => LedgerAccount.open(place.folder, { id, kind: 'words' }, cap, clock);

    it('grants for the old month are void, and what is under way counts in the new one', async () => {
      const mine = await account('one');
      const spent = new Map([['lab/scripted', 0]]);
      const budget = new Budget(
        { stages: new Map() },
        {
          get month() {
            return mine.month;
          },
          extend: (need) => mine.extend(need),
          renew: (held) => mine.renew(spent, held),
        },
      );
      const take = (usd: number) => budget.reserve('a', fromUsd(usd), () => fromUsd(usd), new AbortController().signal);
      const first = await take(0.5);
      spent.set('lab/scripted', fromUsd(0.1));
      first.settle(fromUsd(0.1));
      await take(0.3);
      now = new Date('2026-12-01T00:00:00Z');
      const other = await account('two');
      assert.ok((await other.extend(fromUsd(0.6))) >= fromUsd(0.6), 'nothing of December is taken yet');
      // November granted 0.5, of which 0.1 is spent and 0.3 under way: 0.1 would be left of it.
      budget.lookAtMonth();
      await assert.rejects(take(0.35), { level: 'month' });
      assert.ok(await take(0.04));
      assert.equal(await other.extend(fromUsd(0.07)), 0, 'what is under way is set aside in December');
      await mine.report(spent);
      assert.deepEqual(
        (await spendByMonth(place.folder)).map(({ month, spent_usd: usd }) => [month, usd]),
        [['2026-11', 0.1]],
        'what was spent before belongs to November',
      );
    });

    it('a batch that goes on without its run counts in the month in which it may end', async () => {
      const mine = await account('one');
      await mine.close(fromUsd(0.9));
      now = new Date('2026-12-01T00:00:00Z');
      const other = await account('two');
      assert.equal(await other.extend(fromUsd(0.2)), 0);
      await (await account('one')).renew(new Map([['lab/scripted', fromUsd(0.05)]]), 0);
      assert.ok((await other.extend(fromUsd(0.9))) >= fromUsd(0.9));
    });
  });

  it('equals what the journals say, also after a torn line', async () => {
    const home = path.join(place.folder, 'home');
    const run = async (name: string, count: number): Promise<number> => {
      const folder = path.join(place.folder, name);
      return (await runPipeline(words(count), optionsFor(folder, scripted(sensible), { home }))).spend_usd;
    };
    let total = await run('a', 7);
    await appendFile(path.join(home, LEDGER), '{"type":"spend","run":"of a process that die');
    total += await run('b', 12);
    total += (await run('a', 7)) * 0;
    const [month] = await spendByMonth(home);
    assert.equal(month?.spent_usd, total);
    assert.deepEqual(month.by_provider, { lab: total });
    assert.deepEqual(month.by_pipeline, { words: total });
  });

  it('holds the monthly cap over several runs at once', async () => {
    const home = path.join(place.folder, 'home');
    const reports = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        runPipeline(
          words(30),
          optionsFor(path.join(place.folder, name), scripted(sensible), { home, monthCapUsd: 0.006 }),
        ),
      ),
    );
    const spent = reports.reduce((sum, report) => sum + report.spend_usd, 0);
    assert.ok(spent <= 0.006 && spent > 0.005, `${spent}`);
    assert.ok(reports.some((report) => report.status === 'budget_exhausted' && /month/.test(report.reason ?? '')));
    const more = await runPipeline(
      words(30),
      optionsFor(path.join(place.folder, 'a'), scripted(sensible), { home, monthCapUsd: 1 }),
    );
    assert.equal(more.status, 'completed');
  });

  it('hears nothing of runs that cost nothing', async () => {
    const home = path.join(place.folder, 'home');
    const prices = { 'lab/scripted': { input: 0, output: 0 } };
    await runPipeline(words(3), optionsFor(path.join(place.folder, 'a'), scripted(sensible), { home, prices }));
    await assert.rejects(readFile(path.join(home, LEDGER)), { code: 'ENOENT' });
  });
});
