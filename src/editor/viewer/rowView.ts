import type { PlaceMessage } from '../../protocol/scan';
import type { SortOrder } from '../../protocol/rows';
import type { RowViewMessage } from '../../protocol/viewer';
import type { DatasetDocument } from './datasetDocument';
import { ScanThread } from './scanThread';

const START: PlaceMessage = { offset: 0, line: 0 };

/** The rows that one panel shows. All of them cost nothing; found or sorted ones are a list of line numbers. */
export class RowView {
  private query = '';
  private sort: SortOrder | null = null;
  private lines: number[] | undefined;
  private scanned = 0;
  private next = START;
  private complete = true;
  private version = 0;
  private job = 0;
  private running = new AbortController();
  private readonly thread: ScanThread;

  constructor(
    private readonly document: DatasetDocument,
    dist: string,
    private readonly changed: () => void,
    report: (problem: Error) => void,
  ) {
    this.thread = new ScanThread(dist, report, (client) => {
      client.on('found', ({ job, lines, scanned }) => {
        if (job !== this.job) return;
        for (const line of lines) this.lines?.push(line);
        this.scanned = scanned;
        this.changed();
      });
    });
  }

  get message(): RowViewMessage {
    const { query, sort, version, complete } = this;
    const { size } = this.document.state;
    const scanned = complete || size === 0 ? 1 : Math.min(1, this.scanned / size);
    return { version, query, sort, rows: this.rows, scanned, complete };
  }

  get rows(): number {
    return this.lines?.length ?? this.document.state.lines;
  }

  /** The lines at places of the view. */
  slice(start: number, count: number): number[] {
    const end = Math.min(start + count, this.rows);
    if (this.lines) return this.lines.slice(start, end);
    return Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at);
  }

  positionOf(line: number): number | null {
    if (!this.lines) return line < this.rows ? line : null;
    const found = this.lines.indexOf(line);
    return found === -1 ? null : found;
  }

  /** Shows other rows. Rejects when the query cannot be understood; hits come in later. */
  async show(query: string, sort: SortOrder | null): Promise<void> {
    this.running.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    this.query = query;
    this.sort = sort;
    this.version++;
    this.lines = query.trim() === '' && !sort ? undefined : [];
    this.scanned = 0;
    this.complete = this.lines === undefined;
    this.changed();
    if (this.lines) await this.find(START, signal);
  }

  /** The dataset has grown or is another one: looks at what is new. */
  async follow(replaced: boolean): Promise<void> {
    if (!this.lines || !this.document.state.complete) return;
    if (replaced || (this.sort && this.complete && this.document.state.size > this.scanned)) {
      await this.show(this.query, this.sort);
    } else if (!this.sort && this.complete && this.document.state.size > this.next.offset) {
      this.complete = false;
      await this.find(this.next, this.running.signal);
    }
  }

  dispose(): void {
    this.running.abort();
    this.thread.dispose();
  }

  private async find(from: PlaceMessage, signal: AbortSignal): Promise<void> {
    const { client } = this.thread;
    const job = ++this.job;
    const { query, sort, document } = this;
    const original = document.uri.fsPath;
    try {
      const { next } = await client.call('find', { job, path: document.file, original, query, sort, from }, signal);
      if (job !== this.job) return;
      this.next = next;
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
