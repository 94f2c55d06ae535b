import { z } from 'zod';
import { connect, type Client } from '../../src/protocol/channel';
import { pairChoices, sortOrder } from '../../src/protocol/rows';
import { viewerContract, viewerTab, type ViewerContract } from '../../src/protocol/viewer';
import * as page from '../port';

export type Host = Client<ViewerContract>;

export const host: Host = connect(
  page.vscodePort,
  viewerContract,
  (error) => {
    console.error(error);
  },
  page.firstId,
);

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
  /** The row that is being edited, and what was changed in it so far. */
  draft: z
    .object({
      line: z.number().int().nonnegative(),
      edits: z.array(
        z.object({ path: z.array(z.union([z.string(), z.number()])), before: z.string(), text: z.string() }),
      ),
    })
    .nullable()
    .catch(null),
});
export type PanelState = z.infer<typeof panelState>;
export type Draft = NonNullable<PanelState['draft']>;

export function loadState(): PanelState {
  return panelState.parse(page.loadState());
}

export function saveState(state: PanelState): void {
  page.saveState(state);
}
