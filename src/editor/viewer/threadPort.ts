import type { MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../../protocol/channel';

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
