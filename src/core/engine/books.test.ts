import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import {
  inventStage,
  judgeStage,
  linesOf,
  mostCommitted,
  optionsFor,
  said,
  scripted,
  sensible,
  temporaryFolder,
  wholeLines,
} from '../../../test/engine/lab';
import type { RunReport } from '../records/run';
import { TeacherError } from '../teachers/errors';
import { priceOf } from '../teachers/prices';
import { LEDGER, type LedgerLine } from './ledger';
import type { JournalLine } from './lines';
import { AskFailed, asked, type Pipeline, StageClosed, type Unit } from './pipeline';
import { runPipeline } from './run';

/** A word is invented, and several votes on it decide. */
function voted(count: number, votes: number): Pipeline<Unit> {
  const none = { requested: 1, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };
  return {
    kind: 'voted',
    stages: [inventStage, judgeStage],
    unitCount: count,
    units: () => Array.from({ length: count }, (_, index) => ({ index, id: `w${index}` })),
    async work(unit, context) {
      const { value: word } = await context.ask(inventStage, unit);
      const given = await Promise.all(
        Array.from({ length: votes }, (_, vote) => asked(context.ask(judgeStage, word, { vote }))),
      );
      if (given.some((one) => one instanceof StageClosed))
        return { rows: {}, counts: { ...none, unvalidated: 1 }, open: true };
      if (given.some((one) => one instanceof AskFailed)) return { rows: {}, counts: { ...none, failed: 1 } };
      return { rows: {}, counts: { ...none, ok: 1, approved: 1 } };
    },
    outputs: [],
  };
}

const FATES = ['answered', 'whole', 'garbage', 'cut', 'refused', 'lost', 'timeout', 'busy'] as const;

describe('the books of a run', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => await place.remove());

  it('agree: the wall holds at every step, ledger and journal are equal, every row is accounted for', async function () {
    this.timeout(60_000);
    const rate = fc.double({ min: 0.01, max: 30, noNaN: true });
    const price = fc.record({ input: rate, output: rate });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          invent: price,
          judge: price,
          votes: fc.integer({ min: 1, max: 4 }),
          units: fc.integer({ min: 1, max: 10 }),
          fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 12 }),
          cap: fc.integer({ min: 1_000_000, max: 60_000_000 }),
          month: fc.option(fc.integer({ min: 1_000_000, max: 60_000_000 }), { nil: undefined }),
          stops: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 2 }),
        }),
        async ({ invent, judge, votes, units, fates, cap, month, stops }) => {
          const folder = path.join(place.folder, String(run++));
          const home = path.join(folder, 'home');
          const prices = { 'lab/scripted': invent, 'lab/judge': judge };
          const billed = new Map<string, number>();
          let count = 0;
          let stop: (() => void) | undefined;
          const teacher = async (model: string) => {
            const known = await priceOf('lab', model, prices);
            return scripted((request) => {
              stop?.();
              const fate = fates[count++ % fates.length] ?? 'answered';
              if (fate === 'lost') throw new TeacherError('network', 'Cut off.', { maybeBilled: true });
              if (fate === 'timeout') throw new TeacherError('timeout', 'Too late.', { maybeBilled: true });
              if (fate === 'busy') throw new TeacherError('overloaded', 'Busy.');
              const reply = fate === 'garbage' ? said('no JSON') : sensible(request);
              const finish = fate === 'cut' ? 'length' : fate === 'refused' ? 'refusal' : 'stop';
              const output = fate === 'whole' || fate === 'cut' ? request.maxTokens : reply.usage.output;
              const usage = { ...reply.usage, output };
              billed.set(model, (billed.get(model) ?? 0) + (known?.billed(usage, new Date()) ?? Number.NaN));
              return { ...reply, finish, usage };
            }, model);
          };
          const teachers = { inventor: [await teacher('scripted')], judge: [await teacher('judge')] };
          const session = async (stopAfter = Infinity): Promise<RunReport> => {
            const abort = new AbortController();
            let asks = 0;
            stop = () => {
              asks += 1;
              if (asks === stopAfter) abort.abort();
            };
            const report = await runPipeline(voted(units, votes), {
              ...optionsFor(folder, scripted(sensible), { prices, home, budget: { run: cap / 1e9 } }),
              teachers,
              signal: abort.signal,
              ...(month !== undefined && { monthCapUsd: month / 1e9 }),
            });
            await checkBooks(folder, home, report, { cap, month });
            return report;
          };
          for (const stopAfter of stops) await session(stopAfter);
          const report = await session();
          assert.ok(Math.round(report.spend_usd * 1e9) >= [...billed.values()].reduce((sum, usd) => sum + usd, 0));
          if (report.status === 'completed') assert.equal(report.counts.requested, units);
        },
      ),
      { numRuns: 12 },
    );
  });

  async function checkBooks(
    folder: string,
    home: string,
    { counts, spend_usd }: RunReport,
    { cap, month }: { readonly cap: number; readonly month: number | undefined },
  ): Promise<void> {
    const journal = (await linesOf(folder, 'journal.jsonl')) as JournalLine[];
    assert.ok(mostCommitted(journal) <= Math.min(cap, month ?? Infinity), 'the wall');
    const paid = new Map<string, number>();
    for (const line of journal) {
      if ((line.type !== 'reply' && line.type !== 'lost') || line.cost === 0) continue;
      paid.set(line.teacher, (paid.get(line.teacher) ?? 0) + line.cost);
    }
    const told = new Map<string, number>();
    const leases = new Set<string>();
    for (const line of paid.size > 0 ? (wholeLines(path.join(home, LEDGER)) as LedgerLine[]) : []) {
      if (line.type === 'spend') told.set(line.teacher, (told.get(line.teacher) ?? 0) + line.amount);
      else if (line.type === 'lease') leases.add(line.lease);
      else leases.delete(line.lease);
    }
    assert.deepEqual([...told].sort(), [...paid].sort(), 'the ledger says what the journal says');
    assert.equal(leases.size, 0, 'nothing stays set aside');
    assert.equal(
      Math.round(spend_usd * 1e9),
      [...paid.values()].reduce((sum, cost) => sum + cost, 0),
    );
    const { requested, ok, rejected, failed, unvalidated } = counts;
    assert.equal(requested, ok + rejected + failed + unvalidated);
  }
});
