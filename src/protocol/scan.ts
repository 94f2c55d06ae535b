import { z } from 'zod';
import type { Contract } from './channel';
import { partTokens } from './rows';

/** What the process that reads whole files for one purpose answers to the editor: statistics, pairs, twins. */

const histogram = z.object({
  least: z.number(),
  most: z.number(),
  mean: z.number(),
  sum: z.number(),
  bars: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })).readonly(),
});

export const statistics = z.object({
  rows: z.number().int(),
  bad: z.number().int(),
  blank: z.number().int(),
  duplicates: z.number().int(),
  /** Rows by what the run's validator said of them; null outside of a run. */
  validator: z
    .array(z.object({ value: z.string(), rows: z.number().int() }))
    .readonly()
    .nullable(),
  /** Phrases of three words by the rows that have them, counted in each `every`th row. */
  phrases: z.object({
    every: z.number().int(),
    listed: z.array(z.object({ text: z.string(), rows: z.number().int() })).readonly(),
  }),
  fields: z
    .array(
      z.object({
        name: z.string(),
        present: z.number().int(),
        missing: z.number().int(),
        histogram: histogram.nullable(),
        measure: z.enum(['tokens', 'value']),
        values: z
          .array(z.object({ value: z.string(), rows: z.number().int() }))
          .readonly()
          .nullable(),
      }),
    )
    .readonly(),
});
export type StatisticsMessage = z.infer<typeof statistics>;

/** TeX, and what a browser draws; null for what is not TeX. */
export const formula = z.object({ tex: z.string().max(20_000), display: z.boolean() });
export const drawnFormula = z.object({ mathml: z.string().nullable() });

/** Rows that cannot be reversed: how many there are, and the first of them. Lines from 0. */
export const pairProblems = z.object({
  rows: z.number().int(),
  problems: z.number().int(),
  listed: z.array(z.object({ line: z.number().int(), column: z.number().int(), message: z.string() })),
});
export type PairProblemsMessage = z.infer<typeof pairProblems>;

/** A similarity from which rows are twins. */
export const threshold = z.number().min(0).max(1);

/** Groups of near-duplicates at a threshold: how many, how many rows would go, and some of the groups. */
export const twinGroups = z.object({
  groups: z.number().int(),
  spare: z.number().int(),
  listed: z.array(z.object({ size: z.number().int(), lines: z.array(z.number().int()) })),
});

/** Two texts, what they share and how alike they are. */
export const twinExplanation = z.object({
  similarity: z.number(),
  first: z.string(),
  second: z.string(),
  /** The longest passages that stand in both. */
  shared: z.array(z.string()).readonly(),
});
export type TwinExplanationMessage = z.infer<typeof twinExplanation>;

export const scanContract = {
  requests: {
    /** Counts over the whole file; progress comes as `read` events. */
    statistics: { params: z.object({ path: z.string(), original: z.string() }), result: statistics },
    /** Looks at every row; progress comes as `checked` events. */
    pairProblems: { params: z.object({ path: z.string() }), result: pairProblems },
    /** Finds the near-duplicates of a file, once; progress comes as `compared` events. */
    twins: { params: z.object({ path: z.string() }), result: z.object({ rows: z.number().int(), floor: threshold }) },
    twinGroups: {
      params: z.object({ threshold, start: z.number().int(), count: z.number().int() }),
      result: twinGroups,
    },
    /** All lines but the first of each group; or the others of one line's group. */
    spareTwins: {
      params: z.object({ threshold, keep: z.number().int().nullable() }),
      result: z.object({ lines: z.array(z.number().int()) }),
    },
    /** Two rows as JSON. */
    explainTwins: { params: z.object({ first: z.string(), second: z.string() }), result: twinExplanation },
    /** Tokens of what a person reads of a row. */
    tokens: { params: z.object({ json: z.string() }), result: partTokens },
    math: { params: formula, result: drawnFormula },
  },
  events: {
    read: z.object({ bytes: z.number() }),
    checked: z.object({ rows: z.number().int() }),
    compared: z.object({ rows: z.number().int() }),
  },
} as const satisfies Contract;
export type ScanContract = typeof scanContract;
