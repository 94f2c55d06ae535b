import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { NearIndex } from '../../src/core/datasets/near';
import { builtInDomain } from '../../src/core/pipelines/cascade/builtIn';
import { cascadeValidationRow, goldenTestRow, stageARow, stageBRow } from '../../src/core/records/cascade';
import type { RunReport } from '../../src/core/records/run';
import type { FaultRates } from '../simulator/options';
import type { Simulator } from '../simulator/server';
import { keys, outputsOf, Place } from './wire';

const cast = [
  '--teacher',
  'generator=deepseek/deepseek-flash',
  '--teacher',
  'formatter=openai/gpt-6-luna',
  '--teacher',
  'validator=anthropic/claude-sonnet-5-5',
];
const failure = z.object({ id: z.string(), stage: z.string(), code: z.string(), message: z.string() });

describe('cascade on the wire', function () {
  this.timeout(120_000);
  let place: Place;

  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(() => place.remove());

  async function cascade(...words: string[]): Promise<RunReport> {
    return place.report('cascade', '--quiet', '--out', 'run', ...words);
  }

  const rows = <T>(name: string, schema: z.ZodType<T>) => place.rows(schema, 'run', name);

  /** What holds of every finished run's files. */
  async function assertWhole(report: RunReport, golden: number): Promise<void> {
    const { requested, ok, rejected, failed, unvalidated, approved } = report.counts;
    assert.equal(requested, ok + rejected + failed + unvalidated);
    const [raw, formatted, checked, kept, training, lost] = await Promise.all([
      rows('stage_a_raw_pairs.jsonl', stageARow),
      rows('stage_b_formatted_pairs.jsonl', stageBRow),
      rows('validation_results.jsonl', cascadeValidationRow),
      rows('golden_test_set.jsonl', goldenTestRow),
      rows('training_pairs.jsonl', stageBRow),
      rows('failures.jsonl', failure),
    ]);
    const ids = formatted.map((row) => row.sample_id);
    assert.equal(ids.length, ok);
    assert.deepEqual(ids, [...new Set(ids)].sort(), 'in input order, none twice');
    assert.ok(raw.every((row) => /^stage_a_\d{6}$/.test(row.sample_id)));
    const traced = new Set(raw.map((row) => row.sample_id));
    assert.ok(ids.every((id) => traced.has(id)));
    assert.equal(checked.length, golden);
    assert.equal(kept.length, approved);
    assert.deepEqual(
      kept.map((row) => row.sample_id),
      checked.filter((row) => row.approved).map((row) => row.sample_id),
    );
    const drawn = new Set(checked.map((row) => row.sample_id));
    assert.deepEqual(
      training.map((row) => row.sample_id),
      ids.filter((id) => !drawn.has(id)),
    );
    assert.equal(lost.filter((row) => row.stage !== 'golden').length, rejected + failed);
    const index = new NearIndex<string>();
    assert.ok(formatted.every((row) => index.add(row.instruction, row.sample_id) === undefined));
  }

  function assertSpendCovers({ spend_usd }: RunReport, simulator: Simulator, cap: number): void {
    assert.ok(Math.round(spend_usd * 1e9) >= Number(simulator.bill.nano), 'less was counted than was billed');
    assert.ok(spend_usd <= cap);
  }

  it('gives 150 samples through faults of 3 %: all accounted for, 100 checked, none of them to train on', async function () {
    this.timeout(240_000);
    const server = await place.simulate({ faults: faultsAt(0.03), retryAfter: 0.1 });
    const report = await cascade(...cast, '--samples', '150', '--timeout', '30', '--budget', '20');
    assert.equal(report.status, 'completed', report.reason ?? '');
    assert.ok(report.counts.ok >= 150, JSON.stringify(report.counts));
    await assertWhole(report, 100);
    assertSpendCovers(report, server, 20);
  });

  it('gives the same files whatever the concurrency', async () => {
    await place.simulate({ jitterMs: 10, repetition: 0.05 });
    await cascade(...cast, '--samples', '40', '--golden', '10', '--concurrency', '1');
    const one = await outputsOf(place, 'run');
    await rm(place.file('run'), { recursive: true });
    await cascade(...cast, '--samples', '40', '--golden', '10', '--concurrency', '64');
    assert.deepEqual(await outputsOf(place, 'run'), one);
  });

  it('goes on after its money ran out, pays nothing twice, and ends as a run that was never stopped', async () => {
    const server = await place.simulate({ repetition: 0.05 });
    const words = [...cast, '--samples', '60', '--golden', '15'];
    const whole = await cascade(...words, '--budget', '20');
    const uninterrupted = await outputsOf(place, 'run');
    const paidWhole = server.bill.usd;
    await rm(place.file('run'), { recursive: true });
    const again = await place.simulate({ repetition: 0.05 });
    const small = await cascade(...words, '--budget', String(whole.spend_usd * 0.7));
    assert.equal(small.status, 'budget_exhausted');
    assert.ok(again.bill.usd <= whole.spend_usd * 0.7);
    const report = await cascade(...words, '--budget', '20');
    assert.equal(report.status, 'completed', report.reason ?? '');
    assert.deepEqual(await outputsOf(place, 'run'), uninterrupted);
    assert.ok(
      [...again.bill.paid.values()].every((times) => times === 1),
      'something was paid for twice',
    );
    assert.ok(Math.abs(again.bill.usd - paidWhole) < 1e-9);
  });

  it('gives what a stage leaves of its share to the one that needs more, and pays nothing twice', async () => {
    const words = ['--teacher', 'openai/gpt-6-luna', '--samples', '60', '--golden', '1'];
    await place.simulate();
    const whole = await cascade(...words, '--budget', '20');
    const most = Math.max(...whole.stages.map(({ spend_usd }) => spend_usd));
    // Its share and the reserve are half of the money, and less than the dearest stage needs.
    const cap = most * 1.9;
    assert.ok(cap / 2 < most && cap > whole.spend_usd * 1.05, JSON.stringify(whole.stages));
    const uninterrupted = await outputsOf(place, 'run');
    await rm(place.file('run'), { recursive: true });
    const server = await place.simulate();
    const report = await cascade(...words, '--budget', String(cap));
    assert.equal(report.status, 'completed', report.reason ?? '');
    assertSpendCovers(report, server, cap);
    assert.deepEqual(await outputsOf(place, 'run'), uninterrupted);
    assert.ok([...server.bill.paid.values()].every((times) => times === 1));
  });

  it('holds a stage that has a cap of its own to it, and gives the others the rest', async () => {
    const server = await place.simulate();
    const words = [...cast, '--samples', '60', '--golden', '15'];
    const cap = 0.004;
    const report = await cascade(...words, '--budget', '20', '--budget', `format=${cap}`);
    assert.equal(report.status, 'budget_exhausted');
    assert.match(report.reason ?? '', /stage format/);
    assertSpendCovers(report, server, 20);
    const spent = Object.fromEntries(report.stages.map(({ name, spend_usd }) => [name, spend_usd]));
    assert.ok((spent['format'] ?? 1) <= cap && (spent['format'] ?? 0) > cap / 2, JSON.stringify(spent));
    assert.equal(report.counts.requested, 60, 'the others went on');
  });

  it('replaces near-duplicates by samples at new points', async () => {
    await place.simulate({ repetition: 0.1 });
    const report = await cascade(...cast, '--samples', '100', '--golden', '20', '--budget', '20');
    assert.ok(report.counts.rejected > 0, 'one in ten repeats itself');
    const lost = await rows('failures.jsonl', failure);
    assert.ok(lost.every((row) => row.code === 'near_duplicate'));
    const made = await rows('stage_b_formatted_pairs.jsonl', stageBRow);
    assert.ok(made.some((row) => row.sample_id >= 'stage_a_000100'));
    assert.equal(made.length, 100, 'each lost one is replaced while there is money');
    await assertWhole(report, 20);
  });

  it('tells its own cases without a key, and pauses with advice for a domain that it knows nothing of', async () => {
    const report = await cascade('--samples', '40', '--golden', '10', '--teacher', 'offline');
    assert.deepEqual([report.status, report.counts.ok, report.spend_usd], ['completed', 40, 0]);
    await assertWhole(report, 10);
    const own = (await builtInDomain('legal')).replace('name: legal', 'name: maritime');
    await writeFile(place.file('maritime.yaml'), own);
    await rm(place.file('run'), { recursive: true });
    const other = await cascade('--domain', 'maritime.yaml', '--samples', '20', '--teacher', 'offline');
    assert.equal(other.status, 'paused');
    assert.match(other.reason ?? '', /no cases for the domain “maritime”.*Choose a teacher with a model/);
    assert.equal(other.counts.failed, 0);
  });

  it('ends when a teacher refuses every row: each with its reason, none asked for again', async () => {
    const server = await place.simulate({ faults: { refusal: 1 } });
    const { status, reason, counts } = await cascade(...cast, '--samples', '20', '--golden', '5');
    assert.deepEqual([status, counts.requested, counts.failed], ['failed', 20, 20]);
    assert.match(reason ?? '', /Not one of 20 rows came about: refused \(20\).*--retry-failed/);
    assert.ok((await rows('failures.jsonl', failure)).every(({ code }) => code === 'refused'));
    assert.equal(server.bill.answers, 20);
  });

  it('says beforehand when every sample is checked and none is left to train on', async () => {
    const words = ['cascade', '--teacher', 'offline', '--estimate-only', '--samples'];
    assert.match((await place.run(...words, '100')).err, /none is left to train on: --golden N checks fewer/);
    assert.doesNotMatch((await place.run(...words, '100', '--golden', '20')).err, /train on/);
  });

  it('says what it would cost, asked in either way, and sends nothing', async () => {
    const server = await place.simulate();
    const words = ['cascade', '--domain', 'legal', '--samples', '300', '--json', '--quiet'];
    const { out } = await place.run(...words, '--estimate-only');
    assert.deepEqual(await place.run('estimate', ...words), { code: 0, out, err: '' });
    assert.match(out, /"likely_usd":/);
    assert.equal(server.requests.length, 0);
  });

  for (const [words, says] of [
    [['--samples', '0'], /samples/],
    [['--samples', '-5'], /samples/],
    [['--samples', '10000000'], /more than one run makes.*nothing was started/],
    [['--samples', '50', '--golden', '51'], /only what is made can be checked/],
    [['--domain', 'astrology'], /Built in: medical, legal, scientific, financial/],
    [['--domain', 'missing.yaml'], /Cannot read the domain missing\.yaml/],
  ] as const) {
    it(`refuses ${words.join(' ')} with a sentence`, async () => {
      place.env = keys;
      const { code, err } = await place.run('cascade', ...cast, ...words);
      assert.equal(code, 2);
      assert.match(err, says);
    });
  }
});

/** Faults that a run goes on through by itself. */
function faultsAt(rate: number): FaultRates {
  return {
    rate_limit: rate,
    rate_limit_bare: rate,
    server_error: rate,
    overloaded: rate,
    reset: rate,
    cut: rate,
    truncated: rate,
    empty: rate,
    refusal: rate,
    wrong_schema: rate,
  };
}
