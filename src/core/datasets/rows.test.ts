import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteFile } from 'hyparquet-writer';
import type { DatasetError } from './errors';
import { lineBatches, splitLines, type Line } from './lines';
import { readRows, rowBatches, type BadLine, type Row } from './rows';
import { LineWriter, writeLines } from './writer';

describe('dataset files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-rows-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function file(name: string, content: string | Buffer): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  async function all(path: string): Promise<(Row | BadLine)[]> {
    const rows: (Row | BadLine)[] = [];
    for await (const batch of rowBatches(path)) rows.push(...batch);
    return rows;
  }

  async function values(path: string): Promise<unknown[]> {
    return (await all(path)).map((row) => ('value' in row ? row.value : row.code));
  }

  it('reads a BOM, CRLF, blank lines and a last line without an end', async () => {
    const rows = await all(await file('a.jsonl', '\ufeff{"a":1}\r\n\n  \n{"a":"é"}\n{"a":3}'));
    assert.deepEqual(
      rows.map((row) => [row.line.number, row.line.offset, row.line.bytes, row.line.ending]),
      [
        [1, 3, 7, '\r\n'],
        [4, 16, 10, '\n'],
        [5, 27, 7, ''],
      ],
    );
  });

  it('gives back every line and its byte offset, whatever the bytes and wherever the blocks end', async () => {
    const content = fc.array(fc.oneof(fc.constantFrom(10, 13, 32, 0xc3, 0xa9, 0xff), fc.nat(255)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.integer({ min: 4, max: 20 }), { minLength: 1 }), async (bytes, cuts) => {
        const whole = Buffer.from([0x20, 0x20, 0x20, 0x20, ...bytes]);
        const lines: Line[] = [];
        for await (const batch of splitLines(blocks(whole, cuts), 'x')) lines.push(...batch);
        const rebuilt = lines.map((line) =>
          Buffer.concat([whole.subarray(line.offset, line.offset + line.bytes), Buffer.from(line.ending)]),
        );
        assert.deepEqual(Buffer.concat(rebuilt), whole);
        assert.deepEqual(
          lines.map((line) => line.number),
          lines.map((_, index) => index + 1),
        );
        for (const line of lines) {
          const raw = whole.subarray(line.offset, line.offset + line.bytes);
          assert.equal(line.text, raw.toString('utf8'));
          assert.equal(line.damage === undefined, Buffer.from(line.text).equals(raw));
        }
      }),
    );
  });

  it('names bytes that are no UTF-8, text that is no JSON and rows that are no objects, and goes on', async () => {
    const bad = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n{"a" 1}\n[1]\n{"a":2}\n')]);
    const rows = await all(await file('bad.jsonl', bad));
    assert.deepEqual(
      rows.map((row) => ('value' in row ? row.value : [row.code, row.line.number, row.column])),
      [['invalid_utf8', 1, 7], ['bad_json', 2, 6], ['not_object', 3, 1], { a: 2 }],
    );
  });

  it('says in words what is wrong with a line of JSON', async () => {
    const [row] = await all(await file('why.jsonl', '{"a":1 "b":2}'));
    assert.ok(row && 'message' in row);
    assert.equal(row.message, 'Not JSON. Column 8: a comma is missing.');
  });

  it('reads gzip, zstd, JSON arrays and Parquet as the same rows', async () => {
    const rows = [
      { a: 1, b: 'x\ny' },
      { a: 2, b: ']}{["\\' },
    ];
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    assert.deepEqual(await values(await file('a.jsonl.gz', gzipSync(lines))), rows);
    assert.deepEqual(await values(await file('a.json', JSON.stringify(rows, null, 2))), rows);
    assert.deepEqual(await values(await file('b.json', lines)), rows);
    parquetWriteFile({
      filename: join(folder, 'a.parquet'),
      columnData: [
        { name: 'a', data: rows.map((row) => row.a), type: 'INT32' },
        { name: 'b', data: rows.map((row) => row.b), type: 'STRING' },
      ],
    });
    assert.deepEqual(await values(join(folder, 'a.parquet')), rows);
  });

  it('reads what the zstd program packs, several frames included', async function () {
    const lines = Array.from({ length: 20_000 }, (_, id) => JSON.stringify({ id, text: `row ${id * 7919}` }));
    const packed = [lines.slice(0, 9_000), lines.slice(9_000)].map((part) => {
      try {
        return execFileSync('zstd', ['-c'], { input: `${part.join('\n')}\n`, stdio: ['pipe', 'pipe', 'ignore'] });
      } catch {
        return this.skip();
      }
    });
    const found = await all(await file('a.jsonl.zst', Buffer.concat(packed)));
    assert.deepEqual(
      found.map((row) => row.line.text),
      lines,
    );
  });

  it('cuts an array into its elements wherever the blocks end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.boolean(), async (rows, pretty) => {
        const path = await file('p.json', JSON.stringify(rows, null, pretty ? 1 : 0));
        assert.equal(JSON.stringify(await values(path)), JSON.stringify(rows));
      }),
      { numRuns: 50 },
    );
  });

  it('names an array that ends too early, and what stands behind it', async () => {
    const found = async (text: string) =>
      (await all(await file(`${text.length}.json`, text))).map((row) => ('value' in row ? 'row' : row.code));
    assert.deepEqual(await found('[{"a":1},\n{"a":2}'), ['row', 'row', 'bad_json']);
    assert.deepEqual(await found('[{"a":1},\n{"a":2'), ['row', 'bad_json']);
    assert.deepEqual(await found('[{"a":1},\n'), ['row', 'bad_json']);
    assert.deepEqual(await found('[{"a":1}] {"a":2}\n{"a":3}'), ['row', 'bad_json']);
    assert.deepEqual(await found('[{"a":1}]\n'), ['row']);
  });

  it('keeps a row as it was written: large integers, number forms and key order', async () => {
    const text = '{"id":12345678901234567890, "x":1.0e2,"a":1}';
    const path = await file('n.jsonl', text);
    for await (const row of readRows(path)) assert.equal(row.line.text, text);
  });

  it('reads a line of 100 MB', async () => {
    const path = await file('long.jsonl', `{"a":"${'x'.repeat(100_000_000)}"}\n{"a":1}`);
    const rows = await all(path);
    assert.deepEqual(
      rows.map((row) => row.line.bytes),
      [100_000_008, 7],
    );
  });

  it('refuses UTF-16, folders and what is not there, each with a sentence', async () => {
    const utf16 = await file('u.jsonl', Buffer.from('\ufeff{"a":1}', 'utf16le'));
    await assert.rejects(all(utf16), (error: DatasetError) => error.code === 'not_utf8');
    await assert.rejects(all(folder), (error: DatasetError) => error.code === 'unreadable');
    await assert.rejects(all(join(folder, 'none')), (error: DatasetError) => error.code === 'not_found');
    const cut = await file('cut.jsonl.gz', gzipSync('{"a":1}'.repeat(1000)).subarray(0, 30));
    await assert.rejects(all(cut), (error: DatasetError) => error.code === 'unreadable');
  });

  it('never writes over a file, not even one that appeared while it was writing', async () => {
    const path = await file('there.jsonl', 'mine');
    await assert.rejects(writeLines(path, ['x']), (error: DatasetError) => error.code === 'exists');
    const late = join(folder, 'late.jsonl');
    const writer = await LineWriter.create(late);
    await writer.write('theirs');
    await writeFile(late, 'mine');
    await assert.rejects(writer.commit(), (error: DatasetError) => error.code === 'exists');
    assert.equal(await readFile(path, 'utf8'), 'mine');
    assert.equal(await readFile(late, 'utf8'), 'mine');
    assert.deepEqual((await readdir(folder)).sort(), ['late.jsonl', 'there.jsonl']);
  });

  it('leaves nothing behind when it is cancelled or fails', async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<string> {
      for (let row = 0; ; row++) {
        if (row === 5000) controller.abort();
        yield 'x'.repeat(1000);
      }
    }
    await assert.rejects(writeLines(join(folder, 'a.jsonl'), endless(), controller.signal), { name: 'AbortError' });
    async function* failing(): AsyncGenerator<string> {
      yield 'x';
      throw new Error('no more');
    }
    await assert.rejects(writeLines(join(folder, 'b.jsonl'), failing()), /no more/);
    assert.deepEqual(await readdir(folder), []);
  });
});

async function* blocks(whole: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (let index = 0; from < whole.length; index++) {
    const size = cuts[index % cuts.length] ?? 4;
    yield whole.subarray(from, from + size);
    from += size;
  }
}

it('stops reading when its signal says so', async () => {
  const controller = new AbortController();
  controller.abort();
  const reading = lineBatches(import.meta.filename, controller.signal).next();
  await assert.rejects(reading, { name: 'AbortError' });
});
