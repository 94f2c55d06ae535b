import type { DatasetFile } from './datasetFile';
import type { Review } from './review';

/** What is told of a dataset that is followed. */
export interface Told {
  dataset(): void;
  review(): void;
  failed(error: unknown): void;
}

/**
 * Indexes a dataset, then follows it and its review log for as long as `pause` says so. What fails may be a moment's
 * trouble of a disk or a network: it is told, once, and tried again.
 */
export async function keepUp(
  dataset: DatasetFile,
  review: Review,
  told: Told,
  pause: () => Promise<boolean>,
): Promise<void> {
  let trouble = '';
  let isIndexed = false;
  const look = async () => {
    if (isIndexed) await dataset.follow();
    else await dataset.indexAll();
    isIndexed = true;
    const heard = await review.follow();
    if (!review.isVerified) {
      told.dataset();
      await review.verify();
      if (!review.isEmpty) told.review();
    } else if (heard) told.review();
  };
  do {
    try {
      await look();
      if (trouble !== '') told.dataset();
      trouble = '';
    } catch (error) {
      const now = error instanceof Error ? error.message : String(error);
      if (now !== trouble) told.failed(error);
      trouble = now;
    }
  } while (await pause());
}
