import { z } from 'zod';
import type { Contract } from './channel';
import { datasetState, deed, provenance, reviewCounts, rowDetail, rowPreview } from './rows';

/** The dataset viewer's panel and the editor: the panel asks, the editor owns every state but navigation and looks. */

export const viewerSnapshot = z.object({
  name: z.string(),
  /** Where the file is, for the title. */
  path: z.string(),
  dataset: datasetState,
  review: reviewCounts,
  /** The file lies in a run folder, so that rows can be traced to their documents. */
  inRun: z.boolean(),
  /** Set while something is wrong with the file as a whole. */
  problem: z.string().nullable(),
  /** Translations by English text. */
  l10n: z.record(z.string(), z.string()),
});
export type ViewerSnapshot = z.infer<typeof viewerSnapshot>;

const line = z.number().int().nonnegative();

export const viewerContract = {
  requests: {
    /** The first thing a panel says; everything before it is lost. */
    ready: { params: z.object({}), result: viewerSnapshot },
    rows: {
      params: z.object({
        start: z.number().int().nonnegative(),
        count: z.number().int().min(1).max(500),
        columns: z.array(z.string()).max(200),
      }),
      result: z.object({ generation: z.number().int(), start: z.number().int(), rows: z.array(rowPreview) }),
    },
    detail: { params: z.object({ line }), result: rowDetail },
    provenance: { params: z.object({ line }), result: provenance.nullable() },
    judge: { params: z.object({ lines: z.array(line).min(1), deed }), result: reviewCounts },
    undo: { params: z.object({}), result: z.object({ lines: z.array(line), counts: reviewCounts }) },
    /** Asks what to keep and writes the reviewed rows into a new file. */
    applyReview: { params: z.object({}), result: z.object({}) },
    /** Opens the document and selects the evidence; `evidence` says which quote. */
    revealSource: {
      params: z.object({ line, evidence: z.number().int().nonnegative() }),
      result: z.object({ how: z.enum(['evidence', 'passage', 'document', 'none']) }),
    },
    /** Shows the row in the text editor, where the file is small enough for it. */
    revealLine: { params: z.object({ line }), result: z.object({}) },
  },
  events: { changed: viewerSnapshot },
} as const satisfies Contract;
export type ViewerContract = typeof viewerContract;
