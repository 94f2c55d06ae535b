import { html, type TemplateResult } from 'lit';
import type { PairChoices, SortOrder } from '../../src/protocol/rows';
import type { ViewerSnapshot } from '../../src/protocol/viewer';
import type { PanelState } from './host';
import './pairsPane';
import './statisticsPane';
import './twinsPane';

/** What the tabs beside the table do to the panel. */
export interface TabActs {
  change(changed: Partial<PanelState>): void;
  /** Shows the rows that a query finds, in the table. */
  query(text: string): void;
  /** The same in an order. */
  show(query: string, order: SortOrder): void;
  showRow(line: number): void;
}

/** Statistics, twins or pairs; what is not shown does nothing. */
export function otherTab(snapshot: ViewerSnapshot, look: PanelState, acts: TabActs): TemplateResult {
  const { dataset, review, name } = snapshot;
  switch (look.tab) {
    case 'twins':
      return html`<twins-pane
        .threshold=${look.threshold}
        .generation=${dataset.generation}
        .marks=${review.version}
        @threshold=${(event: CustomEvent<number>) => acts.change({ threshold: event.detail })}
        @show-row=${(event: CustomEvent<number>) => acts.showRow(event.detail)}
      ></twins-pane>`;
    case 'pairs':
      return html`<pairs-pane
        .line=${Math.min(look.pairsLine, Math.max(0, dataset.lines - 1))}
        .lines=${dataset.lines}
        .generation=${dataset.generation}
        .reviewed=${review.reviewed + review.edited}
        .choices=${look.pairs}
        .name=${name.replace(/(?:\.gz)?$/iu, '').replace(/\.[^.]+$/u, '')}
        @look-at=${(event: CustomEvent<number>) => acts.change({ pairsLine: event.detail })}
        @change-pairs=${(event: CustomEvent<PairChoices>) => acts.change({ pairs: event.detail })}
      ></pairs-pane>`;
    default:
      return html`<statistics-pane
        .review=${review}
        .content=${`${dataset.generation} ${dataset.size}`}
        @uncertain=${() => acts.show('is:unreviewed', { field: 'validator.confidence', descending: false })}
        @query=${(event: CustomEvent<string>) => acts.query(event.detail)}
      ></statistics-pane>`;
  }
}
