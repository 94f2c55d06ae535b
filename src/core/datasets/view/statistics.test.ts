import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { NumberHistogram } from './histogram';
import { gatherStatistics } from './statistics';

describe('Statistics of a dataset', () => {
  it('count every number once, in bars that hold it', () => {
    const number = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = new NumberHistogram();
        for (const value of values) histogram.add(value);
        const result = histogram.result();
        assert.ok(result);
        assert.equal(
          result.bars.reduce((sum, { count }) => sum + count, 0),
          values.length,
        );
        assert.ok(result.bars.length <= 125);
        assert.equal(result.least, Math.min(...values));
        assert.equal(result.most, Math.max(...values));
      }),
    );
  });

  it('stay small when a number is far out', () => {
    const histogram = new NumberHistogram();
    for (let at = 0; at < 20_000; at++) histogram.add(at % 50);
    histogram.add(1e12);
    assert.ok((histogram.result()?.bars.length ?? 0) <= 125);
  });

  it('tell rows, bad lines, duplicates, lengths, categories and what is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'statistics-'));
    try {
      const path = join(folder, 'rows.jsonl');
      const lines = [
        '{"q":"12345678","difficulty":"easy","score":0.5}',
        '{"q":"1234","difficulty":"hard","score":0.7}',
        '{"q":"1234","difficulty":"hard","score":0.7}',
        '{"q":"1234","score":null}',
        'bad',
        '',
      ];
      await writeFile(path, `${lines.join('\n')}\n`);
      await using file = await open(path);
      const statistics = await gatherStatistics(file, new AbortController().signal, () => undefined);
      assert.deepEqual(
        { rows: statistics.rows, bad: statistics.bad, blank: statistics.blank, duplicates: statistics.duplicates },
        { rows: 4, bad: 1, blank: 1, duplicates: 1 },
      );
      assert.deepEqual(statistics.phrases, { every: 1, listed: [] });
      const [question, difficulty, score] = statistics.fields;
      assert.equal(question?.measure, 'tokens');
      assert.equal(question.histogram?.most, 2);
      assert.deepEqual(difficulty?.values, [
        { value: 'hard', rows: 2 },
        { value: 'easy', rows: 1 },
      ]);
      assert.equal(difficulty.missing, 1);
      assert.equal(score?.measure, 'value');
      assert.equal(score.present, 3);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('count the keys of objects by their dotted names, after the object and one level deep', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'statistics-'));
    try {
      const path = join(folder, 'rows.jsonl');
      const rows = [
        { id: 1, meta: { difficulty: 'easy', deep: { x: 1 } }, last: 1 },
        { id: 2, meta: { difficulty: 'hard' }, 'meta.difficulty': 'own', last: 1 },
        { id: 3, meta: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`k${at}`, at])), more: 1 },
      ];
      await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await using file = await open(path);
      const { fields } = await gatherStatistics(file, new AbortController().signal, () => undefined);
      const names = fields.map(({ name }) => name);
      assert.deepEqual(names.slice(0, 5), ['id', 'meta', 'meta.difficulty', 'meta.deep', 'last']);
      assert.deepEqual(fields[2]?.values, [
        { value: 'easy', rows: 1 },
        { value: 'own', rows: 1 },
      ]);
      assert.equal(names.filter((name) => name.startsWith('meta.')).length, 200);
      assert.ok(names.includes('more'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
