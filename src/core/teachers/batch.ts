import type { TeacherError } from './errors';
import type { TeacherReply, TeacherRequest } from './teacher';

/** A request in a batch. `id` comes back with its result: `^[a-zA-Z0-9_-]{1,64}$`, unique in its batch. */
export interface BatchRequest {
  readonly id: string;
  readonly request: TeacherRequest;
}

export type BatchResult =
  | { readonly id: string; readonly reply: TeacherReply }
  /** `passing` errors (expired, server error) go into a following batch; the others fail the row. */
  | { readonly id: string; readonly error: TeacherError };

/** What is known of a batch whose id is not. */
export interface SoughtBatch {
  readonly token: string;
  /** When it was about to be submitted. */
  readonly since: Date;
  readonly size: number;
  /** The ids of its requests. */
  readonly names: ReadonlySet<string>;
  /** Ids of batches that are other ones. */
  readonly known: ReadonlySet<string>;
  /** No other batch of this size can be on its way: the only one that is worked on is this one. */
  readonly alone?: boolean;
}

export interface BatchStatus {
  readonly ended: boolean;
  readonly total: number;
  /** Requests that are through, well or badly. */
  readonly done: number;
  /** The provider took none of it: why, and what to do. There are no results then. */
  readonly rejected?: TeacherError;
}

/**
 * A provider's Batch API for one model. Every method is one attempt and rejects with a `TeacherError` only.
 *
 * The order that loses nothing: journal the intent with its token and time, `submit`, journal the id, then poll. After a
 * crash between the second and the third, `find` says whether the provider took it.
 */
export interface BatchTeacher {
  readonly provider: string;
  readonly model: string;
  /** Batches have rate limits of their own, so this is not the deployment of the live teacher. */
  readonly deployment: string;
  /** Cuts a stream of requests into batches that the provider takes (number of requests, bytes). */
  parts(requests: Iterable<BatchRequest>): Iterable<readonly BatchRequest[]>;
  /** @param token what `find` looks for: unique, `^[a-zA-Z0-9_-]{1,64}$`. @returns the provider's id of the batch. */
  submit(requests: readonly BatchRequest[], token: string, signal: AbortSignal): Promise<string>;
  /** Whether the provider took a batch of which only the intent is known; `unclear` while that cannot be told. */
  find(sought: SoughtBatch, signal: AbortSignal): Promise<{ readonly id: string } | 'absent' | 'unclear'>;
  poll(id: string, signal: AbortSignal): Promise<BatchStatus>;
  /** In no order. Requests without a result were not worked on (cancelled), and not billed. */
  results(id: string, signal: AbortSignal): AsyncIterable<BatchResult>;
  /** What is done until then stays, is billed, and is among the results. */
  cancel(id: string, signal: AbortSignal): Promise<void>;
}

export interface BatchLimits {
  readonly requests: number;
  readonly bytes: number;
}

/** Consecutive groups within the limits; a request that is too large alone is a group of its own, for the provider to refuse. */
export function* splitBatch(
  requests: Iterable<BatchRequest>,
  limits: BatchLimits,
  bytesOf: (request: BatchRequest) => number,
): Generator<readonly BatchRequest[]> {
  let group: BatchRequest[] = [];
  let size = 0;
  for (const request of requests) {
    const bytes = bytesOf(request);
    if (group.length > 0 && (group.length >= limits.requests || size + bytes > limits.bytes)) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(request);
    size += bytes;
  }
  if (group.length > 0) yield group;
}
