import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DatasetFile } from './datasetFile';
import { Unpacking } from './unpacking';

describe('A packed dataset', () => {
  let folder: string;
  let source: string;
  let copy: string;
  const datasets: DatasetFile[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unpacking-'));
    source = join(folder, 'rows.jsonl.gz');
    copy = join(folder, 'copy');
  });
  afterEach(async () => {
    await Promise.all(datasets.splice(0).map((dataset) => dataset.close()));
    await rm(folder, { recursive: true });
  });

  /** Rows whose texts do not pack well, so that a file of them has many blocks. */
  const rowsOf = (count: number, letter = 'a') =>
    Array.from({ length: count }, (_, at) => `{"at":${at},"${letter}":"${randomBytes(600).toString('hex')}"}\n`).join(
      '',
    );

  async function opened(onChange: () => void = () => undefined, spare?: number): Promise<DatasetFile> {
    const unpacking = await Unpacking.begin(source, copy, folder, spare);
    const dataset = await DatasetFile.open(copy, undefined, onChange, unpacking);
    datasets.push(dataset);
    return dataset;
  }

  const textOf = async (dataset: DatasetFile, line: number) => (await dataset.bytes(line, 1 << 20)).toString();

  it('has its first rows before the rest is unpacked, and then all of them', async () => {
    const rows = rowsOf(20_000);
    await writeFile(source, gzipSync(rows));
    const seen: { lines: number; complete: boolean; share: number }[] = [];
    const dataset = await opened(() => {
      const { lines, complete, indexed, size } = dataset.state;
      seen.push({ lines, complete, share: indexed / size });
    });
    const first = dataset.state;
    assert.ok(first.lines > 0 && first.lines < 1000, `${first.lines} rows to begin with`);
    assert.ok(first.size > rows.length / 2 && first.size < rows.length * 2, 'its size is estimated');
    assert.equal(await textOf(dataset, 0), rows.slice(0, rows.indexOf('\n')));
    await dataset.indexAll();
    assert.deepEqual([dataset.state.lines, dataset.state.complete, dataset.state.lost], [20_000, true, null]);
    assert.ok(seen.filter(({ complete }) => !complete).length > 5, 'rows come in between');
    assert.ok(seen.every(({ share, lines }, at) => share <= 1 && lines >= (seen[at - 1]?.lines ?? 0)));
    assert.equal(await readFile(copy, 'utf8'), rows);
  });

  it('keeps what comes before the place where it is cut short or damaged, and says which', async () => {
    const rows = rowsOf(3000);
    const packed = gzipSync(rows);
    const noBlock = Buffer.concat([gzipSync('').subarray(0, 10), Buffer.alloc(1000, 0xff)]);
    for (const [reason, bytes] of [
      ['cut_short', packed.subarray(0, packed.length - 1000)],
      ['damaged', Buffer.concat([packed, noBlock])],
      ['damaged', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])],
    ] as const) {
      await writeFile(source, bytes);
      const dataset = await opened();
      await dataset.indexAll();
      const { lost, lines, complete } = dataset.state;
      assert.deepEqual([lost, complete], [reason, true]);
      assert.ok(lines > 2990, `${lines} of 3,000 rows are kept`);
      assert.ok(rows.startsWith(await readFile(copy, 'utf8')));
    }
  });

  it('says of a file that is not packed at all that it is damaged', async () => {
    await writeFile(source, '{"a":1}\n');
    const dataset = await opened();
    await dataset.indexAll();
    assert.deepEqual([dataset.state.lost, dataset.state.lines], ['damaged', 0]);
  });

  it('goes on where it grew, and keeps the rows that were there', async () => {
    const [one, two] = [rowsOf(500), rowsOf(300, 'b')];
    await writeFile(source, gzipSync(one));
    const dataset = await opened();
    await dataset.indexAll();
    await appendFile(source, gzipSync(two));
    await dataset.follow();
    const { generation, lines } = dataset.state;
    assert.deepEqual([generation, lines], [0, 800]);
    assert.equal(await readFile(copy, 'utf8'), one + two);
  });

  it('goes on with one that was still being written', async () => {
    const rows = rowsOf(2000);
    const packed = gzipSync(rows);
    await writeFile(source, packed.subarray(0, packed.length >> 1));
    const dataset = await opened();
    await dataset.indexAll();
    assert.equal(dataset.state.lost, 'cut_short');
    await appendFile(source, packed.subarray(packed.length >> 1));
    await dataset.follow();
    assert.deepEqual([dataset.state.generation, dataset.state.lines, dataset.state.lost], [0, 2000, null]);
  });

  it('starts anew when it was replaced or rewritten, also by one of the same length', async () => {
    await writeFile(source, gzipSync(rowsOf(2000)));
    const dataset = await opened();
    await dataset.indexAll();
    const other = rowsOf(2000, 'b');
    await writeFile(join(folder, 'other'), gzipSync(other));
    await rename(join(folder, 'other'), source);
    await dataset.follow();
    assert.deepEqual([dataset.state.generation, dataset.state.lines], [1, 2000]);
    assert.equal(await readFile(copy, 'utf8'), other);

    const less = other.slice(0, other.indexOf('\n', 1_000_000) + 1);
    await writeFile(source, gzipSync(less));
    await dataset.follow();
    assert.equal(dataset.state.generation, 2);
    assert.equal(await readFile(copy, 'utf8'), less);
  });

  it('is not read again when only its time is another', async () => {
    await writeFile(source, gzipSync(rowsOf(100)));
    const dataset = await opened();
    await dataset.indexAll();
    await utimes(source, new Date(), new Date(Date.now() + 5000));
    await dataset.follow();
    assert.deepEqual([dataset.state.generation, dataset.state.lines], [0, 100]);
  });

  it('is said to be gone when it is, and stays readable', async () => {
    await writeFile(source, gzipSync('{"a":1}\n'));
    const dataset = await opened();
    await dataset.indexAll();
    await rm(source);
    await dataset.follow();
    assert.equal(dataset.state.missing, true);
    assert.equal(await textOf(dataset, 0), '{"a":1}');
    await writeFile(source, gzipSync('{"a":1}\n{"a":2}\n'));
    await dataset.follow();
    assert.deepEqual([dataset.state.missing, dataset.state.lines], [false, 2]);
  });

  it('stops before it fills the disk', async () => {
    await writeFile(source, gzipSync(rowsOf(20_000), { level: 1 }));
    const dataset = await opened(undefined, Infinity);
    await dataset.indexAll();
    const { lost, size } = dataset.state;
    assert.equal(lost, 'no_room');
    assert.ok(size > 0 && size <= 17 << 20);
  });

  it('ends with what reads it, in the midst of its work', async () => {
    await writeFile(source, gzipSync(rowsOf(20_000)));
    const dataset = await opened();
    const ended = assert.rejects(dataset.indexAll());
    datasets.pop();
    await dataset.close();
    await ended;
  });
});
