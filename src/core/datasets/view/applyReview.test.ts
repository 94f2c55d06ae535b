import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyReview } from './applyReview';
import { DatasetFile } from './datasetFile';
import { findRows } from './findRows';
import { Review } from './review';
import { reviewPath } from './reviewLog';

const never = new AbortController().signal;

describe('Applying a review', () => {
  let folder: string;
  let path: string;
  let dataset: DatasetFile;
  let review: Review;
  // The number has more digits than a double; it must come out as it went in.
  const content = '{"q":"one","n":12345678901234567890}\r\n{"q":"two"}\n\nbad\n{"q":"three"}';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apply-'));
    path = join(folder, 'rows.jsonl');
    await writeFile(path, content);
    dataset = await DatasetFile.open(path, undefined, () => undefined);
    await dataset.indexAll();
    review = await Review.open(dataset, reviewPath(path));
  });
  afterEach(async () => {
    await dataset.close();
    await rm(folder, { recursive: true });
  });

  async function found(query: string): Promise<number[]> {
    const lines: number[] = [];
    const asked = { path, original: path, review: review.state, query, sort: null, from: { offset: 0, line: 0 } };
    await findRows(asked, (some) => lines.push(...some), never);
    return lines;
  }

  it('keeps approved rows byte for byte, makes the edits, and never touches the dataset', async () => {
    await review.judge([0, 4], { kind: 'verdict', verdict: 'approved' });
    await review.judge([4], { kind: 'edit', path: ['q'], text: 'drei' });
    const done = await applyReview(dataset, review, path, 'approved', never);
    assert.deepEqual(done, { path: join(folder, 'rows.reviewed.jsonl'), rows: 2, dropped: 2, edited: 1 });
    assert.equal(await readFile(done.path, 'utf8'), '{"q":"one","n":12345678901234567890}\n{"q":"drei"}\n');
    assert.equal(await readFile(path, 'utf8'), content);
  });

  it('leaves out what was rejected and keeps the rest, bad lines too', async () => {
    await review.judge([1], { kind: 'verdict', verdict: 'rejected' });
    const done = await applyReview(dataset, review, path, 'not_rejected', never);
    assert.equal(done.rows, 3);
    assert.match(await readFile(done.path, 'utf8'), /one.*\nbad\n.*three/u);
  });

  it('knows long and short rows among each other, with every line end, as they were judged', async () => {
    const long = JSON.stringify({ q: 'x'.repeat(300_000) });
    await writeFile(path, `{"q":1}\n${long}\r\n${long}\n{"q":2}\r\n\n{"q":3}\n${long}`);
    await dataset.follow();
    const lines = [0, 1, 2, 3, 4, 5, 6];
    await review.judge(lines, { kind: 'verdict', verdict: 'approved' });
    const rows = await dataset.previews(lines);
    const reviews = await Promise.all(rows.map((row) => review.of(row)));
    assert.deepEqual(
      reviews.map((it) => it?.verdict),
      lines.map(() => 'approved'),
    );
    await review.verify();
    assert.equal(review.counts.displaced, 0);
    const before = new AbortController();
    before.abort();
    await assert.rejects(review.judge(lines, { kind: 'verdict', verdict: 'rejected' }, before.signal));
    assert.equal(review.counts.rejected, 0);
  });

  it('overwrites nothing', async () => {
    await review.judge([1], { kind: 'verdict', verdict: 'rejected' });
    await applyReview(dataset, review, path, 'not_rejected', never);
    const second = await applyReview(dataset, review, path, 'not_rejected', never);
    assert.equal(second.path, join(folder, 'rows.reviewed-2.jsonl'));
    assert.ok((await readdir(folder)).every((name) => !name.endsWith('.tmp')));
  });

  it('refuses the edit of a text that is too long to be shown whole', async () => {
    await writeFile(path, JSON.stringify({ q: 'x'.repeat(100_001), a: 'short' }));
    await dataset.follow();
    await assert.rejects(review.judge([0], { kind: 'edit', path: ['q'], text: 'cut' }), { code: 'text_cut' });
    await review.judge([0], { kind: 'edit', path: ['a'], text: 'kurz' });
    assert.equal(review.counts.edited, 1);
  });

  it('finds a judged row again after the file was replaced', async () => {
    await review.judge([4], { kind: 'verdict', verdict: 'approved' });
    await writeFile(path, `{"q":"new"}\n${content}\n`);
    await dataset.follow();
    await review.verify();
    const done = await applyReview(dataset, review, path, 'approved', never);
    assert.equal(await readFile(done.path, 'utf8'), '{"q":"three"}\n');
    assert.deepEqual(await found('is:approved'), [5]);
    assert.deepEqual(await found('is:unreviewed'), [0, 1, 2, 3, 4]);
  });
});
