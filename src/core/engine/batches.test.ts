import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import fc from 'fast-check';
import {
  linesOf,
  mostCommitted,
  optionsFor,
  scripted,
  sensible,
  temporaryFolder,
  words,
} from '../../../test/engine/lab';
import { type BatchRequest, type BatchResult, type BatchTeacher, splitBatch } from '../teachers/batch';
import { TeacherError } from '../teachers/errors';
import type { JournalLine } from './lines';
import type { RunOptions } from './options';
import { runPipeline } from './run';

/** A Batch API in this process: every request of a batch ends as `fate` says, the first time. */
function batchTeacher(fate: (request: number) => 'answered' | 'expired' | 'lost' | 'dear', mostQueued: number) {
  const batches: { readonly requests: readonly BatchRequest[]; readonly rejected: boolean }[] = [];
  const tried = new Set<string>();
  let seen = 0;
  const billed: number[] = [];
  function resultOf({ id, request }: BatchRequest): BatchResult[] {
    const key = JSON.stringify(request);
    const what = tried.has(key) ? 'answered' : fate(seen++);
    tried.add(key);
    if (what === 'lost') return [];
    if (what === 'expired') return [{ id, error: new TeacherError('overloaded', 'Expired.') }];
    const reply = sensible(request);
    const output = what === 'dear' ? request.maxTokens : reply.usage.output;
    // USD 1 and 2 a million, half of it in a batch.
    billed.push((reply.usage.input * 1000 + output * 2000) / 2);
    return [{ id, reply: { ...reply, usage: { ...reply.usage, output } } }];
  }
  const teacher: BatchTeacher = {
    provider: 'lab',
    model: 'scripted',
    deployment: 'scripted#batch',
    parts: (requests) => splitBatch(requests, { requests: 7, bytes: 1e6 }, () => 1),
    submit: async (requests) => String(batches.push({ requests, rejected: requests.length > mostQueued }) - 1),
    find: async () => 'absent',
    poll: async (id) => {
      const batch = batches[Number(id)];
      const total = batch?.requests.length ?? 0;
      if (!batch?.rejected) return { ended: true, total, done: total };
      return { ended: true, total, done: 0, rejected: new TeacherError('rate_limited', 'Too many tokens queued.') };
    },
    async *results(id) {
      for (const request of batches[Number(id)]?.requests ?? []) yield* resultOf(request);
    },
    cancel: async () => undefined,
  };
  return { teacher, billed, batches };
}

describe('batches', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => await place.remove());

  const prices = { 'lab/scripted': { input: 1, output: 2, batch_factor: 0.5 } };

  it('never let spent and reserved pass the cap, whatever becomes of their requests, and every cent is counted', async function () {
    this.timeout(60_000);
    let run = 0;
    const fates = fc.array(fc.constantFrom('answered' as const, 'expired' as const, 'lost' as const, 'dear' as const), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fates, fc.integer({ min: 150_000, max: 3_000_000 }), async (fate, cap) => {
        const folder = path.join(place.folder, String(run++));
        const { teacher, billed } = batchTeacher((request) => fate[request % fate.length] ?? 'answered', 100);
        const batch = { teachers: [teacher], stages: ['invent', 'judge'], pollMs: 1, gatherMs: 2 };
        const report = await runPipeline(
          words(12),
          optionsFor(folder, scripted(sensible), { batch, prices, budget: { run: cap / 1e9 } }),
        );
        assert.ok(report.status === 'completed' || report.status === 'budget_exhausted', report.status);
        assert.equal(
          Math.round(report.spend_usd * 1e9),
          billed.reduce((sum, cost) => sum + cost, 0),
        );
        assert.ok(mostCommitted((await linesOf(folder, 'journal.jsonl')) as JournalLine[]) <= cap);
      }),
      { numRuns: 12 },
    );
  });

  it('that wait have their money in the ledger of the month, also while the run goes on with them', async () => {
    const home = path.join(place.folder, 'home');
    const slow = batchTeacher(() => 'answered', 100).teacher;
    let looked = new AbortController();
    const teacher: BatchTeacher = {
      ...slow,
      poll: async () => {
        looked.abort();
        return { ended: false, total: 7, done: 0 };
      },
    };
    const run = (name: string, more: Partial<RunOptions>) =>
      runPipeline(words(7), optionsFor(path.join(place.folder, name), scripted(sensible), { home, prices, ...more }));
    const batch = { teachers: [teacher], stages: ['invent', 'judge'], pollMs: 1, gatherMs: 2 };
    const first = await run('waits', { batch, monthCapUsd: 1, signal: looked.signal });
    assert.equal(first.status, 'cancelled');
    const sent = (await linesOf(path.join(place.folder, 'waits'), 'journal.jsonl')) as JournalLine[];
    const owed = sent.reduce((sum, line) => sum + (line.type === 'sent' ? line.reserved : 0), 0);
    assert.ok(owed > 0);

    const other = async (name: string): Promise<void> => {
      const report = await run(name, { monthCapUsd: owed / 1e9 });
      assert.deepEqual([report.status, report.spend_usd], ['budget_exhausted', 0], name);
    };
    await other('while it rests');
    looked = new AbortController();
    const stop = new AbortController();
    const resumed = run('waits', { batch, monthCapUsd: 1, signal: stop.signal });
    await once(looked.signal, 'abort');
    await other('while it waits again');
    stop.abort();
    assert.equal((await resumed).status, 'cancelled');
    await run('waits', { batch: { ...batch, teachers: [] }, monthCapUsd: 1 });
    await other('while it rests without its key');
  });

  it('grow smaller until a provider queues them, and no row is lost by it', async () => {
    const { teacher, batches } = batchTeacher(() => 'answered', 3);
    const batch = { teachers: [teacher], stages: ['invent', 'judge'], pollMs: 1, gatherMs: 2 };
    const report = await runPipeline(words(12), optionsFor(place.folder, scripted(sensible), { batch, prices }));
    assert.equal(report.status, 'completed');
    assert.equal(report.counts.failed, 0);
    assert.ok(batches.some(({ rejected }) => rejected) && batches.some(({ rejected }) => !rejected));
  });
});
