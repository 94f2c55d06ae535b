import assert from 'node:assert/strict';
import path from 'node:path';
import type { Stage } from '../../src/core/engine/pipeline';
import { runPipeline } from '../../src/core/engine/run';
import type { RunReport } from '../../src/core/records/run';
import { createBatchTeacher, createTeacher } from '../../src/core/teachers/create';
import { parseTeacher } from '../../src/core/teachers/spec';
import { keys } from '../simulator/requests';
import { FAULTS, type FaultRates } from '../simulator/options';
import { type Simulator, startSimulator } from '../simulator/server';
import { inventStage, judgeStage, optionsFor, temporaryFolder, words } from './lab';

const ROWS = 10;
const ways = [
  ['openai/gpt-6-luna', 'live'],
  ['openai/gpt-6-luna', 'batch'],
  ['anthropic/claude-haiku-5-5', 'live'],
  ['anthropic/claude-haiku-5-5', 'batch'],
  ['deepseek/deepseek-flash', 'live'],
] as const;
const roomy = <In, Out>(stage: Stage<In, Out>): Stage<In, Out> => ({ ...stage, maxTokens: () => 1500 });
const everything: FaultRates = Object.fromEntries(FAULTS.map((fault) => [fault, 0.3 / FAULTS.length]));

describe('whatever goes wrong', function () {
  this.timeout(120_000);
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  let simulator: Simulator;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => {
    await simulator.close();
    await place.remove();
  });

  /** The same command again while it pauses, as a person does who was told why. */
  async function finish(name: string, mode: 'live' | 'batch'): Promise<RunReport> {
    const context = { keys: { env: keys }, env: simulator.env, timeoutMs: 1000 };
    const teacher = await createTeacher(parseTeacher(name), context);
    const batched = await createBatchTeacher(parseTeacher(name), context);
    const stages = mode === 'batch' ? ['invent', 'judge'] : [];
    for (let session = 0; ; session += 1) {
      const likeness = (word: string): string => word.slice(0, 9);
      const pipeline = words(ROWS, roomy(inventStage), likeness, roomy(judgeStage));
      const report = await runPipeline(
        pipeline,
        optionsFor(path.join(place.folder, 'run'), teacher, {
          prices: {},
          budget: { run: 10 },
          patience: { backoffMs: 1, longestBackoffMs: 2, attempts: 20, timeouts: 20 },
          ...(batched && { batch: { teachers: [batched], stages, pollMs: 2, gatherMs: 10 } }),
        }),
      );
      const { requested, ok, rejected, failed, unvalidated } = report.counts;
      assert.equal(requested, ok + rejected + failed + unvalidated);
      if (report.status !== 'paused') return report;
      assert.ok(report.reason, 'a pause says why');
      assert.ok(session < 200, report.reason);
    }
  }

  for (const [name, mode] of ways) {
    for (const fault of [...FAULTS, 'everything'] as const) {
      it(`${fault}, at ${name}, ${mode}: every row and every cent accounted for`, async () => {
        // Hanging requests take a second each, and many push-backs slow the pace.
        const rate = fault === 'hang' ? 0.05 : fault.startsWith('rate_limit') ? 0.08 : 0.25;
        simulator = await startSimulator({
          tokens: 'fast',
          retryAfter: 0.01,
          batchMs: 4,
          billAbandoned: true,
          faults: fault === 'everything' ? everything : { [fault]: rate },
        });
        const report = await finish(name, mode);
        assert.equal(report.status, 'completed');
        assert.equal(report.counts.requested, ROWS);
        const spent = Math.round(report.spend_usd * 1e9);
        assert.ok(spent >= Number(simulator.bill.nano), `${spent} counted, ${simulator.bill.nano} billed`);
        assert.ok(report.spend_usd <= 10);
      });
    }
  }
});
