import { z } from 'zod';
import type { Contract } from './channel';
import { sortOrder } from './rows';

/** What the thread that reads whole files answers to the editor: searches and sorts. */

const place = z.object({ offset: z.number(), line: z.number().int() });
export type PlaceMessage = z.infer<typeof place>;

const histogram = z.object({
  least: z.number(),
  most: z.number(),
  mean: z.number(),
  bars: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })).readonly(),
});

export const statistics = z.object({
  rows: z.number().int(),
  bad: z.number().int(),
  blank: z.number().int(),
  duplicates: z.number().int(),
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

export const scanContract = {
  requests: {
    /** Finds rows from a place on; they come as `found` events under the job's number, in the order asked for. */
    find: {
      params: z.object({
        job: z.number().int(),
        path: z.string(),
        review: z.string(),
        query: z.string(),
        sort: sortOrder.nullable(),
        from: place,
      }),
      result: z.object({ next: place }),
    },
    /** Counts over the whole file; progress comes as `read` events. */
    statistics: { params: z.object({ path: z.string() }), result: statistics },
  },
  events: {
    read: z.object({ bytes: z.number() }),
    found: z.object({ job: z.number().int(), lines: z.array(z.number().int()), scanned: z.number() }),
  },
} as const satisfies Contract;
export type ScanContract = typeof scanContract;
