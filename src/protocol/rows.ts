import { z } from 'zod';
import { verdict } from '../core/records/review';
import type { Contract } from './channel';

/** What the process that owns a dataset's file and index answers to the editor, and what rows look like on all ways. */

const valueType = z.enum(['string', 'number', 'boolean', 'null', 'object', 'array']);

export const column = z.object({
  name: z.string(),
  type: z.enum([...valueType.options, 'mixed']),
  rows: z.number().int(),
  filled: z.number().int(),
  nested: z.array(z.string()).readonly(),
  values: z.array(z.string()).readonly(),
});

export const cell = z.object({ type: z.enum([...valueType.options, 'missing']), text: z.string() });
export type CellMessage = z.infer<typeof cell>;

export const problem = z.object({ column: z.number().int(), reason: z.string() });

const path = z.array(z.union([z.string(), z.number().int()])).readonly();

/** What was decided about a row. */
export const rowReview = z.object({
  verdict: verdict.nullable(),
  edits: z.array(z.object({ path, text: z.string() })).readonly(),
  note: z.string(),
  tags: z.array(z.string()).readonly(),
});
export type RowReview = z.infer<typeof rowReview>;

/** What a person does to a row. */
export const deed = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verdict'), verdict: verdict.nullable() }),
  z.object({ kind: z.literal('edit'), path, text: z.string() }),
  z.object({ kind: z.literal('note'), text: z.string() }),
  z.object({ kind: z.literal('tags'), tags: z.array(z.string()) }),
]);
export type Deed = z.infer<typeof deed>;

export const reviewCounts = z.object({
  /** Counts up with every change, of this window or another. */
  version: z.number().int(),
  reviewed: z.number().int(),
  approved: z.number().int(),
  rejected: z.number().int(),
  edited: z.number().int(),
  /** Tags that were given, for completion. */
  tags: z.array(z.string()),
  /** Decisions about rows that are not where they were. */
  displaced: z.number().int(),
});
export type ReviewCounts = z.infer<typeof reviewCounts>;

export const keep = z.enum(['approved', 'not_rejected']);
export const applied = z.object({
  path: z.string(),
  rows: z.number().int(),
  dropped: z.number().int(),
  edited: z.number().int(),
});

/** A row as the table shows it. Lines are counted from 0 in messages and from 1 in what people read. */
export const rowPreview = z.object({
  line: z.number().int(),
  /** `large`: only its beginning was read. */
  state: z.enum(['ok', 'bad', 'blank', 'large']),
  bytes: z.number().int(),
  cells: z.array(cell),
  problem: problem.nullable(),
  /** The beginning of a bad line as it stands in the file. */
  text: z.string(),
  review: rowReview.nullable(),
});
export type RowPreview = z.infer<typeof rowPreview>;

/** Rows of a table as one JSON text, which the editor hands on as it is: as objects they would fill its memory. */
export const rowPreviews = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(rowPreview));

export const cut = z.object({
  path: z.array(z.union([z.string(), z.number()])).readonly(),
  kind: z.enum(['characters', 'items', 'keys', 'depth']),
  total: z.number().int(),
});

/** A row as the detail pane shows it. */
export const rowDetail = z.object({
  line: z.number().int(),
  state: rowPreview.shape.state,
  bytes: z.number().int(),
  /** The value as JSON text, cut to what can be shown; null when there is none. Text, so that no key can be special. */
  json: z.string().nullable(),
  cuts: z.array(cut),
  problem: problem.nullable(),
  /** A bad line as it stands in the file, cut to what can be shown. */
  text: z.string(),
  review: rowReview.nullable(),
  /** The other half of a bidirectional pair, where it stands beside this one; with its edits. */
  otherHalf: z.object({ line: z.number().int(), json: z.string(), cuts: z.array(cut) }).nullable(),
});
export type RowDetail = z.infer<typeof rowDetail>;

export const datasetState = z.object({
  generation: z.number().int(),
  lines: z.number().int(),
  indexed: z.number(),
  size: z.number(),
  complete: z.boolean(),
  missing: z.boolean(),
  /** Why not all of a packed file is there. */
  lost: z.enum(['cut_short', 'damaged', 'no_room']).nullable(),
  columns: z.array(column).readonly(),
  moreColumns: z.number().int(),
});
export type DatasetState = z.infer<typeof datasetState>;

export const sortOrder = z.object({ field: z.string(), descending: z.boolean() });
export type SortOrder = z.infer<typeof sortOrder>;

/** A passage of a document, as a run recorded it. */
export const passage = z.object({
  file: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
});

/** Where a row comes from and what its run said of it. */
export const provenance = z.object({
  /** The document as `run.json` or the chunk names it, with its hash. */
  file: z.string(),
  sha256: z.string(),
  chunk: passage.nullable(),
  lineStart: z.number().int().nullable(),
  evidence: z.array(passage),
  validation: z
    .object({ status: z.string(), reason: z.string(), verdict: z.record(z.string(), z.unknown()).nullable() })
    .nullable(),
  teacher: z.string().nullable(),
});
export type Provenance = z.infer<typeof provenance>;

