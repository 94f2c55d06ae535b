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
      // Several messages may come in one piece; each is a task of its own, as between threads and windows: who waits for
      // an answer has gone on before what was sent after it is heard.
      const hear = (message: unknown) => void setImmediate(receive, message);
      its.on('message', hear);
      return () => {
        its.off('message', hear);
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
