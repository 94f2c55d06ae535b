import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ensembleRow } from '../../src/core/records/ensemble';
import { improvedRow } from '../../src/core/records/improve';
import { keys, Place } from '../../test/pipelines/wire';
import { startSimulator } from '../../test/simulator/server';
import { table } from '../engine/bundled';

/**
 * An ensemble of which one teacher dies midway, and an improve run that is stopped three times by its money:
 *   npx tsx bench/pipelines/endurance.ts [--instructions 1000] [--failures 2000]
 */
const { values } = parseArgs({
  options: { instructions: { type: 'string', default: '1000' }, failures: { type: 'string', default: '2000' } },
});
const faults = { rate_limit_bare: 0.01, server_error: 0.01, reset: 0.01, cut: 0.01, refusal: 0.01, wrong_schema: 0.01 };
const failure = z.object({ id: z.string() });

async function ensemble(place: Place): Promise<Record<string, string | number>> {
  const simulator = await startSimulator({ tokens: 'fast', faults });
  place.env = { ...keys, ...simulator.env };
  const count = Number(values.instructions);
  const rows = Array.from({ length: count }, (_, k) => ({
    id: `q${k}`,
    instruction: `Explain matter ${k} to a friend.`,
  }));
  const began = performance.now();
  const words = ['--out', 'ensemble', '--quiet', '--timeout', '30', '--budget', '40'];
  const running = place.report('ensemble', await place.given('instructions.jsonl', rows), ...words);
  while (simulator.bill.answers < count * 3) await new Promise((resolve) => setImmediate(resolve));
  simulator.change({ keys: [keys.DEEPSEEK_API_KEY, keys.OPENAI_API_KEY] });
  const { status, spend_usd, requests, said } = await running;
  const seconds = (performance.now() - began) / 1000;
  assert.equal(status, 'completed');
  assert.match(said, /is left out/);
  const results = await place.rows(ensembleRow, 'ensemble', 'ensemble_results.jsonl');
  assert.deepEqual(new Set(results.map(({ id }) => id)).size, results.length);
  assert.ok(spend_usd >= simulator.bill.usd - 1e-6);
  await simulator.close();
  const two = results.filter(
    ({ completions }) => Object.values(completions).filter(({ answer }) => answer !== null).length < 3,
  );
  return {
    run: 'ensemble',
    rows: results.length,
    of: count,
    'one short': two.length,
    requests,
    'wall s': seconds.toFixed(1),
  };
}

/** About, of this simulator's answers at the default teacher's price. */
const dollarsARow = 0.00012;

async function improve(place: Place): Promise<Record<string, string | number>> {
  const simulator = await startSimulator({ tokens: 'fast', faults });
  place.env = { ...keys, ...simulator.env };
  const count = Number(values.failures);
  const rows = Array.from({ length: count }, (_, k) => ({
    id: `hard-${k}`,
    category: ['reasoning', 'writing'][k % 2],
    instruction: `Explain matter ${k} to a friend.`,
    previous_output: 'I do not know.',
  }));
  const file = await place.given('failures.jsonl', rows);
  const began = performance.now();
  const words = ['--out', 'improve', '--quiet', '--timeout', '30', '--batch-size', '32'];
  // Each session ends when its part of the money is spent.
  for (const part of [0.25, 0.5, 0.75]) {
    const cap = (count * part * dollarsARow).toFixed(4);
    const stopped = await place.report('improve', file, ...words, '--budget', cap);
    assert.equal(stopped.status, 'budget_exhausted', JSON.stringify(stopped.counts));
    assert.ok(simulator.bill.usd <= Number(cap));
  }
  const { status, requests, spend_usd } = await place.report('improve', file, ...words, '--budget', '40');
  const seconds = (performance.now() - began) / 1000;
  assert.equal(status, 'completed');
  const made = await place.rows(improvedRow, 'improve', 'improved_examples.jsonl');
  const lost = await place.rows(failure, 'improve', 'failures.jsonl');
  const ids = [...made.map(({ meta }) => meta.id), ...lost.map(({ id }) => id)];
  assert.equal(ids.length, count, 'none missing');
  assert.equal(new Set(ids).size, count, 'none twice');
  assert.ok(spend_usd >= simulator.bill.usd - 1e-6);
  await simulator.close();
  return {
    run: 'improve',
    rows: made.length,
    of: count,
    'one short': lost.length,
    requests,
    'wall s': seconds.toFixed(1),
  };
}

async function main(): Promise<void> {
  const place = await Place.make();
  try {
    table([await ensemble(place), await improve(place)]);
  } finally {
    await place.remove();
  }
}

void main();
