import { z } from 'zod';

/**
 * A review log: `<dataset>.review.jsonl`, beside the dataset. Append-only, an entry for each thing a person did; the
 * state of a row is what its entries add up to. Two windows append to one log.
 */

/** The row that was judged: its line, from 0, and a hash of its bytes, so that a verdict never lands on another row. */
const reviewedRow = z.object({ line: z.number().int().nonnegative(), row: z.string() });

const common = {
  /** Names this entry; an undo refers to it. */
  op: z.string(),
  at: z.string(),
  /** The window that wrote it. */
  by: z.string(),
};

export const verdict = z.enum(['approved', 'rejected']);
export type Verdict = z.infer<typeof verdict>;

export const reviewEntry = z.discriminatedUnion('kind', [
  /** Null takes a verdict back. One entry may judge many rows: it is undone as one. */
  z.object({ kind: z.literal('verdict'), ...common, rows: z.array(reviewedRow), verdict: verdict.nullable() }),
  /** The text at `path` is to read `text`. */
  z.object({
    kind: z.literal('edit'),
    ...common,
    rows: z.array(reviewedRow),
    path: z.array(z.union([z.string(), z.number().int()])),
    text: z.string(),
  }),
  z.object({ kind: z.literal('note'), ...common, rows: z.array(reviewedRow), text: z.string() }),
  z.object({ kind: z.literal('tags'), ...common, rows: z.array(reviewedRow), tags: z.array(z.string()) }),
  z.object({ kind: z.literal('undo'), ...common, undoes: z.string() }),
]);
export type ReviewEntry = z.infer<typeof reviewEntry>;
