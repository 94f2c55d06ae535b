import type { ChildProcess } from 'node:child_process';
import type { Port } from '../../protocol/channel';

/** A process and the one that started it, from either end, as a channel's port. */
export function processPort(its: ChildProcess | NodeJS.Process): Port {
  return {
    post: (message) => {
      // One that has just ended hears nothing any more: whoever waits for its answer is told of its end.
      if (!its.connected || typeof message !== 'object' || message === null) return;
      its.send?.(message, undefined, undefined, () => undefined);
    },
    listen: (receive) => {
      its.on('message', receive);
      return () => {
        its.off('message', receive);
      };
    },
  };
}

/** In one of the viewer's processes: the way to the editor. It ends with the editor. */
export function editorPort(): Port {
  if (!process.connected) throw new Error('This file is a process of the dataset viewer.');
  process.once('disconnect', () => process.exit());
  return processPort(process);
}
