import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { findTwins } from './twins';

/** A thread that finds the twins of one file: `{ file, floor, seed }` in, progress and at last the numbers out. */
const { file, floor, seed } = z
  .object({ file: z.string(), floor: z.number(), seed: z.number().optional() })
  .parse(workerData);

void findTwins(file, floor, {
  ...(seed === undefined ? {} : { seed }),
  onRows: (rows) => parentPort?.postMessage({ rows }),
}).then(
  (data) => {
    const { lines, firsts, seconds, similarities } = data;
    parentPort?.postMessage({ data }, [lines.buffer, firsts.buffer, seconds.buffer, similarities.buffer]);
  },
  (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
);
