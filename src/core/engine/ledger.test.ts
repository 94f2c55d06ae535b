import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { optionsFor, scripted, sensible, temporaryFolder, words } from '../../../test/engine/lab';
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
    await resumed.report(new Map([['lab/scripted', fromUsd(0.25)]]));
    assert.ok((await other.extend(fromUsd(1.7))) >= fromUsd(1.7));
    assert.equal(await other.extend(fromUsd(0.1)), 0);
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
