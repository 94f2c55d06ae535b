import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { requestStop } from '../../src/core/engine/stopRequest';
import { type Simulator, startSimulator } from '../simulator/server';
import type { SimulatorOptions } from '../simulator/options';
import { keys, Place } from './wire';

const handbook = path.resolve(import.meta.dirname, '../../examples/handbook.md');
const cast = ['--teacher', 'openai/gpt-6-luna', '--teacher', 'validator=anthropic/claude-haiku-5-5'];
const work = ['distill', handbook, '--out', 'run', '--max-examples', '6', '--poll', '0.02', ...cast];

describe('the command line in batches', function () {
  this.timeout(60_000);
  let place: Place;
  let simulator: Simulator;
  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(async () => {
    await simulator.close();
    await place.remove();
  });

  async function simulate(options: SimulatorOptions = {}): Promise<void> {
    simulator = await startSimulator({ tokens: 'fast', batchMs: 10, ...options });
    place.env = { ...keys, ...simulator.env };
  }

  it('distills through two Batch APIs', async () => {
    await simulate({ batchExpired: 0.1 });
    const report = await place.report(...work, '--batch');
    assert.equal(report.status, 'completed');
    assert.ok(report.counts.ok > 0);
    assert.equal(Math.round(report.spend_usd * 1e9), Number(simulator.bill.nano));
    for (const { batched, requests } of simulator.bill.models.values()) assert.equal(batched, requests);
  });

  it('keeps a stage live that is named so', async () => {
    await simulate();
    const report = await place.report(...work, '--batch', '--live', 'validate');
    assert.equal(report.status, 'completed');
    const { models } = simulator.bill;
    assert.ok((models.get('gpt-6-luna')?.batched ?? 0) > 0);
    assert.equal(models.get('claude-haiku-5-5')?.batched, 0);
  });

  it('estimates at half the price', async () => {
    await simulate();
    const likely = async (...more: string[]): Promise<number> => {
      const { out } = await place.run(...work, ...more, '--estimate-only', '--json');
      return z.object({ estimate: z.object({ likely_usd: z.number() }) }).parse(JSON.parse(out)).estimate.likely_usd;
    };
    assert.ok(Math.abs((await likely('--batch')) / (await likely()) - 0.5) < 0.001);
  });

  it('says where there is no Batch API, and that a stage is unknown', async () => {
    await simulate();
    const none = await place.run('distill', handbook, '--teacher', 'deepseek/deepseek-flash', '--batch');
    assert.equal(none.code, 2);
    assert.match(none.err, /none of these teachers has a Batch API/);
    const unknown = await place.run(...work, '--batch', '--live', 'polish');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /no stage “polish” here\. Stages: generate, validate/);
  });

  it('shows what waits when it was stopped, cancels it, and goes on', async () => {
    await simulate({ batchMs: 600_000 });
    const running = place.report(...work, '--batch');
    while (!(await place.content('run', 'run.json')).includes('"id": "batch_')) await sleep(5);
    await requestStop(place.file('run'));
    const report = await running;
    assert.equal(report.status, 'cancelled');
    assert.equal(report.batches?.length, 1);
    const shown = await place.run('runs', place.file('run'));
    assert.match(shown.out, /waiting {3}6 requests at openai\/gpt-6-luna, batch_\d, since/);
    const cancelled = await place.run('runs', 'cancel', place.file('run'));
    assert.match(cancelled.out, /batch_\d at openai\/gpt-6-luna, 6 requests/);
    simulator.change({ batchMs: 10 });
    const done = await place.report(...work, '--batch');
    assert.equal(done.status, 'completed');
    assert.equal(Math.round(done.spend_usd * 1e9), Number(simulator.bill.nano));
    assert.ok([...simulator.bill.paid.values()].every((times) => times === 1));
  });
});
