import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { combineFiles } from './combine';
import { dedupeFiles, explainDuplicates, type Duplicate } from './dedupe';
import type { DatasetError } from './errors';
import { fingerprint } from './hash';
import { FingerprintSet } from './fingerprint-set';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distillery-combine-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | readonly object[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : content.map((row) => JSON.stringify(row)).join('\n'));
  return path;
}

async function lines(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
}

function qa(id: number | string, extra: object = {}): object {
  return { instruction: `q${id}`, input: '', output: `a${id}`, ...extra };
}

describe('combining files', () => {
  it('never fuses rows, whatever the ends of the files look like', async () => {
    const a = await file(
      'a.jsonl',
      '\ufeff{"instruction":"1","output":"x","n":1.50}\r\n{"instruction":"2","output":"x","n":12345678901234567890}',
    );
    const b = await file('b.jsonl', '\n\n{"instruction":"3","output":"x","n":1e3}');
    const out = join(folder, 'out.jsonl');
    const result = await combineFiles({ files: [a, b], out });
    assert.equal(
      await readFile(out, 'utf8'),
      '{"instruction":"1","output":"x","n":1.50}\n{"instruction":"2","output":"x","n":12345678901234567890}\n{"instruction":"3","output":"x","n":1e3}\n',
    );
    assert.deepEqual([result.rows, result.inputs.map((input) => input.rows)], [3, [2, 1]]);
  });

  it('refuses files with other columns and columns with two types, by file and line', async () => {
    const a = await file('a.jsonl', [qa(1), qa(2)]);
    const b = await file('b.jsonl', [{ prompt: 'q', completion: 'a' }]);
    const c = await file('c.jsonl', [qa(3), { ...qa(4), output: 4 }]);
    const out = join(folder, 'out.jsonl');
    const mixed = combineFiles({ files: [a, b], out });
    await assert.rejects(
      mixed,
      (error: DatasetError) => error.code === 'mixed_schema' && /has no instruction/.test(error.message),
    );
    const drift = combineFiles({ files: [a, c], out });
    await assert.rejects(drift, (error: DatasetError) => error.rows[0]?.file === c && error.rows[0].line === 2);
    assert.deepEqual((await readdir(folder)).sort(), ['a.jsonl', 'b.jsonl', 'c.jsonl']);
  });

  it('counts duplicates and leaves them out only when asked', async () => {
    const files = [await file('a.jsonl', [qa(1), qa(2)]), await file('b.jsonl', [qa(2, { id: 9 }), qa(3, { id: 8 })])];
    const [first = ''] = files;
    await writeFile(first, [qa(1, { id: 1 }), qa(2, { id: 2 })].map((row) => JSON.stringify(row)).join('\n'));
    const all = await combineFiles({ files, out: join(folder, 'all.jsonl') });
    assert.deepEqual([all.rows, all.duplicates.exact], [4, 1]);
    const unique = await combineFiles({ files, out: join(folder, 'unique.jsonl'), dedupe: 'exact' });
    assert.deepEqual([unique.rows, unique.duplicates.exact], [3, 1]);
  });

  it('balances a field to its rarest value, and says what it left out', async () => {
    const rows = Array.from({ length: 30 }, (_, id) => qa(id, { kind: id < 5 ? 'rare' : id < 15 ? 'some' : 'most' }));
    const out = join(folder, 'out.jsonl');
    const result = await combineFiles({ files: [await file('a.jsonl', rows)], out, balance: 'kind' });
    assert.deepEqual([result.rows, result.leftOut], [15, { some: 5, most: 10 }]);
  });

  it('shuffles to the same order for the same seed and to another for another', async () => {
    const files = [
      await file(
        'a.jsonl',
        Array.from({ length: 50 }, (_, id) => qa(id)),
      ),
    ];
    const orders: string[][] = [];
    for (const [name, seed] of [
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ] as const) {
      const out = join(folder, `${name}.out.jsonl`);
      await combineFiles({ files, out, shuffle: true, seed });
      orders.push(await lines(out));
    }
    assert.deepEqual(orders[0], orders[1]);
    assert.notDeepEqual(orders[0], orders[2]);
    assert.deepEqual(orders[0]?.toSorted(), orders[2]?.toSorted());
  });
});

describe('deduplication', () => {
  it('keeps the first of equal rows, whatever stands beside their text', async () => {
    const files = [await file('a.jsonl', [qa(1, { id: 1 }), qa(2), qa(1, { id: 2 })])];
    const out = join(folder, 'out.jsonl');
    const found: Duplicate[] = [];
    const result = await dedupeFiles({ files, out, mode: 'exact', onDuplicate: (duplicate) => found.push(duplicate) });
    assert.deepEqual([result.rows, result.kept, result.exact], [3, 2, 1]);
    assert.deepEqual(
      found.map(({ row, of }) => [row.line, of.line]),
      [[3, 1]],
    );
    assert.deepEqual((await lines(out))[0], JSON.stringify(qa(1, { id: 1 })));
  });

  it('finds the same in other words and shows both sides with what they share', async () => {
    const text = 'the pump of the second line holds a pressure of forty bar while the valve is closed at night';
    const rows = [
      { instruction: 'How does it work?', output: text },
      { instruction: 'What is the rotor for?', output: 'It balances the load of the turning parts at every speed.' },
      { instruction: 'How does it work?', output: text.replace('forty', 'fifty') },
    ];
    const files = [await file('a.jsonl', rows)];
    const found: Duplicate[] = [];
    const result = await dedupeFiles({
      files,
      out: join(folder, 'out.jsonl'),
      mode: 'near',
      onDuplicate: (duplicate) => found.push(duplicate),
    });
    assert.deepEqual([result.kept, result.near], [2, 1]);
    const [twin] = await explainDuplicates(found);
    assert.ok(twin && twin.similarity > 0.8 && twin.similarity < 1);
    assert.equal(twin.explanation.similarity, twin.similarity);
    assert.deepEqual([twin.explanation.onlyFirst, twin.explanation.onlySecond], [['forty'], ['fifty']]);
    assert.match(twin.explanation.shared[0] ?? '', /^How does it work\?\nthe pump .* of$/);
  });

  it('tells texts apart by a single character anywhere, with every bit of the fingerprint', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), fc.nat(), (text, at) => {
        const place = at % text.length;
        const other = text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1);
        const [a, b] = [fingerprint(text), fingerprint(other)];
        assert.ok(a.low !== b.low && a.high !== b.high);
        assert.ok(Math.floor(a.low / 2 ** 33) !== Math.floor(b.low / 2 ** 33) || a.low % 2 ** 20 !== b.low % 2 ** 20);
      }),
    );
  });

  it('finds every repetition among many rows and takes nothing else for one', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 9000, size: 'max' }), (texts) => {
        const prints = new FingerprintSet();
        const seen = new Map<string, number>();
        for (const text of texts) {
          const place = prints.add(fingerprint(text));
          assert.equal(place, seen.get(text) ?? -1);
          if (place < 0) seen.set(text, prints.size - 1);
        }
      }),
      { numRuns: 20 },
    );
  });
});
