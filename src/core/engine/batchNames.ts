import { createHash } from 'node:crypto';

/** Unique to the run: in the names of its batches and of their requests, so that both are known again. */
export function prefixOf(runId: string): string {
  return createHash('sha256').update(runId).digest('hex').slice(0, 16);
}

/** What a request is called in its batch. */
export function nameIn(prefix: string, seq: number): string {
  return `${prefix}_${seq}`;
}
