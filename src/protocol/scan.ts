import { z } from 'zod';
import type { Contract } from './channel';
import { sortOrder } from './viewer';

/** What the thread that reads whole files answers to the editor: searches and sorts. */

const place = z.object({ offset: z.number(), line: z.number().int() });
export type PlaceMessage = z.infer<typeof place>;

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
  },
  events: {
    found: z.object({ job: z.number().int(), lines: z.array(z.number().int()), scanned: z.number() }),
  },
} as const satisfies Contract;
export type ScanContract = typeof scanContract;
