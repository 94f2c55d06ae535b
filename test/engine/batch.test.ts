import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import type { JournalLine } from '../../src/core/engine/lines';
import { cancelBatches } from '../../src/core/engine/cancelBatches';
import type { RunOptions } from '../../src/core/engine/options';
import type { RunReport } from '../../src/core/records/run';
import type { BatchTeacher } from '../../src/core/teachers/batch';
import type { SimulatorOptions } from '../simulator/options';
import { keys } from '../simulator/requests';
import { linesOf } from './lab';
import { everyStage, WirePlace, type WireTeachers } from './onWire';

const ROWS = 30;

for (const name of ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5']) {
  describe(`a run in batches of ${name}`, function () {
    this.timeout(60_000);
    let place: WirePlace;
    beforeEach(async () => {
      place = await WirePlace.open();
    });
    afterEach(() => place.close());

    const start = (options: SimulatorOptions): Promise<WireTeachers> => place.start(name, options);

    async function run(
      teachers: WireTeachers,
      stages: readonly string[],
      { most, ...more }: Partial<RunOptions> & { readonly most?: number } = {},
    ): Promise<RunReport> {
      return await place.run(teachers, ROWS, { stages, pollMs: 5, gatherMs: 30, ...(most && { most }) }, more);
    }

    /** The rows, without what they cost. */
    async function rows(): Promise<unknown[]> {
      const found = await linesOf(place.file('run'), 'words.jsonl');
      return found.map((row) => ({ ...(row as object), cost: 0 }));
    }

    const journal = async (): Promise<JournalLine[]> =>
      (await linesOf(place.file('run'), 'journal.jsonl')) as JournalLine[];
    const batched = (): number =>
      [...place.simulator.bill.models.values()].reduce((sum, model) => sum + model.batched, 0);
    const paidOnce = (): void => assert.ok([...place.simulator.bill.paid.values()].every((times) => times === 1));
    const billed = (report: RunReport): void =>
      assert.equal(Math.round(report.spend_usd * 1e9), Number(place.simulator.bill.nano));

    it('gives the rows of a live run, at half the price', async () => {
      const live = await run(await start({}), []);
      const expected = await rows();
      const full = live.spend_usd;
      await place.close();
      place = await WirePlace.open();
      const report = await run(await start({}), everyStage);
      assert.equal(report.status, 'completed');
      assert.deepEqual(await rows(), expected);
      assert.equal(batched(), report.requests);
      assert.ok(Math.abs(report.spend_usd / full - 0.5) < 0.001, `${report.spend_usd} of ${full}`);
      billed(report);
      paidOnce();
    });

    it('batches one stage and asks the other live', async () => {
      const report = await run(await start({}), ['invent']);
      assert.equal(report.status, 'completed');
      assert.equal(batched(), ROWS);
      assert.equal(place.simulator.bill.answers, report.requests);
      assert.ok(report.requests > ROWS);
      billed(report);
    });

    it('puts what expired or failed into following batches, and cuts what is too many for one', async () => {
      const report = await run(await start({ batchErrored: 0.2, batchExpired: 0.2 }), everyStage, { most: 8 });
      assert.equal(report.status, 'completed');
      assert.equal(report.counts.failed, 0);
      const sizes = (await journal()).flatMap((line) => (line.type === 'batch' && line.id ? [line.size] : []));
      assert.ok(sizes.length > ROWS / 8 && sizes.every((size) => size <= 8), sizes.join());
      billed(report);
      paidOnce();
    });

    it('stops without waiting, shows what waits, and takes it up again', async () => {
      const teachers = await start({ batchMs: 60_000 });
      const stop = new AbortController();
      const home = place.file('home');
      const report = await run(teachers, everyStage, {
        home,
        drain: stop.signal,
        onProgress: ({ batches }) => {
          if (batches?.[0]?.id) stop.abort();
        },
      });
      assert.equal(report.status, 'cancelled');
      assert.deepEqual(
        report.batches?.map(({ requests, done }) => [requests, done]),
        [[ROWS, 0]],
      );
      assert.equal(report.spend_usd, 0);
      const [lease, ...rest] = (await linesOf(home, 'ledger.jsonl')) as { type: string; amount: number }[];
      assert.ok(
        lease?.type === 'lease' && lease.amount > 0 && rest.length === 0,
        'the month still holds what it may cost',
      );
      const manifest = JSON.parse(await readFile(place.file('run', 'run.json'), 'utf8')) as object;
      assert.ok('report' in manifest && JSON.stringify(manifest.report).includes('"batches"'));
      const again = new AbortController();
      const waiting = await run(teachers, everyStage, {
        drain: again.signal,
        onProgress: ({ batches }) => {
          if (batches?.length) again.abort();
        },
      });
      assert.equal(waiting.requests, ROWS, 'nothing is sent twice');
      await teachers.batched?.cancel(waiting.batches?.[0]?.id ?? '', new AbortController().signal);
      place.simulator.change({ batchMs: 4 });
      const done = await run(teachers, everyStage);
      assert.equal(done.status, 'completed');
      assert.equal(done.batches, undefined);
      billed(done);
      paidOnce();
    });

    /** A session that ends while its batch is worked on. */
    async function stopped(teachers: WireTeachers): Promise<RunReport> {
      const stop = new AbortController();
      return await run(teachers, everyStage, {
        drain: stop.signal,
        onProgress: ({ batches }) => {
          if (batches?.[0]?.id) stop.abort();
        },
      });
    }

    const cancel = ({ batched: known }: WireTeachers) =>
      cancelBatches(place.file('run'), async () => known, new AbortController().signal);

    it('pauses when the provider does not know its batch; given up it counts as billed, and the rows go on', async () => {
      await stopped(await start({ batchMs: 60_000 }));
      const teachers = await start({});
      const paused = await run(teachers, everyStage);
      assert.equal(paused.status, 'paused');
      assert.match(paused.reason ?? '', /knows no batch .*runs cancel NAME/);
      assert.equal(paused.spend_usd, 0);
      assert.deepEqual(
        (await cancel(teachers)).map(({ became, requests }) => [became, requests]),
        [['gone', ROWS]],
      );
      const done = await run(teachers, everyStage);
      assert.equal(done.status, 'completed');
      assert.equal(done.counts.failed, 0);
      assert.ok(done.spend_usd * 1e9 > Number(place.simulator.bill.nano) * 1.5, 'what was given up is counted as well');
      assert.deepEqual(await cancel(teachers), []);
    });

    it('gives up a batch that has not ended days after it was promised', async () => {
      const teachers = await start({ batchMs: 60_000 });
      await stopped(teachers);
      await age(4);
      place.simulator.change({ batchMs: 4 });
      const done = await run(teachers, everyStage);
      assert.equal(done.status, 'completed');
      assert.equal(done.counts.failed, 0);
      assert.ok(done.spend_usd * 1e9 > Number(place.simulator.bill.nano), 'what was given up is counted as well');
    });

    const DAY_MS = 24 * 3_600_000;

    /** Makes the run's batches older. */
    async function age(days: number): Promise<void> {
      const sent = new Date(Date.now() - days * DAY_MS).toISOString();
      const old = (await journal()).map((line) => (line.type === 'batch' ? { ...line, at: sent } : line));
      await writeFile(place.file('run', 'journal.jsonl'), old.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }

    /** A session that stops at its first look at a batch, which ends after that. */
    async function leftBehind({ teacher, batched: real }: WireTeachers): Promise<void> {
      assert.ok(real);
      const stop = new AbortController();
      const { signal } = new AbortController();
      let left = '';
      const batched = altered(real, {
        poll: async (id) => {
          left = id;
          stop.abort();
          return await Promise.reject(new DOMException('Stopped.', 'AbortError'));
        },
      });
      await run({ teacher, batched }, everyStage, { drain: stop.signal });
      let { ended } = await real.poll(left, signal);
      while (!ended) ({ ended } = await real.poll(left, signal));
    }

    it('takes in a batch that ended long ago, as long as its results are kept', async () => {
      const teachers = await start({});
      await leftBehind(teachers);
      await age(27);
      const done = await run(teachers, everyStage);
      assert.equal(done.status, 'completed');
      billed(done);
      paidOnce();
    });

    it('gives up a batch whose results are kept no more: it counts as billed, and its rows go on', async () => {
      const teachers = await start({});
      await leftBehind(teachers);
      await age(30);
      place.simulator.change({ withoutResults: true });
      const report = await run(teachers, [], { home: place.file('home'), budget: { run: 1 } });
      assert.equal(report.status, 'completed');
      assert.equal(report.counts.failed, 0);
      assert.ok((await journal()).some((line) => line.type === 'lost' && line.message.includes('dropped this batch')));
      assert.ok(report.spend_usd * 1e9 > Number(place.simulator.bill.nano), 'what was given up is counted as well');
    });

    it('pauses when the results of its batch are missing; given up it counts as billed, and the rows go on', async () => {
      const teachers = await start({});
      await leftBehind(teachers);
      place.simulator.change({ withoutResults: true });
      const paused = await run(teachers, everyStage);
      assert.equal(paused.status, 'paused');
      assert.match(paused.reason ?? '', /runs cancel NAME/);
      assert.deepEqual(
        (await cancel(teachers)).map(({ became, requests }) => [became, requests]),
        [['gone', ROWS]],
      );
      place.simulator.change({ withoutResults: false });
      const done = await run(teachers, everyStage);
      assert.equal(done.status, 'completed');
      assert.equal(done.counts.failed, 0);
    });

    it('cancels a batch whose id was not written down', async () => {
      const teachers = await start({ batchMs: 60_000 });
      await stopped(teachers);
      const file = place.file('run', 'journal.jsonl');
      const lines = (await journal()).filter((line) => line.type !== 'batch' || line.id === undefined);
      await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const [one, ...others] = await cancel(teachers);
      assert.equal(others.length, 0);
      assert.ok(one?.became === 'cancelled' && one.id !== null && one.requests === ROWS);
      place.simulator.change({ batchMs: 4 });
      const done = await run(teachers, everyStage);
      assert.equal(done.status, 'completed');
      billed(done);
      paidOnce();
    });

    it('finds the batch whose id it did not come to write down, and pays for nothing twice', async () => {
      const teachers = await start({ batchMs: 4 });
      await run(teachers, ['invent']);
      const file = place.file('run', 'journal.jsonl');
      const whole = await readFile(file);
      const before = place.simulator.bill.answers;
      // As a process leaves it that was killed before the answer to its submit came.
      await truncate(file, whole.indexOf('{"type":"batch"', whole.indexOf('{"type":"sent"')));
      const report = await run(teachers, ['invent']);
      assert.equal(report.status, 'completed');
      const invented = [...place.simulator.bill.models.values()].reduce((sum, model) => sum + model.batched, 0);
      assert.equal(invented, ROWS, 'no row was batched twice');
      assert.ok(place.simulator.bill.answers > before, 'judgements, which the cut took as well, are asked again');
    });

    it('sends again what was never submitted', async () => {
      const teachers = await start({});
      const lines = await crippled(teachers);
      assert.equal(lines.filter((line) => line.type === 'batch' && line.id).length, 0);
      const report = await run(teachers, everyStage);
      assert.equal(report.status, 'completed');
      billed(report);
      paidOnce();
    });

    /** A session that ends between its intent and its submit. */
    async function crippled({ teacher, batched: real }: WireTeachers) {
      assert.ok(real);
      const stop = new AbortController();
      const never = altered(real, {
        submit: async (_requests, _token, signal) => {
          stop.abort();
          return await new Promise((_, reject) => {
            const end = (): void => reject(new DOMException('Stopped.', 'AbortError'));
            if (signal.aborted) end();
            else signal.addEventListener('abort', end);
          });
        },
      });
      await run({ teacher, batched: never }, everyStage, { signal: stop.signal });
      return await journal();
    }

    it('holds the wall, and goes on with more money', async () => {
      const teachers = await start({});
      // Room for one or two at their worst.
      const cap = name.startsWith('openai') ? 0.001 : 0.0005;
      const report = await run(teachers, everyStage, { budget: { run: cap } });
      assert.equal(report.status, 'budget_exhausted');
      assert.ok(report.spend_usd <= cap && report.spend_usd > 0, `${report.spend_usd}`);
      const more = await run(teachers, everyStage, { budget: { run: 1 } });
      assert.equal(more.status, 'completed');
      billed(more);
      paidOnce();
    });

    for (const when of name.startsWith('openai') ? (['submit', 'check'] as const) : (['submit'] as const)) {
      it(`pauses when a batch is refused as a whole (${when}), and loses no row`, async () => {
        const teachers = await start({ refusesBatches: when });
        const report = await run(teachers, everyStage);
        assert.equal(report.status, 'paused');
        assert.match(report.reason ?? '', /This model is not supported by the Batch API\..* without batches/s);
        assert.equal(report.counts.failed, 0);
        assert.equal(report.spend_usd, 0);
        assert.equal(report.batches, undefined, 'nothing waits');
        const live = await run(teachers, [], { budget: { run: 1 } });
        assert.equal(live.status, 'completed');
        assert.equal(live.counts.requested, ROWS);
        billed(live);
        paidOnce();
      });
    }

    it('pauses on a wrong key and loses no row', async () => {
      const teachers = await start({ keys: ['another'] });
      const report = await run(teachers, everyStage);
      assert.equal(report.status, 'paused');
      assert.match(report.reason ?? '', /key/);
      assert.equal(report.counts.failed, 0);
      place.simulator.change({ keys: Object.values(keys) });
      assert.equal((await run(teachers, everyStage)).status, 'completed');
    });
  });
}

/** The same Batch API, but for some of its calls. */
function altered(real: BatchTeacher, calls: Partial<BatchTeacher>): BatchTeacher {
  return {
    provider: real.provider,
    model: real.model,
    deployment: real.deployment,
    parts: (requests) => real.parts(requests),
    submit: (requests, token, signal) => real.submit(requests, token, signal),
    find: (sought, signal) => real.find(sought, signal),
    poll: (id, signal) => real.poll(id, signal),
    results: (id, signal) => real.results(id, signal),
    cancel: (id, signal) => real.cancel(id, signal),
    ...calls,
  };
}
