import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readBytes } from '../source';
import { applyReview, type Applied, type Keep } from './applyReview';
import { DatasetFile } from './datasetFile';
import { DatasetViewError } from './errors';
import { Review } from './review';
import { reviewPath } from './reviewLog';

/**
 * Applies the review of a dataset that no viewer needs to have open: into a new file beside it.
 * @throws {DatasetViewError} `nothing_to_apply`, `edited_row_unreadable`
 */
export async function reviewedCopy(file: string, keep: Keep, signal: AbortSignal): Promise<Applied> {
  const folder = await mkdtemp(join(tmpdir(), 'distillery-review-'));
  let dataset: DatasetFile | undefined;
  try {
    const isPacked = /\.gz$/iu.test(file);
    const plain = isPacked ? join(folder, 'rows.jsonl') : file;
    if (isPacked) await pipeline(readBytes(file, signal), createWriteStream(plain), { signal });
    dataset = await DatasetFile.open(plain, undefined, () => signal.throwIfAborted());
    await dataset.indexAll();
    const review = await Review.open(dataset, reviewPath(file));
    const { approved, rejected, edited } = review.counts;
    if (approved + rejected + edited === 0) {
      throw new DatasetViewError('nothing_to_apply', `No row of ${file} was approved, rejected or edited yet.`);
    }
    await review.verify();
    return await applyReview(dataset, review, file, keep, signal);
  } finally {
    await dataset?.close();
    await rm(folder, { recursive: true });
  }
}
