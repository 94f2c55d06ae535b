import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { DatasetError } from './errors';
import { assignSplits, splitFile, splitOf } from './split';

const RATIOS = { train: 90, validation: 5, test: 5 };

describe('splits', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-split-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function split(
    rows: readonly object[],
    options: { groupBy?: string; stratifyBy?: string; name?: string } = {},
  ) {
    const name = options.name ?? 'a';
    const file = join(folder, `${name}.jsonl`);
    await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const out = join(folder, name);
    const result = await splitFile({ file, out, ratios: RATIOS, ...options });
    const lines = new Map<string, string>();
    for (const { split: side, path } of result.outputs) {
      for (const line of (await readFile(path, 'utf8')).split('\n')) if (line !== '') lines.set(line, side);
    }
    return { result, lines };
  }

  it('take their shares on average and give the same answer for the same group', () => {
    const counts = { train: 0, validation: 0, test: 0 };
    for (let group = 0; group < 20_000; group++) counts[splitOf(`g${group}`, RATIOS)]++;
    assert.ok(Math.abs(counts.train - 18_000) < 200, JSON.stringify(counts));
    assert.ok(Math.abs(counts.test - 1000) < 120, JSON.stringify(counts));
    assert.equal(splitOf('g', RATIOS, 1), splitOf('g', RATIOS, 1));
  });

  it('are never empty while there are groups enough', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 3, maxLength: 30 }), fc.nat(), (groups, seed) => {
        const sides = new Set(assignSplits(groups, RATIOS, seed).values());
        assert.deepEqual([...sides].sort(), ['test', 'train', 'validation']);
      }),
    );
  });

  it('hold every row exactly once, as it was written and in its order', async () => {
    const rows = Array.from({ length: 300 }, (_, id) => ({ instruction: `q${id}`, input: '', output: `a${id}` }));
    const { result, lines } = await split(rows);
    assert.equal(
      result.outputs.reduce((sum, output) => sum + output.rows, 0),
      300,
    );
    assert.deepEqual(new Set(lines.keys()), new Set(rows.map((row) => JSON.stringify(row))));
    const train = [...lines].filter(([, side]) => side === 'train').map(([line]) => line);
    assert.deepEqual(
      train,
      rows.map((row) => JSON.stringify(row)).filter((line) => lines.get(line) === 'train'),
    );
  });

  it('never part what shares a pair, a chunk or a question, even through a chain of them', async () => {
    const rows = Array.from({ length: 200 }, (_, id) => [
      { instruction: `q${id}`, input: '', output: 'f', meta: { pair_id: `p${id}` }, source: `chunk_${id >> 1}` },
      { instruction: 'Reconstruct', input: `f${id}`, output: `q${id}`, meta: { pair_id: `p${id}` } },
      { instruction: `q${id}`, input: '', output: `again ${id}` },
    ]).flat();
    const { result, lines } = await split(rows);
    assert.equal(result.groups, 100);
    for (let chunk = 0; chunk < 100; chunk++) {
      const sides = rows.slice(chunk * 6, chunk * 6 + 6).map((row) => lines.get(JSON.stringify(row)));
      assert.equal(new Set(sides).size, 1);
    }
  });

  it('stay where they are when rows are added', async () => {
    const rows = Array.from({ length: 400 }, (_, id) => ({ question: `q${id}`, answer: 'a' }));
    const before = await split(rows.slice(0, 300), { name: 'before' });
    const after = await split(rows, { name: 'after' });
    for (const [line, side] of before.lines) assert.equal(after.lines.get(line), side);
  });

  it('give every value its share when stratified', async () => {
    const rows = Array.from({ length: 400 }, (_, id) => ({
      instruction: `q${id}`,
      output: 'a',
      kind: id % 20 === 0 ? 'rare' : 'common',
    }));
    const { lines } = await split(rows, { stratifyBy: 'kind' });
    const rare = [...lines].filter(([line]) => line.includes('rare')).map(([, side]) => side);
    assert.deepEqual([rare.length, rare.filter((side) => side === 'test').length], [20, 1]);
  });

  it('follow a field that is named', async () => {
    const rows = Array.from({ length: 100 }, (_, id) => ({
      instruction: `q${id}`,
      output: 'a',
      meta: { author: id % 7 },
    }));
    const { result } = await split(rows, { groupBy: 'meta.author' });
    assert.equal(result.groups, 7);
  });

  it('stop at a broken line and leave nothing behind', async () => {
    await writeFile(join(folder, 'bad.jsonl'), '{"instruction":"q","output":"a"}\n{"instruction"');
    const splitting = splitFile({ file: join(folder, 'bad.jsonl'), out: join(folder, 'out'), ratios: RATIOS });
    await assert.rejects(splitting, (error: DatasetError) => error.code === 'broken_rows' && error.rows[0]?.line === 2);
    assert.deepEqual(await readdir(folder), ['bad.jsonl']);
  });
});
