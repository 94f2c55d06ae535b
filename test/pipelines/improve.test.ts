import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { improvedRow } from '../../src/core/records/improve';
import type { RunReport } from '../../src/core/records/run';
import type { SimulatorOptions } from '../simulator/options';
import { outputsOf, Place, type Script } from './wire';

const failure = z.object({ id: z.string(), stage: z.string(), code: z.string(), message: z.string() });

describe('improve on the wire', function () {
  this.timeout(300_000);
  let place: Place;

  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(() => place.remove());

  const faulty: SimulatorOptions = { faults: { rate_limit: 0.02, refusal: 0.02 }, retryAfter: 0.05 };

  async function script(says: Script): Promise<string[]> {
    return [...(await place.script(says)), '--teacher', 'own/one'];
  }

  async function failures(count: number): Promise<string> {
    const rows = Array.from({ length: count }, (_, k) => ({
      id: `hard-${k}`,
      category: ['reasoning', 'writing'][k % 2],
      instruction: `Explain matter ${k} to a friend.`,
      reference_answer: `It is matter ${k}.`,
      previous_output: 'I do not know.',
    }));
    return place.given('failures.jsonl', rows);
  }

  async function improve(file: string, ...words: readonly string[]): Promise<RunReport & { said: string }> {
    return place.report('improve', file, '--out', 'run', ...words);
  }

  const improved = () => place.rows(improvedRow, 'run', 'improved_examples.jsonl');
  const lost = () => place.rows(failure, 'run', 'failures.jsonl');

  it('resumed three times gives every id once, pays nothing twice, and is as one that was never stopped', async () => {
    const file = await failures(120);
    await place.simulate(faulty);
    const whole = await improve(file, '--batch-size', '8');
    assert.equal(whole.status, 'completed');
    const uninterrupted = await outputsOf(place, 'run');
    await rm(place.file('run'), { recursive: true });
    const server = await place.simulate(faulty);
    // A share of the money that ends each session, with room for the worst case of what is under way.
    for (const share of [0.25, 0.5, 0.75]) {
      const cap = whole.spend_usd * share + 0.005;
      const { status } = await improve(file, '--budget', cap.toFixed(6), '--batch-size', '8');
      assert.equal(status, 'budget_exhausted');
      assert.ok(server.bill.usd <= cap);
    }
    const { status, counts } = await improve(file, '--budget', '10');
    assert.equal(status, 'completed');
    const ids = [...(await improved()).map(({ meta }) => meta.id), ...(await lost()).map(({ id }) => id)];
    assert.deepEqual(ids.sort(), Array.from({ length: 120 }, (_, k) => `hard-${k}`).sort());
    assert.equal(counts.requested, 120);
    assert.ok([...server.bill.paid.values()].every((times) => times === 1));
    assert.deepEqual(await outputsOf(place, 'run'), uninterrupted);
  });

  it('gives the same files at 1 and at 64 requests at once', async () => {
    await place.simulate({ ...faulty, jitterMs: 10 });
    const file = await failures(40);
    await improve(file, '--concurrency', '1');
    const one = await outputsOf(place, 'run');
    assert.deepEqual(Object.keys(one).sort(), ['failures.jsonl', 'improved_examples.jsonl']);
    await rm(place.file('run'), { recursive: true });
    await improve(file, '--concurrency', '64');
    assert.deepEqual(await outputsOf(place, 'run'), one);
  });

  it('guides by category, and asks once more where a free check refuses', async () => {
    const guidance = 'categories:\n  sums: { guidance: Count on your fingers., final_number: true }\n';
    await writeFile(place.file('guidance.yaml'), guidance);
    const asked: string[] = [];
    const cast = await script(({ text }) => {
      asked.push(text);
      if (/six and seven/.test(text)) return /was refused/.test(text) ? 'It makes 13.' : 'It makes 42.';
      if (/one and one/.test(text)) return 'It makes 3.';
      return /was refused/.test(text) ? 'Rain falls from clouds.' : 'The student’s mistake was to say snow.';
    });
    const file = await place.given('failed.jsonl', [
      { uid: 7, type: 'sums', question: 'What do six and seven make?', expected: 13, prediction: '42' },
      { uid: 8, type: 'sums', question: 'What do one and one make?', expected: '2', prediction: '3' },
      { uid: 9, type: 'weather', question: 'What falls from clouds?', expected: null, prediction: 'Snow.' },
    ]);
    const { counts, said } = await improve(file, ...cast, '--guidance', 'guidance.yaml');
    assert.match(
      said,
      /“question” as instruction; “uid” as id; “type” as category; “expected” as reference_answer; “prediction” as previous_output/,
    );
    assert.match(said, /Guided by “default”: weather \(1\)/);
    assert.match(said, /1 of 3 rows have no reference/);
    assert.deepEqual([counts.ok, counts.rejected], [2, 1]);
    const rows = await improved();
    assert.deepEqual(
      rows.map(({ meta, output }) => [meta.id, output, meta.quality.final_number, meta.quality.attempts]),
      [
        ['7', 'It makes 13.', 'matches', 2],
        ['9', 'Rain falls from clouds.', 'not_checked', 2],
      ],
    );
    assert.deepEqual(
      (await lost()).map(({ id, code }) => [id, code]),
      [['8', 'wrong_number']],
    );
    assert.ok(
      asked.filter((text) => /six and seven/.test(text)).every((text) => text.includes('Count on your fingers.')),
    );
    assert.ok(asked.filter((text) => /from clouds/.test(text)).every((text) => text.includes('There is no reference')));
  });

  it('reads chat logs, whole conversations too', async () => {
    const cast = await script(({ text }) => (/friend says/.test(text) ? 'Tell them gently.' : 'Blue, mostly.'));
    const file = await place.given('chats.jsonl', [
      {
        messages: [
          { role: 'user', content: 'What colour is the sky?' },
          { role: 'assistant', content: 'Green.' },
        ],
      },
      {
        id: 'talk',
        messages: [
          { role: 'user', content: 'My friend says the earth is flat.' },
          { role: 'assistant', content: 'Oh.' },
          { role: 'user', content: 'What should I say?' },
        ],
      },
    ]);
    await improve(file, ...cast);
    const [sky, talk] = await improved();
    assert.deepEqual(
      [sky?.instruction, sky?.meta.previous_output, sky?.meta.id],
      ['What colour is the sky?', 'Green.', 'row_000000'],
    );
    assert.match(talk?.instruction ?? '', /^User: My friend.*Assistant: Oh\..*User: What should I say\?$/s);
    assert.deepEqual([talk?.meta.id, talk?.meta.previous_output], ['talk', '']);
  });

  it('works on the rows that are asked for, with a delay, and estimates without sending', async () => {
    const server = await place.simulate(faulty);
    const file = await failures(50);
    const { out } = await place.run('improve', file, '--estimate-only', '--json');
    assert.equal(
      z.object({ estimate: z.object({ requests: z.number() }) }).parse(JSON.parse(out)).estimate.requests,
      55,
    );
    assert.equal(server.requests.length, 0);
    await improve(file, '--start-index', '10', '--max-examples', '5', '--delay', '20', '--batch-size', '2');
    const ids = [...(await improved()).map(({ meta }) => meta.id), ...(await lost()).map(({ id }) => id)];
    assert.deepEqual(ids.sort(), ['hard-10', 'hard-11', 'hard-12', 'hard-13', 'hard-14']);
  });

  it('pays for nothing where a row is longer than any teacher takes, and goes on with the others', async () => {
    const server = await place.simulate();
    const rows = [
      { id: 'long', instruction: 'word '.repeat(200_000) },
      { id: 'short', instruction: 'Explain brine.' },
    ];
    const file = await place.given('long.jsonl', rows);
    const estimated = await place.run('improve', file, '--estimate-only');
    assert.match(estimated.out, /\(1 requests to /);
    assert.match(estimated.err, /Nobody will be asked about 1 longer than 400000 characters \(line 1\)/);
    const { counts } = await improve(file);
    assert.deepEqual([counts.ok, counts.failed], [1, 1]);
    assert.equal(server.bill.answers, 1);
    assert.deepEqual(
      (await lost()).map(({ id, code }) => [id, code]),
      [['long', 'too_long']],
    );
  });

  it('refuses the offline teacher, with advice, before an estimate that would mislead', async () => {
    const file = await failures(3);
    for (const words of [[], ['--estimate-only']]) {
      const { code, err } = await place.run('improve', file, '--teacher', 'offline', ...words);
      assert.equal(code, 2);
      assert.match(err, /cannot write better answers\. Name a teacher with a model behind it/);
    }
  });

  for (const [rows, words, says] of [
    [[{ answer: 'x' }], [], /line 1: Found the columns answer; expected “instruction” \(or prompt/],
    [
      [
        { id: 1, prompt: 'a' },
        { id: 1, prompt: 'b' },
      ],
      [],
      /line 2: It has the id “1” of line 1/,
    ],
    [[{ messages: 'hello' }], [], /line 1: “messages” is no list/],
    [[{ prompt: 'a' }], ['--guidance', 'none.yaml'], /Cannot read the guidance none\.yaml/],
  ] as const) {
    it(`refuses ${JSON.stringify(rows)} ${words.join(' ')} with a sentence`, async () => {
      const { code, err } = await place.run('improve', await place.given('bad.jsonl', rows), ...words);
      assert.equal(code, 2);
      assert.match(err, says);
    });
  }
});
