import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { ensembleRow, ensembleTrainingRow, judgeBiasRow, preferenceRow } from '../../src/core/records/ensemble';
import type { RunReport } from '../../src/core/records/run';
import { keys, outputsOf, Place, type Script } from './wire';

const failure = z.object({ id: z.string(), stage: z.string(), code: z.string(), message: z.string() });
const teachers = ['deepseek/deepseek-flash', 'openai/gpt-6-luna', 'anthropic/claude-haiku-5-5'];

describe('ensemble on the wire', function () {
  this.timeout(300_000);
  let place: Place;

  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(() => place.remove());

  async function script(says: Script): Promise<string[]> {
    const own = await place.script(says);
    return [...own, ...['one', 'two', 'three'].flatMap((name) => ['--teacher', `answerer=own/${name}`])];
  }

  async function instructions(count: number): Promise<string> {
    const rows = Array.from({ length: count }, (_, k) => ({
      id: `q${k}`,
      instruction: `Explain matter ${k} to a friend.`,
    }));
    return place.given('instructions.jsonl', rows);
  }

  async function ensemble(file: string, ...words: readonly string[]): Promise<RunReport & { said: string }> {
    return place.report('ensemble', file, '--out', 'run', ...words);
  }

  const results = () => place.rows(ensembleRow, 'run', 'ensemble_results.jsonl');

  it('answers, judges without names, and gives one pair, a preference and a bias report for what was asked', async () => {
    const server = await place.simulate();
    const { counts, criteria, said, status } = await ensemble(await instructions(20));
    assert.equal(status, 'completed', said);
    assert.equal(counts.requested, 20);
    const rows = await results();
    assert.deepEqual(
      rows.map(({ id }) => id),
      Array.from({ length: 20 }, (_, k) => `q${k}`),
    );
    for (const { completions, avg_score } of rows) {
      assert.deepEqual(Object.keys(completions), teachers);
      for (const [name, { critiques, score }] of Object.entries(completions)) {
        assert.deepEqual(
          critiques.map(({ by }) => by),
          teachers.filter((other) => other !== name),
          'scored by the others',
        );
        assert.ok(Math.abs((score ?? -1) - critiques.reduce((sum, one) => sum + one.score, 0) / 2) < 1e-6);
      }
      const scores = Object.values(completions).map(({ score }) => score ?? 0);
      assert.ok(Math.abs((avg_score ?? -1) - scores.reduce((a, b) => a + b) / 3) < 1e-5);
    }
    const judged = server.requests.map(({ body }) => JSON.stringify(body)).filter((body) => body.includes('Answer A'));
    assert.ok(judged.length >= 60);
    assert.ok(
      judged.every((body) => !/deepseek|anthropic|claude|openai|gpt/.test(body.replace(/"model":"[^"]*"/, ''))),
    );
    const training = await place.rows(ensembleTrainingRow, 'run', 'ensemble_training_pairs.jsonl');
    assert.deepEqual(
      training.map(({ meta }) => meta.id),
      rows.filter((row) => !row.needs_review).map(({ id }) => id),
    );
    const preferences = await place.rows(preferenceRow, 'run', 'preference_pairs.jsonl');
    assert.ok(preferences.length > 0 && preferences.every(({ margin }) => margin >= 0.2));
    const bias = await place.rows(judgeBiasRow, 'run', 'judge_bias.jsonl');
    assert.equal(bias.filter(({ kind }) => kind === 'position').length, 6);
    assert.equal(bias.filter(({ kind }) => kind === 'teacher').length, 6);
    assert.ok(criteria.some(({ name, value }) => name === 'position_bias' && value !== null));
  });

  it('gives the same files at 1 and at 64 requests at once', async () => {
    await place.simulate({ jitterMs: 10, faults: { refusal: 0.03, wrong_schema: 0.03, empty: 0.03 } });
    const file = await instructions(16);
    await ensemble(file, '--concurrency', '1');
    const one = await outputsOf(place, 'run');
    assert.equal(Object.keys(one).length, 5);
    await rm(place.file('run'), { recursive: true });
    await ensemble(file, '--concurrency', '64');
    assert.deepEqual(await outputsOf(place, 'run'), one);
  });

  it('goes on with two when a teacher dies midway, says so, and asks it again with --retry-failed', async () => {
    const server = await place.simulate({ latencyMs: 5 });
    const running = ensemble(await instructions(36), '--concurrency', '4');
    while (server.bill.answers < 40) await new Promise((resolve) => setImmediate(resolve));
    server.change({ keys: [keys.DEEPSEEK_API_KEY, keys.OPENAI_API_KEY] });
    const report = await running;
    assert.equal(report.status, 'completed', report.reason ?? '');
    assert.match(report.said, /claude-haiku-5-5 is left out from here on: /);
    const rows = await results();
    assert.equal(rows.length, 36);
    const died = rows.filter(({ completions }) => completions[teachers[2] ?? '']?.answer === null);
    assert.ok(died.length > 5 && died.length < 36, `${died.length} rows without it`);
    for (const { completions } of died) {
      const [one, two, dead] = teachers.map((name) => completions[name]);
      assert.ok(one?.answer && two?.answer);
      assert.deepEqual([dead?.score, dead?.critiques], [null, []], 'no score is invented');
    }
    const lost = await place.rows(failure, 'run', 'failures.jsonl');
    assert.ok(lost.every(({ code, message }) => code === 'left_out' && message.startsWith('anthropic/')));
    server.change({ keys: Object.values(keys) });
    const paid = server.bill.answers;
    const again = await ensemble('instructions.jsonl', '--retry-failed');
    assert.equal(again.status, 'completed');
    assert.ok(
      (await results()).every(({ completions }) => Object.values(completions).every(({ answer }) => answer !== null)),
    );
    assert.ok(
      [...server.bill.paid.values()].every((times) => times === 1),
      'nothing was paid for twice',
    );
    assert.ok(server.bill.answers > paid);
  });

  it('goes on after its money ran out, pays nothing twice, and never passes a cap', async () => {
    const server = await place.simulate();
    const file = await instructions(20);
    const small = await ensemble(file, '--budget', '0.012', '--concurrency', '2');
    assert.equal(small.status, 'budget_exhausted', JSON.stringify(small.counts));
    assert.ok(server.bill.usd <= 0.012);
    const { status, spend_usd } = await ensemble(file, '--budget', '5');
    assert.equal(status, 'completed');
    assert.ok(Math.round(spend_usd * 1e9) >= Number(server.bill.nano));
    assert.ok([...server.bill.paid.values()].every((times) => times === 1));
    assert.equal((await results()).length, 20);
  });

  it('lets short answers vote, and sends to review what they do not agree on', async () => {
    const cast = await script(({ model, text }) => {
      if (/Answer A:/.test(text)) return critiques(text, () => 0.9);
      if (/two and two/.test(text)) return model === 'three' ? '5' : 'The answer is 4.';
      return { one: 'red', two: 'green', three: 'blue' }[model] ?? '';
    });
    const file = await place.given('sums.jsonl', [
      { prompt: 'What is two and two?' },
      { prompt: 'What is the best colour?' },
    ]);
    const { counts, said } = await ensemble(file, ...cast);
    assert.match(said, /Columns read: “prompt” as instruction/);
    const [sum, colour] = await results();
    assert.deepEqual([sum?.consensus, sum?.consensus_method, sum?.needs_review], ['The answer is 4.', 'vote', false]);
    assert.ok(Math.abs((sum?.agreement ?? 0) - 2 / 3) < 1e-5);
    assert.deepEqual([colour?.consensus_method, colour?.review_reason], ['vote', 'low_agreement']);
    assert.deepEqual([counts.ok, counts.unvalidated], [1, 1]);
  });

  it('takes a clear best, and has one written from all where none is', async () => {
    const essay = (model: string) => `This is the long answer of a teacher, ${model} in number, with its reasons.`;
    const cast = await script(({ model, text }) => {
      if (/What the critics found/.test(text)) return `Written from all by ${model}.`;
      const clear = /a clear matter/.test(text);
      if (/Answer A:/.test(text)) return critiques(text, (said) => (clear && said.includes('two in') ? 0.95 : 0.75));
      return essay(model);
    });
    const file = await place.given('matters.jsonl', [
      { instruction: 'Explain a clear matter.' },
      { instruction: 'Explain an open matter.' },
    ]);
    await ensemble(file, ...cast);
    const [clear, open] = await results();
    assert.deepEqual([clear?.consensus_method, clear?.consensus], ['best', essay('two')]);
    assert.deepEqual([open?.consensus_method, open?.consensus], ['synthesis', 'Written from all by one.']);
    const [preference] = await place.rows(preferenceRow, 'run', 'preference_pairs.jsonl');
    assert.deepEqual([preference?.chosen, preference?.margin], [essay('two'), 0.2]);
  });

  it('stands with a teacher whose judgements are rubbish, and shows a judge that favours what it reads first', async () => {
    const cast = await script(({ model, text }) => {
      if (/What the critics found/.test(text)) return 'Written from all.';
      if (!/Answer A:/.test(text)) return `The long answer that ${model} gives to whatever it may be asked about.`;
      if (model === 'three') return 'I like them both!';
      return critiques(text, (_, letter) => (model === 'one' && letter === 'A' ? 0.95 : 0.75));
    });
    const rows = Array.from({ length: 12 }, (_, k) => ({ instruction: `Explain matter ${k}.` }));
    const { counts, status } = await ensemble(await place.given('matters.jsonl', rows), ...cast);
    assert.equal(status, 'completed');
    assert.equal(counts.failed, 0);
    for (const { completions } of await results()) {
      const judges = Object.values(completions).flatMap(({ critiques: said }) => said.map(({ by }) => by));
      assert.ok(!judges.includes('own/three'));
      assert.ok(Object.values(completions).every(({ score }) => score !== null));
    }
    const lost = await place.rows(failure, 'run', 'failures.jsonl');
    assert.equal(lost.length, 12);
    assert.ok(lost.every(({ stage, code }) => stage === 'judge' && code === 'invalid_reply'));
    const bias = await place.rows(judgeBiasRow, 'run', 'judge_bias.jsonl');
    const first = bias.find(({ judge, kind, of }) => judge === 'own/one' && kind === 'position' && of === 'A');
    assert.ok(Math.abs((first?.bias ?? 0) - 0.1) < 1e-5);
    assert.equal(bias.find(({ judge, kind, of }) => judge === 'own/two' && kind === 'position' && of === 'A')?.bias, 0);
  });

  it('asks a person where only one teacher answered, and fails where none did', async () => {
    const cast = await script(({ model, text }) => {
      if (/nobody/.test(text) || model !== 'one') return '';
      return 'The only answer that anybody gave, and it is a long one at that.';
    });
    const file = await place.given('few.jsonl', [{ instruction: 'For one.' }, { instruction: 'For nobody.' }]);
    const { counts } = await ensemble(file, ...cast);
    const [row, none] = await results();
    assert.deepEqual([row?.review_reason, row?.avg_score, row?.consensus_method], ['one_answer', null, 'best']);
    assert.equal(none, undefined);
    assert.deepEqual([counts.unvalidated, counts.failed], [1, 1]);
  });

  it('pays for nothing where an instruction is longer than any teacher takes', async () => {
    const server = await place.simulate();
    const file = await place.given('long.jsonl', [{ instruction: 'word '.repeat(200_000) }]);
    const { counts } = await ensemble(file);
    assert.equal(counts.failed, 1);
    assert.equal(server.bill.answers, 0);
    assert.equal((await place.rows(failure, 'run', 'failures.jsonl'))[0]?.code, 'too_long');
  });

  it('works on the rows that are asked for, counted as they stand in the file', async () => {
    await place.simulate();
    const rows = ['one', '', 'two', 'three'].map((text) => ({
      id: text || 'none',
      instruction: text && `Explain ${text}.`,
    }));
    await ensemble(await place.given('some.jsonl', rows), '--start-index', '2', '--max-examples', '1');
    const made = await place.rows(ensembleRow, 'run', 'ensemble_results.jsonl');
    assert.deepEqual(
      made.map(({ id }) => id),
      ['two'],
    );
  });

  it('estimates each teacher at each stage, and sends nothing', async () => {
    const server = await place.simulate();
    const { out } = await place.run('ensemble', await instructions(500), '--estimate-only', '--json');
    const { estimate } = z
      .object({ estimate: z.object({ requests: z.number(), stages: z.array(z.object({ name: z.string() })) }) })
      .parse(JSON.parse(out));
    assert.equal(estimate.stages.length, 9);
    assert.ok(Math.abs(estimate.requests - (500 * 3 + 500 * 3 + 250)) <= 3);
    assert.equal(server.requests.length, 0);
  });

  for (const [what, rows, words, says] of [
    ['one teacher', undefined, ['--teacher', 'deepseek/deepseek-flash'], /at least two teachers; here: deepseek/],
    [
      'the same teacher twice',
      undefined,
      ['--teacher', 'answerer=openai/gpt-6-luna', '--teacher', 'answerer=openai/gpt-6-luna'],
      /asks each teacher once/,
    ],
    [
      'the offline teacher',
      undefined,
      ['--teacher', 'answerer=offline', '--teacher', 'answerer=openai/gpt-6-luna'],
      /answers no instructions/,
    ],
    ['other columns', [{ text: 'x' }], [], /line 1: Found the columns text; expected “instruction”/],
    [
      'ids that stand there twice',
      [
        { id: 1, instruction: 'a' },
        { id: 1, instruction: 'b' },
      ],
      [],
      /line 2: It has the id “1” of line 1/,
    ],
    ['blank rows only', [{ instruction: ' ' }], [], /holds no row to work on/],
    ['a start behind the end', undefined, ['--start-index', '9'], /has 3 rows, counted from 0/],
    ['a rubric that is not there', undefined, ['--rubric', 'none.md'], /Cannot read the rubric none\.md/],
  ] as const) {
    it(`refuses ${what} with a sentence`, async () => {
      await place.simulate();
      const file = rows ? await place.given('bad.jsonl', rows) : await instructions(3);
      const { code, err } = await place.run('ensemble', file, ...words);
      assert.equal(code, 2);
      assert.match(err, says);
    });
  }
});

/** A judge's reply: each answer that it is shown gets the score that its text (or letter) deserves. */
function critiques(text: string, score: (answer: string, letter: string) => number): string {
  const shown = [...text.matchAll(/Answer ([A-H]):\n<document>\n([\s\S]*?)\n<\/document>/g)];
  return JSON.stringify({
    critiques: shown.map(([, letter = '', answer = '']) => ({
      answer: letter,
      score: score(answer, letter),
      comment: 'So.',
    })),
  });
}
