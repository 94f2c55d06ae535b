import assert from 'node:assert/strict';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sortRows } from './sortRows';

const never = new AbortController().signal;

describe('Sorting rows by a field', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sort-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function sorted(content: string, descending: boolean, only?: (line: number) => boolean): Promise<number[]> {
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, content);
    await using file = await open(path);
    const lines: number[] = [];
    for await (const batch of sortRows(file, { field: 'k', descending }, only, never, () => undefined)) {
      for (const line of batch) lines.push(line);
    }
    return lines;
  }

  const content = ['{"k":2}', '{"k":"b"}', 'bad', '{"k":10}', '{"k":null}', '{"k":"A"}', '{"k":2}'].join('\n');

  it('puts numbers before texts and rows without it last', async () => {
    assert.deepEqual(await sorted(content, false), [0, 6, 3, 5, 1, 2, 4]);
  });

  it('turns values round, but not where rows without it stand', async () => {
    assert.deepEqual(await sorted(content, true), [3, 0, 6, 1, 5, 2, 4]);
  });

  it('tells texts apart that begin alike, in memory and on disk', async () => {
    const [beginning, rows] = ['Of the pump, '.repeat(15), 70_000];
    const values = Array.from(
      { length: rows },
      (_, at) => `${beginning}${String((at * 7919) % rows).padStart(6, '0')}`,
    );
    const of = async (some: readonly string[]) => sorted(some.map((k) => `${JSON.stringify({ k })}\n`).join(''), false);
    assert.deepEqual(await of(values.slice(0, 3)), [0, 1, 2]);
    assert.deepEqual(await of(values.slice(0, 3).reverse()), [2, 1, 0]);
    const ordered = (await of(values)).map((line) => values[line] ?? '');
    assert.equal(ordered.length, rows);
    assert.ok(ordered.every((value, at) => at === 0 || (ordered[at - 1] ?? '') < value));
  });

  it('sorts only the rows that take part', async () => {
    assert.deepEqual(await sorted(content, false, (line) => line % 2 === 0), [0, 6, 2, 4]);
  });

  it('sorts more rows than it holds in memory, and leaves no file behind', async () => {
    const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('distillery-sort-'));
    const before = await left();
    const values = Array.from({ length: 450_000 }, (_, at) => (at * 7919) % 450_001);
    const lines = await sorted(values.map((k) => `{"k":${k}}\n`).join(''), false);
    const ordered = lines.map((line) => values[line] ?? -1);
    assert.equal(ordered.length, values.length);
    assert.ok(ordered.every((value, at) => at === 0 || (ordered[at - 1] ?? 0) <= value));
    assert.deepEqual(await left(), before);
  });
});
