import { setMaxListeners } from 'node:events';

/** Thrown into the work when its time is over; distinguishable from the caller's own abort. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Runs `work` with a signal that follows `signal` and ends after `ms`. Not `AbortSignal.any`: on Node 20 that leaks a
 * listener on a long-lived source signal for every request.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  // As many listeners as requests in flight are no leak: each is removed below.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => controller.abort(new DeadlineExceeded()), ms);
  try {
    return await work(controller.signal);
  } catch (error) {
    // The SDKs and fetch wrap or replace the reason; it is the reason that says whose doing it was.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}
