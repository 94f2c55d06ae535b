import { z } from 'zod';
import type { Contract } from './channel';
import { verdict } from '../core/records/review';
import { drawnFormula, formula, pairProblems, statistics, threshold, twinExplanation } from './scan';
import { datasetState, deed, pairChoices, partTokens, pairPreview, provenance, reviewCounts } from './rows';
import { rowDetail, rowPreviews, rowsContract, sortOrder } from './rows';

/** The dataset viewer's panel and the editor: the panel asks, the editor owns every state but navigation and looks. */

/** The rows that are shown, and in which order: all of them in the file's, unless asked otherwise. */
export const rowView = z.object({
  /** Counts up when other rows are shown, or in another order. */
  version: z.number().int(),
  query: z.string(),
  sort: sortOrder.nullable(),
  rows: z.number().int(),
  /** How much of the file was looked at, 0 to 1. */
  scanned: z.number(),
  complete: z.boolean(),
});
export type RowViewMessage = z.infer<typeof rowView>;

export const viewerTab = z.enum(['table', 'statistics', 'twins', 'pairs']);
export type ViewerTab = z.infer<typeof viewerTab>;

export const viewerSnapshot = z.object({
  name: z.string(),
  /** Where the file is, for the title. */
  path: z.string(),
  dataset: datasetState,
  review: reviewCounts,
  view: rowView,
  /** The file lies in a run folder, so that rows can be traced to their documents. */
  inRun: z.boolean(),
  /** Set while something is wrong with the file as a whole. */
  problem: z.string().nullable(),
  /** The tab that a command asked for, and when: each is shown once. */
  wanted: z.object({ tab: viewerTab, at: z.number() }).nullable(),
});
export type ViewerSnapshot = z.infer<typeof viewerSnapshot>;

const line = z.number().int().nonnegative();

/** Near-duplicates at a threshold, with what the list shows of each group: its first rows. */
export const twinList = z.object({
  groups: z.number().int(),
  spare: z.number().int(),
  listed: z.array(
    z.object({
      size: z.number().int(),
      rows: z.array(z.object({ line, title: z.string(), verdict: verdict.nullable() })),
    }),
  ),
});
export type TwinListMessage = z.infer<typeof twinList>;

export const copyFormat = z.enum(['json', 'markdown', 'csv', 'tsv']);
export type CopyFormat = z.infer<typeof copyFormat>;

const firstRows = z.object({ start: line, columns: z.array(z.string()), rows: rowPreviews });
export type FirstRows = z.infer<typeof firstRows>;

export const viewerContract = {
  requests: {
    /** The first thing a panel says; everything before it is lost. */
    ready: {
      params: z.object({
        /** The columns that the person chose, null for none, and where the table stood. */
        columns: z.array(z.string()).max(200).nullable(),
        start: line,
      }),
      /** The first rows come along: there is no waiting for them. */
      result: z.object({ snapshot: viewerSnapshot, first: firstRows }),
    },
    rows: {
      params: z.object({
        start: z.number().int().nonnegative(),
        count: z.number().int().min(1).max(500),
        columns: z.array(z.string()).max(200),
      }),
      result: z.object({ generation: z.number().int(), start: z.number().int(), rows: rowPreviews }),
    },
    /** Shows the rows that a query finds, in an order. Answered when all are found or something else is asked. */
    view: { params: z.object({ query: z.string(), sort: sortOrder.nullable() }), result: z.object({}) },
    /** The lines at places of the view, and the place of a line; null where there is none. */
    lines: {
      params: z.object({ start: line, count: z.number().int().min(1).max(100_000) }),
      result: z.object({ lines: z.array(line) }),
    },
    positionOf: { params: z.object({ line }), result: z.object({ position: line.nullable() }) },
    /** The same deed for every row of the view, asked back first. */
    judgeAll: { params: z.object({ deed }), result: z.object({ rows: z.number().int() }) },
    /** Puts rows on the clipboard, and tells how many: lines that are none are left out. With none, it stays as it is. */
    copy: {
      params: z.object({ lines: z.array(line).min(1), columns: z.array(z.string()), format: copyFormat }),
      result: z.object({ rows: z.number().int() }),
    },
    /** A field of a row as text, whole; null when the row has none. */
    fieldText: { params: z.object({ line, field: z.string() }), result: z.object({ text: z.string().nullable() }) },
    /** The row at a place of the view; null where there is none. */
    detail: { params: z.object({ position: line }), result: rowDetail.nullable() },
    /** A line as it stands in the file, or its beginning. */
    raw: { params: z.object({ line }), result: rowsContract.requests.raw.result },
    provenance: { params: z.object({ line }), result: provenance.nullable() },
    judge: { params: z.object({ lines: z.array(line).min(1), deed }), result: reviewCounts },
    /** The same deed for the rows at places of the view; none are judged when the person stops it. */
    judgeStretch: {
      params: z.object({ start: line, count: z.number().int().min(1), deed }),
      result: z.object({ rows: z.number().int(), counts: reviewCounts }),
    },
    undo: { params: z.object({}), result: z.object({ lines: z.array(line), counts: reviewCounts }) },
    /** Asks what to keep and writes the reviewed rows into a new file. */
    applyReview: { params: z.object({}), result: z.object({}) },
    statistics: { params: z.object({}), result: statistics },
    tokens: { params: z.object({ line }), result: partTokens },
    math: { params: formula, result: drawnFormula },
    /** What would be written for a row. */
    pair: { params: z.object({ line, choices: pairChoices }), result: pairPreview },
    /** Looks at the whole file for rows that cannot be reversed. */
    pairProblems: { params: z.object({}), result: pairProblems },
    /** Writes the pairs into a new file and opens it; null when the person stopped it. */
    generatePairs: { params: z.object({ choices: pairChoices }), result: z.object({ path: z.string().nullable() }) },
    /** Looks for near-duplicates, down to `floor`; from then on groups at any threshold above are at hand. */
    twins: { params: z.object({}), result: z.object({ rows: z.number().int(), floor: threshold }) },
    twinGroups: {
      params: z.object({ threshold, start: line, count: z.number().int().min(1).max(100) }),
      result: twinList,
    },
    explainTwins: { params: z.object({ first: line, second: line }), result: twinExplanation },
    /** Rejects the other rows of a row's group, as one deed. */
    keepOneTwin: { params: z.object({ threshold, line }), result: z.object({ rows: z.number().int() }) },
    /** Rejects all rows but the first of each group, asked back first. */
    keepFirstTwins: { params: z.object({ threshold }), result: z.object({ rows: z.number().int() }) },
    /** Saves what the panel made (a table, a picture) where the person says. */
    save: { params: z.object({ name: z.string(), base64: z.string() }), result: z.object({ saved: z.boolean() }) },
    /** Opens the document and selects the evidence; `evidence` says which quote. */
    revealSource: {
      params: z.object({ line, evidence: z.number().int().nonnegative() }),
      result: z.object({ how: z.enum(['evidence', 'passage', 'document', 'none']) }),
    },
    /** Shows the row in the text editor, where the file is small enough for it. */
    revealLine: { params: z.object({ line }), result: z.object({}) },
  },
  events: {
    changed: viewerSnapshot,
    /** How much of the file the statistics have read, 0 to 1. */
    gathered: z.object({ share: z.number() }),
    /** How much of the file was looked at for problems of pairs, and for twins. */
    pairsChecked: z.object({ share: z.number() }),
    twinsCompared: z.object({ share: z.number() }),
  },
} as const satisfies Contract;
export type ViewerContract = typeof viewerContract;
