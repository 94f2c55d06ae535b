import type { Client } from '../../protocol/channel';
import type { PlaceMessage, RowsContract, SortOrder, ViewParams } from '../../protocol/rows';
import type { RowViewMessage } from '../../protocol/viewer';
import type { DatasetDocument } from './datasetDocument';

const START: PlaceMessage = { offset: 0, line: 0 };

/** What of a dataset's process finds rows. */
export interface FindContract {
  readonly requests: Pick<RowsContract['requests'], 'find' | 'forget'>;
  readonly events: Pick<RowsContract['events'], 'found'>;
}

/** The rows that one panel shows: all of the file's, or those that the dataset's process has found for it. */
export class RowView {
  private query = '';
  private sort: SortOrder | null = null;
  /** The number under which the process keeps what it finds; null: all rows. */
  private view: number | null = null;
  private found = 0;
  private scanned = 0;
  private next = START;
  private complete = true;
  private version = 0;
  private running = new AbortController();
  private sorting = false;
  private paused = false;
  /** The dataset was replaced since the rows were found. */
  private stale = false;
  private readonly stop: () => void;

  constructor(
    private readonly document: Pick<DatasetDocument, 'state' | 'newView' | 'forgetView'> & {
      readonly rows: Client<FindContract>;
    },
    private readonly changed: () => void,
  ) {
    this.stop = document.rows.on('found', ({ view, rows, scanned }) => {
      if (view !== this.view || this.complete) return;
      this.found = rows;
      this.scanned = scanned;
      this.changed();
    });
  }

  get message(): RowViewMessage {
    const { query, sort, version, complete } = this;
    const { size } = this.document.state;
    const scanned = complete || size === 0 ? 1 : Math.min(1, this.scanned / size);
    return { version, query, sort, rows: this.rows, scanned, complete };
  }

  get rows(): number {
    return this.view === null ? this.document.state.lines : this.found;
  }

  /** What the process knows the view by. */
  get asked(): ViewParams {
    return { view: this.view };
  }

  /** Shows other rows. Rejects when the query cannot be understood; hits come in later. */
  async show(query: string, sort: SortOrder | null): Promise<void> {
    this.forget();
    this.stale = false;
    this.query = query;
    this.sort = sort;
    this.version++;
    this.view = query.trim() === '' && !sort ? null : this.document.newView();
    this.found = this.scanned = 0;
    this.complete = this.view === null;
    this.changed();
    await this.find(START);
  }

  /** The dataset has grown or is another one: looks at what is new. */
  async follow(replaced: boolean): Promise<void> {
    this.stale ||= replaced;
    if (!this.paused) await this.look();
  }

  /** Nobody looks: what is not finished is dropped. */
  pause(): void {
    this.paused = true;
    this.running.abort();
    this.running = new AbortController();
  }

  /** Somebody looks again: what was dropped, or has changed, is found anew. */
  async resume(): Promise<void> {
    if (!this.paused) return;
    this.paused = false;
    if (this.complete) await this.look();
    else await this.show(this.query, this.sort);
  }

  private async look(): Promise<void> {
    if (this.view === null || !this.document.state.complete) return;
    const { size } = this.document.state;
    if (this.stale) await this.show(this.query, this.sort);
    else if (this.sort && this.complete && size > this.scanned) await this.sortAgain();
    else if (!this.sort && this.complete && size > this.next.offset) {
      this.complete = false;
      await this.find(this.next);
    }
  }

  dispose(): void {
    this.stop();
    this.forget();
  }

  /** The rows in their old order are shown until the new one is known. */
  private async sortAgain(): Promise<void> {
    if (this.sorting) return;
    this.sorting = true;
    const { document, query, sort } = this;
    const { signal } = this.running;
    const view = document.newView();
    try {
      const { next, rows } = await document.rows.call('find', { view, query, sort, from: START }, signal);
      signal.throwIfAborted();
      if (this.view !== null) document.forgetView(this.view);
      [this.view, this.found, this.scanned] = [view, rows, next.offset];
      this.version++;
      this.changed();
    } catch (error) {
      document.forgetView(view);
      if (!signal.aborted) throw error;
    } finally {
      this.sorting = false;
    }
    if (!this.paused) await this.look(); // What has come meanwhile.
  }

  private forget(): void {
    this.running.abort();
    this.running = new AbortController();
    if (this.view !== null) this.document.forgetView(this.view);
  }

  private async find(from: PlaceMessage): Promise<void> {
    const { view, query, sort, document } = this;
    const { signal } = this.running;
    if (view === null) return;
    try {
      const { next, rows } = await document.rows.call('find', { view, query, sort, from }, signal);
      if (view !== this.view) return;
      this.next = next;
      this.scanned = next.offset;
      this.found = rows;
      this.complete = true;
      this.changed();
    } catch (error) {
      if (signal.aborted) return; // Something else is asked by now.
      this.complete = true;
      this.changed();
      throw error;
    }
  }
}
