import { exitCode } from './exit';
import { type Io, say } from './io';

/** How long Ctrl-C waits for what is under way. */
const graceMs = 5000;

/**
 * Ctrl-C once: no new requests, those in flight are waited for up to 5 s, outputs are written. Twice: at once. A
 * termination by the system cancels within a second.
 */
export async function interruptible<T>(
  io: Io,
  work: (signals: { readonly signal: AbortSignal; readonly drain: AbortSignal }) => Promise<T>,
): Promise<T> {
  const cancel = new AbortController();
  const drain = new AbortController();
  let grace: NodeJS.Timeout | undefined;

  function interrupt(): void {
    if (drain.signal.aborted) process.exit(exitCode.interrupted);
    say(io, '\nStopping: what is under way may end (5 s). Ctrl-C again stops at once; nothing is lost either way.');
    drain.abort();
    grace = setTimeout(() => {
      cancel.abort();
    }, graceMs);
  }
  function terminate(): void {
    cancel.abort();
  }

  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  try {
    return await work({ signal: cancel.signal, drain: drain.signal });
  } finally {
    clearTimeout(grace);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
  }
}
