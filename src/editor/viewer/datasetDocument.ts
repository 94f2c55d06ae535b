import type { ChildProcess } from 'node:child_process';
import { EventEmitter, type CustomDocument, type Uri } from 'vscode';
import { ChannelError, connect, type Client } from '../../protocol/channel';
import { rowsContract, type DatasetState, type ReviewCounts, type RowsContract } from '../../protocol/rows';
import type { LocalCopy } from './localCopy';
import { processPort } from './processPort';
import { onFailure, startProcess } from './viewerProcess';

/** One opened dataset: its process, and what is known of it. Several panels may show it. */
export class DatasetDocument implements CustomDocument {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private trouble: string | undefined;
  private views = 0;
  private readonly watching = new Set<object>();
  private closed = false;
  private counts: ReviewCounts = {
    version: 0,
    reviewed: 0,
    approved: 0,
    rejected: 0,
    edited: 0,
    tags: [],
    displaced: 0,
  };

  private constructor(
    readonly uri: Uri,
    /** The path beside which its review and its run lie. */
    readonly original: string,
    private readonly copy: LocalCopy,
    private readonly child: ChildProcess,
    readonly rows: Client<RowsContract>,
    private current: DatasetState,
    private readonly report: (problem: Error) => void,
  ) {
    rows.on('changed', (state) => {
      this.current = state;
      this.trouble = undefined;
      this.changed.fire();
    });
    rows.on('reviewed', (counts) => {
      this.counts = counts;
      this.changed.fire();
    });
    rows.on('failed', ({ message }) => {
      this.fail(new Error(message));
    });
    onFailure(child, (error) => {
      this.rows.close(error);
      this.fail(error);
    });
  }

  /** Opens the file in a process of its own. Rows can be read at once; `state` grows as the index does. */
  static async open(
    uri: Uri,
    copy: LocalCopy,
    options: { dist: string; cache: string; original: string; report: (problem: Error) => void },
  ): Promise<DatasetDocument> {
    const { original, cache, report } = options;
    const child = startProcess(options.dist, 'rows');
    const rows = connect(processPort(child), rowsContract, report);
    const died = new Promise<never>((_resolve, reject) => onFailure(child, reject));
    try {
      const state = await Promise.race([
        rows.call('open', {
          path: copy.file,
          packed: copy.packed ?? null,
          original,
          cache: copy.isDataset ? cache : null,
        }),
        died,
      ]);
      died.catch(() => undefined); // From here on the document itself hears of it.
      return new DatasetDocument(uri, original, copy, child, rows, state, report);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** A number for rows that are to be found. */
  newView(): number {
    return this.views++;
  }

  forgetView(view: number): void {
    this.tell(this.rows.call('forget', { view }));
  }

  private tell(done: Promise<unknown>): void {
    done.catch((error: unknown) => {
      if (!this.closed) this.report(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** A panel is looked at, or is not any more: nobody needs to know what the file does while none is. */
  watch(panel: object, isVisible: boolean): void {
    const before = this.watching.size > 0;
    if (isVisible) this.watching.add(panel);
    else this.watching.delete(panel);
    const on = this.watching.size > 0;
    if (on !== before) this.tell(this.rows.call('watch', { on }));
  }

  /** The local file that is read, the dataset itself or a copy, once it has all rows: a packed one takes its time. */
  async whole(signal: AbortSignal): Promise<string> {
    while (this.copy.packed !== undefined && !this.current.complete && this.trouble === undefined) {
      await new Promise<void>((resolve) => {
        const heard = this.onDidChange(() => {
          heard.dispose();
          resolve();
        });
      });
      signal.throwIfAborted();
    }
    return this.copy.file;
  }

  get state(): DatasetState {
    return this.current;
  }

  get review(): ReviewCounts {
    return this.counts;
  }

  /** What is wrong with the file as a whole, in words. */
  get problem(): string | undefined {
    return this.trouble;
  }

  dispose(): void {
    this.closed = true;
    this.changed.dispose();
    this.rows.close(new ChannelError('closed', 'The dataset was closed.'));
    const forget = () => void this.copy.dispose();
    // On Windows, what a process reads cannot be deleted.
    if (this.child.kill()) this.child.once('exit', forget);
    else forget();
  }

  private fail(error: Error): void {
    this.trouble = error.message;
    this.report(error);
    this.changed.fire();
  }
}
