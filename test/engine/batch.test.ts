import assert from 'node:assert/strict';
import { readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { BatchMode } from '../../src/core/engine/batches';
import type { JournalLine } from '../../src/core/engine/lines';
import type { Stage } from '../../src/core/engine/pipeline';
import { runPipeline } from '../../src/core/engine/run';
import type { RunOptions } from '../../src/core/engine/options';
import type { RunReport } from '../../src/core/records/run';
import type { BatchTeacher } from '../../src/core/teachers/batch';
import { createBatchTeacher, createTeacher } from '../../src/core/teachers/create';
import { parseTeacher } from '../../src/core/teachers/spec';
import type { Teacher } from '../../src/core/teachers/teacher';
import { keys } from '../simulator/requests';
import { type Simulator, startSimulator } from '../simulator/server';
import type { SimulatorOptions } from '../simulator/options';
import { inventStage, judgeStage, linesOf, optionsFor, temporaryFolder, words } from './lab';

const ROWS = 30;
/** Models that think need room for it. */
const roomy = <In, Out>(stage: Stage<In, Out>): Stage<In, Out> => ({ ...stage, maxTokens: () => 1500 });
const everything = ['invent', 'judge'];

for (const name of ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5']) {
  describe(`a run in batches of ${name}`, function () {
    this.timeout(60_000);
    let place: Awaited<ReturnType<typeof temporaryFolder>>;
    let simulator: Simulator;
    beforeEach(async () => {
      place = await temporaryFolder();
    });
    afterEach(async () => {
      await simulator.close();
      await place.remove();
    });

    async function start(options: SimulatorOptions): Promise<{ teacher: Teacher; batched: BatchTeacher }> {
      simulator = await startSimulator({ tokens: 'fast', batchMs: 4, ...options });
      const context = { keys: { env: keys }, env: simulator.env };
      const batched = await createBatchTeacher(parseTeacher(name), context);
      assert.ok(batched);
      return { teacher: await createTeacher(parseTeacher(name), context), batched };
    }

    async function run(
      { teacher, batched }: { teacher: Teacher; batched: BatchTeacher },
      stages: readonly string[],
      more: Partial<RunOptions> & { readonly most?: number } = {},
    ): Promise<RunReport> {
      const { most, ...options } = more;
      const batch: BatchMode = { teachers: [batched], stages, pollMs: 5, gatherMs: 30, ...(most && { most }) };
      const folder = path.join(place.folder, 'run');
      const likeness = (word: string): string => word.slice(0, 9).toLowerCase();
      const pipeline = words(ROWS, roomy(inventStage), likeness, roomy(judgeStage));
      return await runPipeline(pipeline, optionsFor(folder, teacher, { batch, prices: {}, ...options }));
    }

    /** The rows, without what they cost. */
    async function rows(): Promise<unknown[]> {
      const found = await linesOf(path.join(place.folder, 'run'), 'words.jsonl');
      return found.map((row) => ({ ...(row as object), cost: 0 }));
    }

    const journal = async (): Promise<JournalLine[]> =>
      (await linesOf(path.join(place.folder, 'run'), 'journal.jsonl')) as JournalLine[];
    const batched = (): number => [...simulator.bill.models.values()].reduce((sum, model) => sum + model.batched, 0);
    const paidOnce = (): void => assert.ok([...simulator.bill.paid.values()].every((times) => times === 1));
    const billed = (report: RunReport): void =>
      assert.equal(Math.round(report.spend_usd * 1e9), Number(simulator.bill.nano));

    it('gives the rows of a live run, at half the price', async () => {
      const live = await run(await start({}), []);
      const expected = await rows();
      const full = live.spend_usd;
      await simulator.close();
      await place.remove();
      place = await temporaryFolder();
      const report = await run(await start({}), everything);
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
      assert.equal(simulator.bill.answers, report.requests);
      assert.ok(report.requests > ROWS);
      billed(report);
    });

    it('puts what expired or failed into following batches, and cuts what is too many for one', async () => {
      const report = await run(await start({ batchErrored: 0.2, batchExpired: 0.2 }), everything, { most: 8 });
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
      const home = path.join(place.folder, 'home');
      const report = await run(teachers, everything, {
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
      const manifest = JSON.parse(await readFile(path.join(place.folder, 'run', 'run.json'), 'utf8')) as object;
      assert.ok('report' in manifest && JSON.stringify(manifest.report).includes('"batches"'));
      const again = new AbortController();
      const waiting = await run(teachers, everything, {
        drain: again.signal,
        onProgress: ({ batches }) => {
          if (batches?.length) again.abort();
        },
      });
      assert.equal(waiting.requests, ROWS, 'nothing is sent twice');
      await teachers.batched.cancel(waiting.batches?.[0]?.id ?? '', new AbortController().signal);
      simulator.change({ batchMs: 4 });
      const done = await run(teachers, everything);
      assert.equal(done.status, 'completed');
      assert.equal(done.batches, undefined);
      billed(done);
      paidOnce();
    });

    it('finds the batch whose id it did not come to write down, and pays for nothing twice', async () => {
      const teachers = await start({ batchMs: 4 });
      await run(teachers, ['invent']);
      const file = path.join(place.folder, 'run', 'journal.jsonl');
      const whole = await readFile(file);
      const before = simulator.bill.answers;
      // As a process leaves it that was killed before the answer to its submit came.
      await truncate(file, whole.indexOf('{"type":"batch"', whole.indexOf('{"type":"sent"')));
      const report = await run(teachers, ['invent']);
      assert.equal(report.status, 'completed');
      const invented = [...simulator.bill.models.values()].reduce((sum, model) => sum + model.batched, 0);
      assert.equal(invented, ROWS, 'no row was batched twice');
      assert.ok(simulator.bill.answers > before, 'judgements, which the cut took as well, are asked again');
    });

    it('sends again what was never submitted', async () => {
      const teachers = await start({});
      const lines = await crippled(teachers);
      assert.equal(lines.filter((line) => line.type === 'batch' && line.id).length, 0);
      const report = await run(teachers, everything);
      assert.equal(report.status, 'completed');
      billed(report);
      paidOnce();
    });

    /** A session that ends between its intent and its submit. */
    async function crippled({ teacher, batched: real }: { teacher: Teacher; batched: BatchTeacher }) {
      const stop = new AbortController();
      const never: BatchTeacher = {
        provider: real.provider,
        model: real.model,
        deployment: real.deployment,
        parts: (requests) => real.parts(requests),
        submit: async (_requests, _token, signal) => {
          stop.abort();
          return await new Promise((_, reject) => {
            const end = (): void => reject(new DOMException('Stopped.', 'AbortError'));
            if (signal.aborted) end();
            else signal.addEventListener('abort', end);
          });
        },
        find: (sought, signal) => real.find(sought, signal),
        poll: (id, signal) => real.poll(id, signal),
        results: (id, signal) => real.results(id, signal),
        cancel: (id, signal) => real.cancel(id, signal),
      };
      await run({ teacher, batched: never }, everything, { signal: stop.signal });
      return await journal();
    }

    it('holds the wall, and goes on with more money', async () => {
      const teachers = await start({});
      // Room for one or two at their worst.
      const cap = name.startsWith('openai') ? 0.001 : 0.0005;
      const report = await run(teachers, everything, { budget: { run: cap } });
      assert.equal(report.status, 'budget_exhausted');
      assert.ok(report.spend_usd <= cap && report.spend_usd > 0, `${report.spend_usd}`);
      const more = await run(teachers, everything, { budget: { run: 1 } });
      assert.equal(more.status, 'completed');
      billed(more);
      paidOnce();
    });

    it('pauses on a wrong key and loses no row', async () => {
      const teachers = await start({ keys: ['another'] });
      const report = await run(teachers, everything);
      assert.equal(report.status, 'paused');
      assert.match(report.reason ?? '', /key/);
      assert.equal(report.counts.failed, 0);
      simulator.change({ keys: Object.values(keys) });
      assert.equal((await run(teachers, everything)).status, 'completed');
    });
  });
}
