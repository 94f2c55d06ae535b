import { z } from 'zod';
import { connect, type Client, type Port } from '../../src/protocol/channel';
import { pairChoices, sortOrder } from '../../src/protocol/rows';
import { viewerContract, viewerTab, type ViewerContract } from '../../src/protocol/viewer';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

// zod would compile its parsers with `new Function`, which the content security policy forbids, as it should.
z.config({ jitless: true });

const api = acquireVsCodeApi();

const port: Port = {
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

export type Host = Client<ViewerContract>;

export const host: Host = connect(port, viewerContract, (error) => {
  console.error(error);
});

/** What of the panel outlives a reload: where the person was and how it looked, nothing of the data. */
const panelState = z.object({
  active: z.number().int().nonnegative().catch(0),
  top: z.number().nonnegative().catch(0),
  detailShare: z.number().min(0.15).max(0.85).catch(0.42),
  view: z.enum(['read', 'json', 'raw']).catch('read'),
  widths: z.record(z.string(), z.number()).catch({}),
  tab: viewerTab.catch('table'),
  /** When the tab was asked for that a command has shown last. */
  asked: z.number().catch(0),
  markdown: z.boolean().catch(false),
  pairs: pairChoices.catch({ variant: 'plain', label: '' }),
  /** The row whose pair is shown. */
  pairsLine: z.number().int().nonnegative().catch(0),
  threshold: z.number().min(0).max(1).catch(0.8),
  query: z.string().catch(''),
  sort: sortOrder.nullable().catch(null),
  columns: z.array(z.string()).nullable().catch(null),
});
export type PanelState = z.infer<typeof panelState>;

export function loadState(): PanelState {
  return panelState.parse(api.getState() ?? {});
}

export function saveState(state: PanelState): void {
  api.setState(state);
}
