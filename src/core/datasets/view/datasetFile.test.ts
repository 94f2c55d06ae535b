import assert from 'node:assert/strict';
import {
  appendFile,
  open as openFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetFile } from './datasetFile';
import { previewMessage } from './rowMessages';
import { parseQuery } from './query';
import { ReviewState } from './reviewState';
import { PREVIEW_BYTES } from './rowText';
import { scan } from './scan';
import { gatherStatistics } from './statistics';

describe('An opened dataset', () => {
  let folder: string;
  let path: string;
  const open: DatasetFile[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dataset-'));
    path = join(folder, 'rows.jsonl');
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((dataset) => dataset.close()));
    await rm(folder, { recursive: true });
  });

  async function opened(content: string | Buffer, cache?: string): Promise<DatasetFile> {
    await writeFile(path, content);
    const dataset = await DatasetFile.open(path, cache, () => undefined);
    open.push(dataset);
    await dataset.indexAll();
    return dataset;
  }

  async function rows(dataset: DatasetFile) {
    const lines = Array.from({ length: dataset.state.lines }, (_, line) => line);
    const columns = dataset.state.columns.map(({ name }) => name);
    return (await dataset.previews(lines)).map((row) => previewMessage(row, columns, undefined));
  }

  it('shows rows of every shape in place, and says of bad ones why', async () => {
    const dataset = await opened(
      Buffer.concat([
        Buffer.from('\ufeff{"a":1}\n[1,2]\n"text"\n5\n{"__proto__":{"x":1},"constructor":2}\n\n{"a":1\n{"b":"'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('"}\n{"a":"half'),
      ]),
    );
    const read = await rows(dataset);
    assert.deepEqual(
      read.map(({ state, problem }) => problem?.reason ?? state),
      [
        'ok',
        'ok',
        'ok',
        'ok',
        'ok',
        'blank',
        'the line ends before its object does',
        'the bytes are not UTF-8 here; save the file as UTF-8',
        'a string has no closing quote',
      ],
    );
    assert.equal(read[7]?.problem?.column, 7);
    const names = dataset.state.columns.map(({ name }) => name);
    assert.deepEqual(names, ['a', '(row)', '__proto__', 'constructor']);
    assert.deepEqual(
      read[4]?.cells.map(({ text }) => text),
      ['', '', '{x: 1}', '2'],
    );
  });

  it('reads only the beginning of a row of 10 MB, and the rest of the file beside it', async () => {
    const long = JSON.stringify({ first: 'begin', text: 'x'.repeat(10_000_000) });
    const dataset = await opened(`{"first":"a"}\n${long}\n{"first":"b"}\n`);
    const read = await rows(dataset);
    assert.deepEqual(
      read.map(({ state, cells }) => [state, cells[0]?.text]),
      [
        ['ok', 'a'],
        ['large', 'begin'],
        ['ok', 'b'],
      ],
    );
    const [, large] = await dataset.previews([0, 1]);
    assert.equal(large?.bytes.length, PREVIEW_BYTES);
  });

  it('reads, searches and counts around a row of 200 MB', async () => {
    await writeFile(path, `{"first":"a"}\n{"first":"begin","text":"${'x'.repeat(PREVIEW_BYTES)}`);
    await truncate(path, 200_000_000); // Zeros up to there, which take no room on most disks.
    await appendFile(path, '"}\n{"first":"begin"}\n');
    const dataset = await DatasetFile.open(path, undefined, () => undefined);
    open.push(dataset);
    await dataset.indexAll();
    const read = await rows(dataset);
    assert.deepEqual(
      read.map(({ state, cells }) => [state, cells[0]?.text]),
      [
        ['ok', 'a'],
        ['large', 'begin'],
        ['ok', 'begin'],
      ],
    );
    const never = new AbortController().signal;
    await using file = await openFile(path);
    const found: number[] = [];
    const query = parseQuery('first:begin');
    for await (const { lines } of scan(file, query, new ReviewState(), { offset: 0, line: 0 }, never))
      found.push(...lines);
    assert.deepEqual(found, [1, 2]);
    assert.equal((await gatherStatistics(file, never, () => undefined)).rows, 3);
  });

  it('stays usable with very many bad lines', async () => {
    const bad = ['not json', '{"a": 1,, "b": 2}', '{"a": 1', '[1, 2}'];
    const dataset = await opened(`${bad.join('\n')}\n`.repeat(10_000));
    const [last] = await dataset.previews([39_999]);
    assert.equal(last?.row.state === 'bad' && last.row.problem.column, 6);
    await using file = await openFile(path);
    const never = new AbortController().signal;
    assert.equal((await gatherStatistics(file, never, () => undefined)).bad, 40_000);
  });

  it('lists 500 of 5,000 columns and counts the others', async () => {
    const row = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`c${at}`, at]));
    const dataset = await opened(JSON.stringify(row));
    assert.equal(dataset.state.columns.length, 500);
    assert.equal(dataset.state.moreColumns, 4500);
  });

  it('goes on with a file that grows', async () => {
    const dataset = await opened('{"a":1}\n{"a":');
    await appendFile(path, '2}\n{"a":3}\n');
    await dataset.follow();
    assert.equal(dataset.state.generation, 0);
    assert.deepEqual(
      (await rows(dataset)).map(({ cells }) => cells[0]?.text),
      ['1', '2', '3'],
    );
  });

  it('starts anew when the file shrinks, is replaced, or is rewritten in place', async () => {
    const dataset = await opened('{"a":1}\n{"a":2}\n');
    await truncate(path, 8);
    await dataset.follow();
    assert.deepEqual([dataset.state.generation, dataset.state.lines], [1, 1]);

    await writeFile(join(folder, 'other'), '{"b":"x"}\n{"b":"y"}\n{"b":"z"}\n');
    await rename(join(folder, 'other'), path);
    await dataset.follow();
    assert.deepEqual([dataset.state.generation, dataset.state.lines], [2, 3]);

    const { size, mtime } = await stat(path);
    await writeFile(path, '{"b":"X"}\n{"b":"Y"}\n{"b":"Z"}\n');
    await utimes(path, mtime, new Date(mtime.getTime() + 5000));
    assert.equal((await stat(path)).size, size);
    await dataset.follow();
    assert.equal((await rows(dataset))[0]?.cells[0]?.text, 'X');
  });

  it('says that the file is gone, and finds it when it comes back', async () => {
    const dataset = await opened('{"a":1}\n');
    await rm(path);
    await dataset.follow();
    assert.equal(dataset.state.missing, true);
    await writeFile(path, '{"a":1}\n{"a":2}\n');
    await dataset.follow();
    assert.deepEqual([dataset.state.missing, dataset.state.lines], [false, 2]);
  });

  it('needs no cache that can be read or written', async () => {
    const cache = join(folder, 'cache');
    const content = `${JSON.stringify({ a: 'x'.repeat(990) })}\n`.repeat(40_000);
    await writeFile(cache, 'a file, where a folder should be');
    assert.equal((await opened(content, cache)).state.lines, 40_000);
    await rm(cache);
    await opened(content, cache);
    const [name = ''] = await readdir(cache);
    await rm(join(cache, name));
    await mkdir(join(cache, name));
    assert.equal((await opened(content, cache)).state.lines, 40_000);
  });

  it('keeps no more than the last forty indexes', async () => {
    const cache = join(folder, 'cache');
    await mkdir(cache);
    for (let at = 0; at < 45; at++) {
      await writeFile(join(cache, `${at}.lines`), '');
      await utimes(join(cache, `${at}.lines`), at, at);
    }
    await opened(`${JSON.stringify({ a: 'x'.repeat(990) })}\n`.repeat(40_000), cache);
    const kept = await readdir(cache);
    assert.equal(kept.length, 40);
    assert.deepEqual(
      [kept.includes('5.lines'), kept.includes('6.lines'), kept.includes('44.lines')],
      [false, true, true],
    );
    assert.ok(
      kept.some((name) => name.length > 20),
      'the new one is among them',
    );
  });

  it('uses a kept index only when it tells the truth', async () => {
    const cache = join(folder, 'cache');
    const content = `${JSON.stringify({ a: 'x'.repeat(990) })}\n`.repeat(40_000);
    await opened(content, cache);
    const [name] = await readdir(cache);
    assert.ok(name !== undefined);
    const kept = await readFile(join(cache, name));
    const again = await DatasetFile.open(path, cache, () => undefined);
    open.push(again);
    await again.indexAll();
    assert.equal(again.state.lines, 40_000);

    for (const lie of [kept.subarray(0, 5000), Buffer.from(kept).fill(0, 8192), Buffer.from('nonsense')]) {
      await writeFile(join(cache, name), lie);
      const dataset = await DatasetFile.open(path, cache, () => undefined);
      open.push(dataset);
      await dataset.indexAll();
      assert.equal(dataset.state.lines, 40_000);
      assert.equal((await dataset.previews([39_999]))[0]?.row.state, 'ok');
    }
  });
});
