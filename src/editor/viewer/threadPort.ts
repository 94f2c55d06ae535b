import path from 'node:path';
import { Worker, type MessagePort } from 'node:worker_threads';
import type { Port } from '../../protocol/channel';

/**
 * Room for what is read and forgotten at once. With as much as a thread gets by itself, a search of a gigabyte leaves
 * twice the memory in the extension host and is no faster.
 */
const YOUNG_MB = 4;

/** Starts one of the threads that webpack makes of `*.worker.ts`. */
export function startThread(dist: string, name: 'rows' | 'scan'): Worker {
  const file = path.join(dist, 'workers', `${name}.js`);
  return new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
}

/** A worker thread, from either end, as a channel's port. */
export function threadPort(thread: MessagePort | Worker): Port {
  return {
    post: (message) => {
      thread.postMessage(message);
    },
    listen: (receive) => {
      thread.on('message', receive);
      return () => {
        thread.off('message', receive);
      };
    },
  };
}
