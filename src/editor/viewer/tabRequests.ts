import { EventEmitter, type Uri } from 'vscode';
import type { ViewerSnapshot } from '../../protocol/viewer';

export type TabRequest = NonNullable<ViewerSnapshot['wanted']>;

/** Tabs of the viewer that commands ask for: the panel in front takes what was asked for its dataset, once. */
export class TabRequests {
  private readonly asked = new Map<string, TabRequest>();
  private readonly asking = new EventEmitter<void>();
  readonly onDidAsk = this.asking.event;

  ask(dataset: Uri, tab: TabRequest['tab']): void {
    this.asked.set(dataset.toString(), { tab, at: Date.now() });
    this.asking.fire();
  }

  take(dataset: Uri): TabRequest | null {
    const request = this.asked.get(dataset.toString());
    this.asked.delete(dataset.toString());
    return request ?? null;
  }

  dispose(): void {
    this.asking.dispose();
  }
}
