import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetFile } from './datasetFile';
import { keepUp } from './keepUp';
import { Review } from './review';
import { reviewPath } from './reviewLog';

describe('Keeping up with a dataset', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keep-up-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('goes on after a moment in which the file or its review could not be read', async () => {
    const inside = join(folder, 'data');
    const path = join(inside, 'rows.jsonl');
    await mkdir(inside);
    await writeFile(path, '{"a":1}\n');
    const dataset = await DatasetFile.open(path, undefined, () => undefined);
    const review = await Review.open(dataset, reviewPath(path));
    const failures: unknown[] = [];
    const lines: number[] = [];
    const steps = [
      // A file where the folder was: not ENOENT, but ENOTDIR.
      async () => {
        await rename(inside, join(folder, 'away'));
        await writeFile(inside, '');
      },
      () => Promise.resolve(),
      async () => {
        await rm(inside);
        await rename(join(folder, 'away'), inside);
        await appendFile(path, '{"a":2}\n');
      },
    ];
    await keepUp(
      dataset,
      review,
      { dataset: () => undefined, review: () => undefined, failed: (error) => failures.push(error) },
      async () => {
        lines.push(dataset.state.lines);
        const step = steps.shift();
        await step?.();
        return step !== undefined;
      },
    );
    assert.deepEqual(lines, [1, 1, 1, 2]);
    assert.equal(failures.length, 1);
    await dataset.close();
  });
});
