import assert from 'node:assert/strict';
import type { RunReport } from '../../src/core/records/run';
import { FAULTS, type FaultRates } from '../simulator/options';
import { everyStage, WirePlace, type WireTeachers } from './onWire';

const ROWS = 10;
const ways = [
  ['openai/gpt-6-luna', 'live'],
  ['openai/gpt-6-luna', 'batch'],
  ['anthropic/claude-haiku-5-5', 'live'],
  ['anthropic/claude-haiku-5-5', 'batch'],
  ['deepseek/deepseek-flash', 'live'],
] as const;
const everything: FaultRates = Object.fromEntries(FAULTS.map((fault) => [fault, 0.3 / FAULTS.length]));

describe('whatever goes wrong', function () {
  this.timeout(120_000);
  let place: WirePlace;
  beforeEach(async () => {
    place = await WirePlace.open();
  });
  afterEach(() => place.close());

  /** The same command again while it pauses, as a person does who was told why. */
  async function finish(teachers: WireTeachers, mode: 'live' | 'batch'): Promise<RunReport> {
    for (let session = 0; ; session += 1) {
      const batch = { stages: mode === 'batch' ? everyStage : [], pollMs: 2, gatherMs: 10 };
      const report = await place.run(teachers, ROWS, batch, {
        budget: { run: 10 },
        patience: { backoffMs: 1, longestBackoffMs: 2, attempts: 20, timeouts: 20 },
      });
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
        const faults = fault === 'everything' ? everything : { [fault]: rate };
        const teachers = await place.start(
          name,
          { retryAfter: 0.01, billAbandoned: true, faults, faultsCertain: true },
          1000,
        );
        const report = await finish(teachers, mode);
        for (const each of fault === 'everything' ? FAULTS : [fault]) {
          assert.ok((place.simulator.struck.get(each) ?? 0) > 0, `${each} never struck`);
        }
        assert.equal(report.status, 'completed');
        assert.equal(report.counts.requested, ROWS);
        const spent = Math.round(report.spend_usd * 1e9);
        assert.ok(spent >= Number(place.simulator.bill.nano), `${spent} counted, ${place.simulator.bill.nano} billed`);
        assert.ok(report.spend_usd <= 10);
      });
    }
  }
});
