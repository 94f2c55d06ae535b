import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { type Evaluation, evaluation, evaluationRow, speedRow } from '../../src/core/records/evaluation';
import { outputsOf, Place, type Script } from './wire';

const failure = z.object({ id: z.string(), stage: z.string(), code: z.string() });
const printed = evaluation.extend({ folder: z.string() });
const sums = Array.from({ length: 60 }, (_, k) => ({
  id: `sum-${k}`,
  instruction: `What do ${k} and ${k * 7 + 3} make?`,
  output: String(k + k * 7 + 3),
  category: k % 3 === 0 ? 'threes' : 'others',
}));

/** What a test asks for, in whatever prompt it stands. */
function sumIn(text: string): { k: number; right: string } {
  const k = Number(/What do (\d+) and/.exec(text)?.[1]);
  return { k, right: String(k + k * 7 + 3) };
}

describe('evaluate on the wire', function () {
  this.timeout(300_000);
  let place: Place;

  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(() => place.remove());

  const models = ['--base', 'own/base', '--tuned', 'own/tuned', '--judge', 'own/judge'];

  /** A base model that knows every second sum, a tuned one that knows all but one, a judge that reads. */
  const world: Script = ({ model, text }) => {
    const { k, right } = sumIn(text);
    if (model === 'base') return k % 2 === 0 ? `<think>Let me see.</think>It is ${right}.` : 'I do not know.';
    if (model === 'tuned') return k === 4 ? '' : `It is ${right}.`;
    const pass = text.includes(`The answer:\n<document>\nIt is ${right}.`);
    return JSON.stringify({ reason: pass ? 'The sum is right.' : 'There is no sum.', pass });
  };

  async function compared(...words: readonly string[]): Promise<Evaluation & { said: string }> {
    const { code, out, err } = await place.run('evaluate', '--out', 'run', '--json', ...words);
    assert.equal(code, 0, err);
    return { ...printed.parse(JSON.parse(out)), said: err };
  }

  async function refused(...words: readonly string[]): Promise<string> {
    const { code, err } = await place.run('evaluate', ...words);
    assert.equal(code, 2, err);
    return err;
  }

  it('asks both the same, greedily, has each answer judged blind, and says what that shows', async () => {
    const asked: { model: string; text: string }[] = [];
    const cast = await place.script((question) => (asked.push(question), world(question)));
    const report = await compared(
      '--tests',
      await place.given('tests.jsonl', sums),
      ...models,
      ...cast,
      '--speed',
      '0',
    );
    assert.deepEqual([report.n, report.base.passes, report.tuned.passes], [60, 30, 59]);
    assert.deepEqual([report.mcnemar.gained, report.mcnemar.lost, report.verdict], [30, 1, 'better']);
    assert.deepEqual(
      report.regressions.map(({ id, base, tuned }) => [id, base.answer, tuned.answer, tuned.reason]),
      [['sum-4', 'It is 35.', '', 'There is no answer.']],
    );
    assert.deepEqual(
      report.categories.map(({ category, n, verdict }) => [category, n, verdict]),
      [
        ['others', 40, 'better'],
        ['threes', 20, 'better'],
      ],
    );
    assert.deepEqual(report.overlap, { status: 'not_checked', training_file: null, tests: [] });
    const of = (name: string) => asked.filter(({ model }) => model === name).map(({ text }) => text);
    assert.deepEqual(of('base').sort(), of('tuned').sort());
    assert.ok(of('judge').every((text) => !/\b(?:base|tuned)\b/i.test(text)));
    // Where both say the same there is one thing to judge: 29 sums, 30 that base does not know, 30 that only tuned knows, sum 4.
    assert.equal(of('judge').length, 29 + 30 + 30 + 1);
    assert.equal(new Set(await place.rows(evaluationRow, 'run', 'evaluation_rows.jsonl')).size, 60);
  });

  it('stopped three times by its budget pays nothing twice and ends as one that was never stopped', async () => {
    const words = ['--tests', await place.given('tests.jsonl', sums), '--speed', '0'];
    const who = [
      '--base',
      'openai/gpt-6-luna',
      '--tuned',
      'deepseek/deepseek-flash',
      '--judge',
      'anthropic/claude-haiku-5-5',
    ];
    const faulty = {
      faults: { rate_limit: 0.02, refusal: 0.03, truncated: 0.03, server_error: 0.02 },
      retryAfter: 0.05,
    };
    await place.simulate(faulty);
    const whole = await place.run('evaluate', '--out', 'run', ...words, ...who);
    assert.equal(whole.code, 0, whole.err);
    const outputs = await outputsOf(place, 'run');
    const report = await place.content('run', 'evaluation.json');
    const { spend_usd } = z
      .object({ report: z.object({ spend_usd: z.number() }) })
      .parse(JSON.parse(await place.content('run', 'run.json'))).report;
    await rm(place.file('run'), { recursive: true });
    const server = await place.simulate(faulty);
    for (const share of [0.25, 0.5, 0.75]) {
      const cap = (spend_usd * share + 0.06).toFixed(6);
      const { code } = await place.run(
        'evaluate',
        '--out',
        'run',
        ...words,
        ...who,
        '--budget',
        cap,
        '--concurrency',
        '4',
      );
      assert.equal(code, 0);
      assert.ok(server.bill.usd <= Number(cap));
    }
    const last = await place.run('evaluate', '--out', 'run', ...words, ...who);
    assert.equal(last.code, 0, last.err);
    assert.ok([...server.bill.paid.values()].every((times) => times === 1));
    assert.deepEqual(await outputsOf(place, 'run'), outputs);
    assert.equal(await place.content('run', 'evaluation.json'), report);
  });

  it('times both models on the same prompts, when all else is done, and estimates without sending', async () => {
    const server = await place.simulate({ keys: ['sk-a', 'sk-b', 'none'] });
    const words = ['--tests', await place.given('tests.jsonl', sums.slice(0, 6)), '--judge', 'exact', '--speed', '3'];
    const who = ['--base', 'openai/gpt-6-luna', '--tuned', `tuned@${server.url}/v1`];
    const { out } = await place.run('evaluate', ...words, ...who, '--estimate-only', '--json');
    const { estimate } = z
      .object({ estimate: z.object({ requests: z.number(), stages: z.array(z.object({ name: z.string() })) }) })
      .parse(JSON.parse(out));
    assert.equal(estimate.requests, 6 + 6 + 3 + 3);
    assert.equal(server.requests.length, 0);
    const report = await compared(...words, ...who);
    assert.deepEqual([report.speed?.base.prompts, report.speed?.tuned.prompts], [3, 3]);
    assert.ok((report.speed?.tuned.tokens_per_second ?? 0) > 0 && (report.speed?.base.first_token_ms ?? 0) > 0);
    const streamed = server.requests.map(
      ({ body }) => z.object({ stream: z.boolean().default(false) }).parse(body).stream,
    );
    assert.deepEqual(streamed, [...Array.from({ length: 12 }, () => false), ...Array.from({ length: 6 }, () => true)]);
    assert.equal((await place.rows(speedRow, 'run', 'speed.jsonl')).length, 6);
    // Once more: nothing is asked, nothing is timed anew.
    assert.deepEqual((await compared(...words, ...who)).speed, report.speed);
    assert.equal(server.requests.length, 18);
  });

  it('judges an answer that its limit cut as it is, without a second try, and says how many there are', async () => {
    const server = await place.simulate();
    const words = ['--tests', await place.given('tests.jsonl', sums.slice(0, 6)), '--judge', 'exact', '--speed', '0'];
    const who = ['--base', 'openai/gpt-6-luna', '--tuned', 'deepseek/deepseek-flash', '--max-tokens', '20'];
    assert.deepEqual((await compared(...words, ...who)).cut, { base: 6, tuned: 6 });
    assert.equal(server.requests.length, 12);
  });

  it('compares predictions by id, or the trainer’s own in their order, without asking anybody', async () => {
    const tests = await place.given('tests.jsonl', sums);
    const base = await place.given('base.jsonl', sums.map(({ id }) => ({ id, output: 'No idea.' })).reverse());
    const rows = sums.map(({ instruction, output }) => ({
      prompt: instruction,
      predict: ` ${output}.`,
      label: output,
    }));
    const tuned = await place.given('generated_predictions.jsonl', rows);
    const report = await compared('--tests', tests, '--base', base, '--tuned', tuned, '--judge', 'exact');
    assert.deepEqual([report.verdict, report.tuned.rate, report.base.passes, report.judge], ['better', 1, 0, 'exact']);
    const text = await place.run('evaluate', '--tests', tests, '--base', tuned, '--tuned', base, '--judge', 'exact');
    assert.match(text.out, /The tuned model is WORSE\.[\s\S]*0 gained, 60 lost: p 2\.6e-14[\s\S]*regressions +60/);
    const turned = await place.given('turned.jsonl', [...rows].reverse());
    assert.match(
      await refused('--tests', tests, '--base', base, '--tuned', turned, '--judge', 'exact'),
      /row 1 is labelled otherwise than the test sum-0/,
    );
  });

  it('refuses tests that were trained on, and says so in the report when it is told to go on', async () => {
    const tests = await place.given('tests.jsonl', sums);
    const training = await place.given('train.jsonl', [
      { instruction: 'What is brine?', output: 'Salt water.' },
      {
        messages: [
          { role: 'user', content: 'what do 7 and 52 make' },
          { role: 'assistant', content: '59' },
        ],
      },
    ]);
    const answers = sums.map(({ id, output }) => ({ id, output }));
    const words = [
      '--tests',
      tests,
      '--base',
      await place.given('a.jsonl', answers),
      '--tuned',
      await place.given('b.jsonl', answers),
      '--judge',
      'exact',
      '--training-file',
      training,
    ];
    assert.match(
      await refused(...words),
      /train\.jsonl gives 1 of 60 tests away[\s\S]*sum-7 by line 2[\s\S]*--allow-overlap/,
    );
    const { overlap, verdict, lift } = await compared(...words, '--allow-overlap');
    assert.deepEqual(overlap, { status: 'allowed', training_file: 'train.jsonl', tests: ['sum-7'] });
    assert.deepEqual([verdict, lift], ['no_difference_shown', { value: 0, low: 0, high: 0 }]);
  });

  it('leaves out what a judge makes no sense of, and has nothing to show where that is all', async () => {
    const cast = await place.script((question) => {
      if (question.model === 'judge' && sumIn(question.text).k % 5 === 0) return 'Splendid!';
      return world(question);
    });
    const tests = await place.given('tests.jsonl', sums.slice(0, 10));
    const { n, left_out } = await compared('--tests', tests, ...models, ...cast, '--speed', '0');
    assert.deepEqual([n, left_out], [8, { lost: 2, open: 0 }]);
    const lost = await place.rows(failure, 'run', 'failures.jsonl');
    assert.ok(lost.every(({ stage, code }) => stage === 'judge' && code === 'invalid_reply'));
    const none = ['--tests', await place.given('one.jsonl', sums.slice(5, 6)), ...models, ...cast, '--speed', '0'];
    const { code, out } = await place.run('evaluate', ...none);
    assert.equal(code, 1);
    assert.match(out, /Not one of 1 rows came about/);
  });

  it('pauses when one model is gone midway, and goes on when it is back', async () => {
    let isGone = true;
    let asked = 0;
    const cast = await place.script((question) => {
      if (question.model === 'tuned' && isGone && ++asked > 20) return { status: 404 };
      return world(question);
    });
    const words = [
      '--out',
      'run',
      '--tests',
      await place.given('tests.jsonl', sums),
      ...models,
      ...cast,
      '--speed',
      '0',
    ];
    const stopped = await place.run('evaluate', ...words, '--concurrency', '4');
    assert.equal(stopped.code, 1, stopped.out);
    const partly = evaluation.parse(JSON.parse(await place.content('run', 'evaluation.json')));
    assert.ok(partly.n < 60 && partly.left_out.open === 60 - partly.n, JSON.stringify(partly.left_out));
    isGone = false;
    const whole = await compared(...words.slice(2));
    assert.deepEqual([whole.n, whole.left_out], [60, { lost: 0, open: 0 }]);
  });

  for (const [what, rows, says] of [
    ['no rows', [], /holds no row/],
    ['no reference', [{ instruction: 'Why?', output: ' ' }], /line 1: It has no reference/],
    [
      'other columns',
      [{ instruction: 'Why?', verdict: 'x' }],
      /line 1: Found the columns instruction, verdict; expected “output” \(or /,
    ],
    ['an id twice', [sums[0], sums[1], sums[0]], /line 3: It has the id “sum-0” of line 1/],
  ] as const) {
    it(`refuses tests with ${what}, with a sentence`, async () => {
      const tests = await place.given('tests.jsonl', rows);
      const a = await place.given('a.jsonl', [{ id: 'sum-0', output: '3' }]);
      assert.match(await refused('--tests', tests, '--base', a, '--tuned', 'b.jsonl', '--judge', 'exact'), says);
    });
  }

  for (const [what, rows, says] of [
    ['no ids', [{ output: '3' }], /line 1: found the columns output; expected “id” and “output”/],
    ['other columns', [{ id: 'sum-0', text: '3' }], /line 1: found the columns id, text; expected/],
    [
      'an id twice',
      [
        { id: 'sum-0', output: '3' },
        { id: 'sum-0', output: '4' },
      ],
      /line 2: the id “sum-0” stands there twice/,
    ],
    ['answers missing', [{ id: 'sum-0', output: '3' }], /no answer to 2 of 3 tests: sum-1, sum-2\./],
  ] as const) {
    it(`refuses predictions with ${what}, with a sentence`, async () => {
      const words = ['--tests', await place.given('tests.jsonl', sums.slice(0, 3)), '--judge', 'exact'];
      const base = await place.given('base.jsonl', rows);
      assert.match(await refused(...words, '--base', base, '--tuned', 'x@http://127.0.0.1:1/v1'), says);
    });
  }

  it('refuses a model against itself, and commands that lack what they need', async () => {
    const tests = await place.given('tests.jsonl', sums);
    await place.simulate();
    const same = ['--base', 'openai/gpt-6-luna', '--tuned', 'openai/gpt-6-luna'];
    assert.match(await refused('--tests', tests, ...same), /openai\/gpt-6-luna is named twice/);
    assert.match(await refused('--base', 'a/b'), /Name the held-out rows with --tests FILE/);
    assert.match(await refused('--tests', tests, '--tuned', 'a.jsonl'), /Say who is compared: --base/);
    assert.match(
      await refused('--tests', tests, '--base', 'nobody/x', '--tuned', 'a.jsonl'),
      /No provider is called “nobody”/,
    );
    assert.match(
      await refused('--tests', tests, '--base', 'a.jsonl', '--tuned', 'b.jsonl', '--judge', 'offline'),
      /grades no answers/,
    );
    assert.match(await refused('--job', 'nowhere'), /There is no training job “nowhere” here/);
  });
});
