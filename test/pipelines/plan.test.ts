import assert from 'node:assert/strict';
import { z } from 'zod';
import { budgetPlan } from '../../src/core/records/plan';
import { runReport } from '../../src/core/records/run';
import { Place } from './wire';

const planned = z.object({ plan: budgetPlan });
const started = z.object({ plan: budgetPlan, month: z.number(), runs: z.array(runReport) });
const spend = z.object({
  month: z.string(),
  spent_usd: z.number(),
  cap_usd: z.number().nullable(),
  left_usd: z.number().nullable(),
  by_pipeline: z.record(z.string(), z.number()),
  by_provider: z.record(z.string(), z.number()),
});

describe('plan and spend', function () {
  this.timeout(300_000);
  let place: Place;

  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(() => place.remove());

  async function json<T>(schema: z.ZodType<T>, ...words: readonly string[]): Promise<T> {
    const { out, err, code } = await place.run(...words, '--json');
    assert.equal(code, 0, out + err);
    return schema.parse(JSON.parse(out));
  }

  it('plans the usual amounts without a key, keeps 20 to 25 % back, and sends nothing', async () => {
    for (const [goal, usd] of [
      ['depth', 25],
      ['breadth', 100],
      ['iterative', 200],
    ] as const) {
      const { plan } = await json(planned, 'plan', String(usd), '--goal', goal);
      const parts = plan.items.reduce((sum, item) => sum + item.usd, 0);
      assert.ok(Math.abs(parts + plan.reserve_usd - usd) < 1e-6);
      assert.ok(plan.reserve_usd >= usd * 0.2 && plan.reserve_usd <= usd * 0.25);
      assert.ok(plan.items.every(({ rows, basis }) => rows > 100 && basis === 'prices'));
    }
    const { out } = await place.run('plan', '100', '--goal', 'breadth', '--months', '3');
    for (const domain of ['medical', 'legal', 'scientific', 'financial'])
      assert.match(out, new RegExp(`cascade-${domain}`));
    assert.match(out, /over 3 months, \$33\.33 each/);
    assert.match(out, /month {8}runs {3}reserve {3}together\n.*\n.*\n.*\$99\.99/);
  });

  it('starts its runs within one cap, takes them up again, and the ledger has what they spent', async () => {
    const server = await place.simulate();
    // Dear ones: few rows.
    const cast = [
      ...['generator=anthropic/claude-sonnet-5-5', 'formatter=anthropic/claude-sonnet-5-5'],
      ...['answerer=anthropic/claude-sonnet-5-5', 'answerer=openai/gpt-6.1-terra'],
    ].flatMap((teacher) => ['--teacher', teacher]);
    const words = ['plan', '2', '--domain', 'legal', '--start', '--quiet', ...cast];
    const first = await json(started, ...words);
    assert.deepEqual(
      first.runs.map(({ kind, status }) => [kind, status]),
      [
        ['cascade', 'completed'],
        ['ensemble', 'completed'],
      ],
    );
    assert.ok(server.bill.usd <= first.plan.monthly_usd - first.plan.reserve_usd);
    for (const [at, { spend_usd }] of first.runs.entries()) assert.ok(spend_usd <= (first.plan.items[at]?.usd ?? 0));
    const paid = server.bill.answers;
    const again = await json(started, ...words);
    assert.equal(server.bill.answers, paid, 'what is done is not done again');
    assert.deepEqual(again.plan, first.plan);
    const ledger = await json(spend, 'spend');
    const sum = first.runs.reduce((total, { spend_usd }) => total + spend_usd, 0);
    assert.ok(Math.abs(ledger.spent_usd - sum) < 1e-9);
    assert.deepEqual(Object.keys(ledger.by_pipeline).sort(), ['cascade', 'ensemble']);
    assert.deepEqual(Object.keys(ledger.by_provider).sort(), ['anthropic', 'openai']);
  });

  it('counts with what runs of the same teachers have cost, once there are some', async () => {
    await place.simulate();
    await place.report('cascade', '--samples', '22', '--golden', '21', '--budget', '5', '--quiet');
    const { plan } = await json(planned, 'plan', '50');
    const [cases, ensemble] = plan.items;
    assert.deepEqual([cases?.basis, ensemble?.basis], ['measured', 'prices']);
  });

  it('holds the monthly cap over all runs', async () => {
    const server = await place.simulate();
    place.env = { ...place.env, DISTILLERY_MONTHLY_CAP: '0.05' };
    const report = await place.report('cascade', '--samples', '60', '--budget', '5', '--quiet');
    assert.equal(report.status, 'budget_exhausted');
    assert.match(report.reason ?? '', /month/);
    assert.ok(server.bill.usd <= 0.05);
    const { cap_usd, left_usd, spent_usd } = await json(spend, 'spend');
    assert.equal(cap_usd, 0.05);
    assert.ok(Math.abs((left_usd ?? -1) - (0.05 - spent_usd)) < 1e-9);
    const { out } = await place.run('spend');
    assert.match(out, /of \$0\.050, \$0.* left\n {2}by provider/);
  });

  it('says that nothing was spent where nothing was', async () => {
    const { out } = await place.run('spend');
    assert.match(out, /^\d{4}-\d{2}: \$0\n$/);
  });

  it('explains which pipeline is for which need', async () => {
    const { out } = await place.run('plan', '--help');
    assert.match(out, /Which pipeline for which need:[\s\S]*distill FILE[\s\S]*cascade[\s\S]*ensemble[\s\S]*improve/);
  });

  for (const [words, says] of [
    [['plan', 'lots'], /“lots” is no amount to plan/],
    [['plan', '-5'], /unknown option|no amount/],
    [['plan', '0'], /no amount to plan/],
    [['plan', '50', '--goal', 'width'], /depth, breadth, iterative/],
    [['plan', '50', '--months', '0'], /at least 1/],
    [['plan', '50', '--start'], /There is no API key yet/],
    [['plan', '50', '--domain', 'astrology'], /There is no domain “astrology”/],
    [['plan', '50', '--domain', 'own.yaml'], /Cannot read the domain own\.yaml/],
    [['plan', '50', '--domain', 'legal', '--domain', 'legal'], /“legal” is named twice/],
    [['plan', '35', '--months', '36'], /plan at least \$36 for 36 months/],
  ] as const) {
    it(`refuses ${words.join(' ')} with a sentence`, async () => {
      const { code, err } = await place.run(...words);
      assert.equal(code, 2);
      assert.match(err, says);
    });
  }

  it('asks before it starts runs above the threshold', async () => {
    await place.simulate();
    const { code, err } = await place.run('plan', '200', '--start', '--quiet');
    assert.equal(code, 2);
    assert.match(err, /Add --yes to start it/);
  });
});
