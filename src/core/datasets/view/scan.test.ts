import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DatasetFile } from './datasetFile';
import { DatasetViewError } from './errors';
import { matches } from './matching';
import { parseQuery } from './query';
import { ReviewState } from './reviewState';
import { rowHash } from './reviewLog';
import { parseRow, PREVIEW_BYTES } from './rowText';
import { scan } from './scan';

const never = new AbortController().signal;
const nothingKnown = { isLarge: () => false, review: () => undefined, validator: () => undefined, isRepeat: false };

describe('Finding rows', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scan-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function find(content: string | Buffer, query: string, review = new ReviewState()): Promise<number[]> {
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, content);
    await using file = await open(path);
    const found: number[] = [];
    for await (const { lines } of scan(file, parseQuery(query), review, { offset: 0, line: 0 }, never)) {
      found.push(...lines);
    }
    return found;
  }

  const rows = [
    { question: 'What pressure does the pump hold?', answer: '40 bar', difficulty: 'easy', confidence: 0.93 },
    { question: 'How is the rotor balanced?', answer: 'By shifting the WEIGHTS.', difficulty: 'hard', confidence: 0.4 },
    { question: 'Wie heißt der Kühler?', answer: 'Größe 3', meta: { 'a.b': 1, deep: { x: 'pump' } }, confidence: 0.7 },
    { question: 'A "quoted" and back\\slashed text', answer: '', confidence: null },
  ];
  const content = `${rows.map((row) => JSON.stringify(row)).join('\n')}\nnot json but pump\n\n`;

  for (const [query, lines] of [
    ['pump', [0, 2, 4]],
    ['PUMP', [0, 2, 4]],
    ['weights', [1]],
    ['question', []],
    ['"40 bar"', [0]],
    ['KÜHLER', [2]],
    ['größe', [2]],
    ['pump -is:bad', [0, 2]],
    ['difficulty:hard', [1]],
    ['difficulty:=har', []],
    ['-difficulty:hard -is:bad -is:blank', [0, 2, 3]],
    ['confidence:<0.7', [1]],
    ['confidence:>=0.7', [0, 2]],
    ['confidence:0.4..0.7', [1, 2]],
    ['meta.deep.x:pump', [2]],
    ['meta.a.b:1', [2]],
    ['has:difficulty', [0, 1]],
    ['missing:difficulty -is:bad -is:blank', [2, 3]],
    ['has:answer', [0, 1, 2]],
    ['is:bad', [4]],
    ['is:blank', [5]],
    ['"\\"quoted\\""', [3]],
    ['back\\slashed', [3]],
    ['', [0, 1, 2, 3, 4, 5]],
  ] as const) {
    it(`${query === '' ? 'with nothing asked' : query} finds ${lines.length === 0 ? 'nothing' : `lines ${lines.join(', ')}`}`, async () => {
      assert.deepEqual(await find(content, query), lines);
    });
  }

  it('calls the rows large that the table marks as large', async () => {
    const long = (bytes: number) => `${JSON.stringify('x'.repeat(bytes - 2))}\n`;
    const content = long(PREVIEW_BYTES) + long(PREVIEW_BYTES + 1) + long(10);
    assert.deepEqual(await find(content, 'is:large'), [1]);
    const dataset = await DatasetFile.open(join(folder, 'rows.jsonl'), undefined, () => undefined);
    await dataset.indexAll();
    assert.deepEqual(
      (await dataset.previews([0, 1, 2])).map(({ row }) => row.state),
      ['ok', 'large', 'ok'],
    );
    await dataset.close();
  });

  it('finds text however a writer escaped it', async () => {
    assert.deepEqual(await find('{"a":"K\\u00fchler"}\n{"a":"a\\/b"}\n{"a":"\\ud83d\\ude00"}\n', 'kühler'), [0]);
    assert.deepEqual(await find('{"a":"K\\u00fchler"}\n{"a":"a\\/b"}\n', 'a/b'), [1]);
    assert.deepEqual(await find('{"a":"x"}\n{"a":"\\uD83D\\uDE00"}\n', '😀'), [1]);
  });

  it('finds numbers as they print, and a bad line as it stands', async () => {
    assert.deepEqual(await find('[1e2]\n[100.0]\n{"a":1}\n', '100'), [0, 1]);
    assert.deepEqual(await find('10000000000000000000000\n0.00000001\n', '1e+22'), [0]);
    assert.deepEqual(await find('10000000000000000000000\n0.00000001\n', '1e-8'), [1]);
    assert.deepEqual(await find('{"a":"say \\"pump\\""}\nit does say "pump" \\o\n', '"say \\"pump\\""'), [0, 1]);
    assert.deepEqual(await find('{"a":1}\nsay "pump" \\o\n', '"\\\\o"'), [1]);
  });

  it('takes no line for a row because it begins as one', async () => {
    const bad = ['{"o":{"a":1}}"c":2}', '{"o":{"a":1},"c":2,}', '{"o":{"a":1} "c":2}', '{"o":{"a":01},"c":2}'];
    const good = ['{"o":{"a":1},"c":2}', '{"o":{"c":2},"d":[{"c":[2]}]}'];
    const content = [...bad, ...good].map((line) => `${line}\n`).join('');
    for (const query of ['has:c', 'c:2', 'c:>1']) assert.deepEqual(await find(content, query), [4], query);
    assert.deepEqual(await find(content, 'has:d'), [5]);
    assert.deepEqual(await find(content, 'is:bad'), [0, 1, 2, 3]);
  });

  it('finds by verdict, of the row with these bytes only', async () => {
    const review = new ReviewState();
    const common = { at: '', by: '', kind: 'verdict' as const, verdict: 'approved' as const };
    review.add({ ...common, op: '1', rows: [{ line: 0, row: rowHash(Buffer.from('{"a":1}')) }] });
    review.add({ ...common, op: '2', rows: [{ line: 1, row: 'another' }] });
    assert.deepEqual(await find('{"a":1}\n{"a":2}\n', 'is:approved', review), [0]);
    assert.deepEqual(await find('{"a":1}\n{"a":2}\n', 'is:unreviewed', review), [1]);
  });

  it('finds what lies across the blocks that are read, and in a row of many blocks', async () => {
    const long = JSON.stringify({ a: 'x'.repeat(2_500_000), b: 'needle' });
    const filler = `${JSON.stringify({ a: 'y'.repeat(1000) })}\n`.repeat(1100);
    assert.deepEqual(await find(`${filler}${long}\n${filler}{"c":"needle"}`, 'needle'), [1100, 2201]);
  });

  it('agrees with parsing every line', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', 'ü', 'Ü', '"', '\\', '/', '\n', '😀', ' ', '1'),
      maxLength: 6,
    });
    const needle = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '/', '1', '😀'), minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ k: text, a: fc.array(text, { maxLength: 2 }) }), { maxLength: 8 }),
        needle,
        async (some, word) => {
          const lines = some.map((row) => JSON.stringify(row));
          const expected = some.flatMap((row, line) =>
            [row.k, ...row.a].some((value) => value.toLowerCase().includes(word.toLowerCase())) ? [line] : [],
          );
          assert.deepEqual(await find(lines.map((line) => `${line}\n`).join(''), JSON.stringify(word)), expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('finds by fields what parsing every line finds, however keys and values are spelt', async () => {
    const key = fc.constantFrom('a', 'b', 'n', 'ü', 'a.b', '__proto__');
    const leaf = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'B', 'ü', '"', '\\', ':', '1', '{', '\n', 'n'), maxLength: 5 }),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(null, true, '', 0.5, 1e21),
    );
    const inner = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf, { maxLength: 2 })), { maxKeys: 3 });
    const row = fc.oneof(fc.dictionary(key, fc.oneof(leaf, inner), { maxKeys: 4 }), leaf);
    const asked = fc
      .constantFrom('a', 'b', 'ü', 'a.b', 'a.a.b', 'b.ü', '__proto__.a', '(row)')
      .chain((field) =>
        fc.constantFrom(':a', ':="a"', ':"\\""', ':1', ':<1', ':0..2', ':>=0.5', ':').map((test) => field + test),
      );
    const query = fc.array(
      fc.oneof(
        asked,
        fc.constantFrom('has:a', 'missing:b', '-a:b', '-a:<1', 'b', 'n', '-n', '-ab', 'is:bad', '-is:bad'),
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const spelt = (value: unknown, loose: boolean) =>
      loose ? JSON.stringify(value, null, 1).replaceAll('\n', ' ').replaceAll('ü', '\\u00FC') : JSON.stringify(value);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), query, fc.boolean(), async (rows, conditions, loose) => {
        const text = conditions.join(' ');
        const lines = [...rows.map((value) => spelt(value, loose)), '{"a": "a", "b": 1'];
        const expected = lines.flatMap((line, at) => {
          const candidate = { row: () => parseRow(Buffer.from(line), false), ...nothingKnown };
          return matches(parseQuery(text), candidate) ? [at] : [];
        });
        assert.deepEqual(await find(lines.join('\n'), text), expected);
      }),
      { numRuns: 300 },
    );
  });

  it('finds rows that came before, whatever else is asked and wherever the search begins', async () => {
    const [one, two, odd] = ['{"a":"one"}', '{"a":"two"}', 'bad'];
    const content = [one, two, `${one}\r`, odd, odd, '', '', two, one].join('\n');
    assert.deepEqual(await find(content, 'is:duplicate'), [2, 7, 8]);
    assert.deepEqual(await find(content, 'is:duplicate two'), [7]);
    assert.deepEqual(await find(content, '-is:duplicate a:one'), [0]);
    const path = join(folder, 'rows.jsonl');
    await using file = await open(path);
    const from = { offset: content.lastIndexOf(two), line: 7 };
    const found: number[] = [];
    for await (const { lines } of scan(file, parseQuery('is:duplicate'), new ReviewState(), from, never)) {
      found.push(...lines);
    }
    assert.deepEqual(found, [7, 8]);
  });

  it('says what it does not understand', () => {
    assert.throws(() => parseQuery('is:wrong'), DatasetViewError);
  });
});
