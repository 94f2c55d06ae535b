import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ReviewLog, type Deed } from './reviewLog';

describe('The review log', () => {
  let folder: string;
  let path: string;
  const row = (line: number) => ({ line, row: `hash-${line}` });
  const approve: Deed = { kind: 'verdict', verdict: 'approved' };
  const reject: Deed = { kind: 'verdict', verdict: 'rejected' };
  const verdicts = (log: ReviewLog) =>
    Object.fromEntries(
      [...log.state.places()].flatMap(({ line, row }) => {
        const review = log.state.of(line, row);
        return review ? [[line, review.verdict]] : [];
      }),
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'review-'));
    path = join(folder, 'rows.jsonl.review.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('remembers verdicts, edits, notes and tags', async () => {
    const log = await ReviewLog.open(path);
    await log.append([row(3)], approve);
    await log.append([row(3)], { kind: 'edit', path: ['output'], text: '41 bar' });
    await log.append([row(3)], { kind: 'edit', path: ['output'], text: '40 bar' });
    await log.append([row(3)], { kind: 'note', text: 'see page 4' });
    await log.append([row(3)], { kind: 'tags', tags: ['units'] });
    const again = await ReviewLog.open(path);
    assert.deepEqual(again.state.of(3, 'hash-3'), {
      verdict: 'approved',
      edits: [{ path: ['output'], text: '40 bar' }],
      note: 'see page 4',
      tags: ['units'],
    });
  });

  it('never gives a verdict to a row with other bytes', async () => {
    const log = await ReviewLog.open(path);
    await log.append([row(3)], approve);
    assert.equal(log.state.of(3, 'other'), undefined);
  });

  it('takes everything back, step by step, to nothing', async () => {
    const log = await ReviewLog.open(path);
    await log.append([row(1)], approve);
    await log.append([row(1)], reject);
    await log.append([row(2), row(3), row(4)], approve);
    assert.deepEqual(
      (await log.undo()).map(({ line }) => line),
      [2, 3, 4],
    );
    assert.deepEqual(verdicts(log), { 1: 'rejected' });
    await log.undo();
    assert.deepEqual(verdicts(log), { 1: 'approved' });
    await log.undo();
    assert.deepEqual(verdicts(log), {});
    assert.deepEqual(await log.undo(), []);
  });

  it('takes back what an earlier session did, once its own is taken back', async () => {
    const before = await ReviewLog.open(path);
    await before.append([row(1)], approve);
    const now = await ReviewLog.open(path);
    await now.append([row(2)], reject);
    await now.undo();
    await now.undo();
    assert.deepEqual(verdicts(now), {});
  });

  it('is the same in two windows that write in turns, and undo takes back one’s own', async () => {
    const [left, right] = [await ReviewLog.open(path), await ReviewLog.open(path)];
    await left.append([row(1)], approve);
    await right.append([row(2)], reject);
    await left.append([row(2)], approve);
    await right.undo();
    await left.follow();
    assert.deepEqual(verdicts(left), { 1: 'approved', 2: 'approved' });
    assert.deepEqual(verdicts(right), verdicts(left));
  });

  it('is the same in both windows after any sequence of deeds', async () => {
    const step = fc.record({
      left: fc.boolean(),
      line: fc.nat(3),
      what: fc.constantFrom<'approve' | 'reject' | 'tag' | 'undo'>('approve', 'reject', 'tag', 'undo'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await rm(path, { force: true });
        const [left, right] = [await ReviewLog.open(path), await ReviewLog.open(path)];
        for (const { left: isLeft, line, what } of steps) {
          const log = isLeft ? left : right;
          if (what === 'undo') await log.undo();
          else if (what === 'tag') await log.append([row(line)], { kind: 'tags', tags: [`tag-${line}`] });
          else await log.append([row(line)], what === 'approve' ? approve : reject);
        }
        await left.follow();
        await right.follow();
        const standing = Object.values(verdicts(left)).filter((it) => it !== null);
        const tagged = [...left.state.places()].flatMap(({ line, row: own }) => left.state.of(line, own)?.tags ?? []);
        assert.deepEqual([...left.state.tags].sort(), [...new Set(tagged)].sort());
        const given = (verdict: string) => standing.filter((it) => it === verdict).length;
        assert.deepEqual(left.state.counts, {
          reviewed: standing.length,
          approved: given('approved'),
          rejected: given('rejected'),
          edited: 0,
        });
        assert.deepEqual(verdicts(left), verdicts(right));
        assert.deepEqual(verdicts(await ReviewLog.open(path)), verdicts(left));
      }),
      { numRuns: 30 },
    );
  });

  it('loses nothing to half an entry that a crash left', async () => {
    const log = await ReviewLog.open(path);
    await log.append([row(1)], approve);
    await writeFile(path, '{"kind":"verd', { flag: 'a' });
    const after = await ReviewLog.open(path);
    await after.append([row(2)], reject);
    const again = await ReviewLog.open(path);
    assert.deepEqual(verdicts(again), { 1: 'approved', 2: 'rejected' });
    assert.equal(again.unreadable, 1);
    assert.equal((await readFile(path, 'utf8')).trimEnd().split('\n').length, 3);
  });

  it('forgets what it knew when the log is removed', async () => {
    const log = await ReviewLog.open(path);
    await log.append([row(1)], approve);
    await rm(path);
    assert.equal(await log.follow(), true);
    assert.deepEqual(verdicts(log), {});
  });
});