/** How the reverse halves of pairs are to be made; an empty label is the name of the file. */
export const pairChoices = z.object({ variant: z.enum(['plain', 'context']), label: z.string() });
export type PairChoices = z.infer<typeof pairChoices>;

const half = z.object({ instruction: z.string(), input: z.string(), output: z.string(), meta: z.string() });

/** What would be written for a row: its pair, or why there is none. */
export const pairPreview = z.discriminatedUnion('state', [
  z.object({ state: z.literal('pair'), forward: half, reverse: half }),
  z.object({ state: z.literal('problem'), column: z.number().int(), message: z.string() }),
  z.object({ state: z.literal('blank') }),
]);
export type PairPreviewMessage = z.infer<typeof pairPreview>;

/** Tokens of a row's parts, as `o200k_base` counts them, by place in the row. */
export const partTokens = z.object({
  parts: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])).readonly(), tokens: z.number().int() })),
});

export type PartTokensMessage = z.infer<typeof partTokens>['parts'];

const lineParams = z.object({ line: z.number().int().nonnegative() });

/** Which rows a panel shows: what was found for it, under a number, or all of the file's. */
const viewParams = z.object({ view: z.number().int().nullable() });
export type ViewParams = z.infer<typeof viewParams>;

/** A stretch of a view. */
const stretch = viewParams.extend({
  start: z.number().int().nonnegative(),
  count: z.number().int().nonnegative(),
});

export type StretchParams = z.infer<typeof stretch>;

const place = z.object({ offset: z.number(), line: z.number().int() });
export type PlaceMessage = z.infer<typeof place>;

export const rowsContract = {
  requests: {
    open: {
      /** `packed` is what is to be unpacked into `path`. */
      params: z.object({
        path: z.string(),
        packed: z.string().nullable(),
        original: z.string(),
        cache: z.string().nullable(),
      }),
      result: datasetState,
    },
    previews: {
      params: z.object({ lines: z.array(z.number().int().nonnegative()), columns: z.array(z.string()) }),
      result: z.object({ generation: z.number().int(), rows: z.array(rowPreview) }),
    },
    /** The same for rows of a view that lie together, as the text of `rowPreviews`. */
    page: {
      params: stretch.extend({ columns: z.array(z.string()) }),
      result: z.object({ generation: z.number().int(), rows: z.string() }),
    },
    lines: { params: stretch, result: z.object({ lines: z.array(z.number().int()) }) },
    /** The place of a line in a view; null where it is not in it. */
    positionOf: {
      params: viewParams.extend(lineParams.shape),
      result: z.object({ position: z.number().int().nullable() }),
    },
    /** Finds rows for a view, from a place on, in an order; `found` events tell how many there are by now. */
    find: {
      params: z.object({
        view: z.number().int(),
        query: z.string(),
        sort: sortOrder.nullable(),
        from: place,
      }),
      result: z.object({ next: place, rows: z.number().int() }),
    },
    forget: { params: z.object({ view: z.number().int() }), result: z.object({}) },
    /** The row at a place of a view; null where there is none. */
    detail: {
      params: viewParams.extend({ position: z.number().int().nonnegative() }),
      result: rowDetail.nullable(),
    },
    /** Whole rows as JSON texts, for the clipboard; rows that are none are left out. */
    values: {
      params: z.object({ lines: z.array(z.number().int().nonnegative()) }),
      result: z.object({ rows: z.array(z.string()) }),
    },
    /** The line as it stands in the file. */
    raw: {
      params: lineParams.extend({ most: z.number().int() }),
      result: z.object({ text: z.string(), whole: z.boolean() }),
    },
    pair: { params: lineParams.extend({ choices: pairChoices }), result: pairPreview },
    provenance: { params: lineParams, result: provenance.nullable() },
    judge: { params: z.object({ lines: z.array(z.number().int().nonnegative()).min(1), deed }), result: reviewCounts },
    /** The same deed for all rows of a stretch; `judging` events tell how far it is. */
    judgeStretch: {
      params: stretch.extend({ deed }),
      result: z.object({ rows: z.number().int(), counts: reviewCounts }),
    },
    /** Takes the last deed back: the lines it was about, none when nothing is left. */
    undo: { params: z.object({}), result: z.object({ lines: z.array(z.number().int()), counts: reviewCounts }) },
    apply: { params: z.object({ keep }), result: applied },
    /** Whether anybody looks: what the file does meanwhile is looked at then. */
    watch: { params: z.object({ on: z.boolean() }), result: z.object({}) },
    close: { params: z.object({}), result: z.object({}) },
  },
  events: {
    changed: datasetState,
    reviewed: reviewCounts,
    found: z.object({ view: z.number().int(), rows: z.number().int(), scanned: z.number() }),
    judging: z.object({ done: z.number().int(), total: z.number().int() }),
    failed: z.object({ code: z.string(), message: z.string() }),
  },
} as const satisfies Contract;
export type RowsContract = typeof rowsContract;
