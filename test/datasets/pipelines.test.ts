import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { Place } from '../pipelines/wire';
import { inPython, installReaders } from './python';

const seen = z.record(z.string(), z.object({ rows: z.number(), columns: z.record(z.string(), z.string()) }));

/** What the pipelines write, in the hands of `datasets`: it reads a file only when every column has one type. */
describe('outputs of pipelines in Python', function () {
  this.timeout(600_000);
  let place: Place;

  before(installReaders);
  beforeEach(async () => {
    place = await Place.make();
    // Some answers are lost and some refused, so that what may be absent is.
    await place.simulate({ faults: { refusal: 0.15, wrong_schema: 0.1 }, repetition: 0.05 });
  });
  afterEach(() => place.remove());

  const instructions = Array.from({ length: 24 }, (_, k) => ({
    id: `q${k}`,
    category: ['reasoning', 'writing'][k % 2],
    instruction: `Explain matter ${k} to a friend.`,
    ...(k % 3 === 0 && { reference_answer: `It is matter ${k}.`, previous_output: 'I do not know.' }),
  }));

  it('a cascade: each file is read whole, a column has one type', async () => {
    await place.report('cascade', '--out', 'run', '--samples', '60', '--golden', '20', '--budget', '10');
    const tables = await loaded('run');
    assert.deepEqual(Object.keys(tables).sort(), [
      'failures.jsonl',
      'golden_test_set.jsonl',
      'stage_a_raw_pairs.jsonl',
      'stage_b_formatted_pairs.jsonl',
      'training_pairs.jsonl',
      'validation_results.jsonl',
    ]);
    const { columns } = tables['training_pairs.jsonl'] ?? assert.fail();
    assert.match(columns['trinary_logic'] ?? '', /'premise_c': Value\('string'\)/);
    assert.match(columns['citations'] ?? '', /List\(/);
    assert.equal(columns['confidence'], "Value('float64')");
  });

  it('an ensemble: answers that are missing too', async () => {
    const file = await place.given('instructions.jsonl', instructions);
    await place.report('ensemble', file, '--out', 'run', '--budget', '5');
    const tables = await loaded('run');
    for (const name of ['ensemble_results', 'ensemble_training_pairs', 'preference_pairs', 'judge_bias', 'failures'])
      assert.ok(`${name}.jsonl` in tables, name);
    assert.match(tables['ensemble_results.jsonl']?.columns['completions'] ?? '', /'critiques': List\(/);
  });

  it('improved examples, with and without a reference', async () => {
    const file = await place.given('failed.jsonl', instructions);
    await place.report('improve', file, '--out', 'run', '--budget', '5');
    const tables = await loaded('run');
    assert.match(tables['improved_examples.jsonl']?.columns['meta'] ?? '', /'reference_answer': Value\('string'\)/);
  });

  /** Every file of rows that a run wrote, with as many rows as it has lines. Without a line there is no column to have a type. */
  async function loaded(run: string): Promise<z.infer<typeof seen>> {
    const names = (await readdir(place.file(run))).filter(
      (name) => name.endsWith('.jsonl') && name !== 'journal.jsonl',
    );
    const lines = await Promise.all(names.map(async (name) => (await place.content(run, name)).split('\n').length - 1));
    const filled = names.filter((_, at) => lines[at] !== 0);
    const tables = seen.parse(
      inPython('columns.py', place.file('cache'), ...filled.map((name) => place.file(run, name))),
    );
    return Object.fromEntries(
      filled.map((name) => {
        const table = tables[place.file(run, name)] ?? assert.fail(name);
        assert.equal(table.rows, lines[names.indexOf(name)], name);
        return [name, table];
      }),
    );
  }
});
