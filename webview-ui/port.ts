import { z } from 'zod';
import type { Port } from '../src/protocol/channel';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

// zod would compile its parsers with `new Function`, which the content security policy forbids, as it should.
z.config({ jitless: true });

const api = acquireVsCodeApi();

/** The way to the host, and the little that outlives a reload of the window. One panel, one page, one port. */
export const vscodePort: Port = {
  post: (message) => {
    api.postMessage(message);
  },
  listen: (receive) => {
    const hear = (event: MessageEvent<unknown>) => {
      receive(event.data);
    };
    window.addEventListener('message', hear);
    return () => {
      window.removeEventListener('message', hear);
    };
  },
};

/** Where the numbers of this page's requests begin: no other page of the panel has had them. */
export const firstId = Math.floor(performance.timeOrigin * 1000);

export const loadState = (): unknown => api.getState() ?? {};

export const saveState = (state: unknown): void => {
  api.setState(state);
};
