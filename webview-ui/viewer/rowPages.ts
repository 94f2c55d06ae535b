import type { RowPreview } from '../../src/protocol/rows';

export const PAGE_ROWS = 32;
const MOST_PAGES = 96;

export type FetchRows = (start: number, count: number, signal: AbortSignal) => Promise<readonly RowPreview[]>;

/** Pages of row previews, fetched when they come into sight; fetches that scrolled out of sight are cancelled. */
export class RowPages {
  private readonly pages = new Map<number, readonly RowPreview[]>();
  private readonly stale = new Set<number>();
  private readonly fetching = new Map<number, AbortController>();

  constructor(
    private readonly fetch: FetchRows,
    private readonly arrived: () => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  get(position: number): RowPreview | undefined {
    return this.pages.get(Math.floor(position / PAGE_ROWS))?.[position % PAGE_ROWS];
  }

  /** Asks for what is missing between two positions, of `total` rows. */
  show(first: number, end: number, total: number): void {
    const from = Math.floor(first / PAGE_ROWS);
    const to = Math.floor(Math.max(first, end - 1) / PAGE_ROWS);
    for (const [page, abort] of this.fetching) {
      if (page < from - 1 || page > to + 1) abort.abort();
    }
    for (let page = from; page <= to; page++) {
      const known = this.pages.get(page);
      const wanted = Math.min(PAGE_ROWS, total - page * PAGE_ROWS);
      const missing = (known?.length ?? 0) < wanted || this.stale.has(page);
      if (wanted > 0 && missing && !this.fetching.has(page)) void this.load(page, wanted);
      if (known) this.touch(page, known);
    }
  }

  /** What is known may be out of date: it stays in sight until what replaces it has come. */
  refresh(): void {
    for (const abort of this.fetching.values()) abort.abort();
    this.fetching.clear();
    for (const page of this.pages.keys()) this.stale.add(page);
  }

  /** Rows were added behind so many: the last of those may have been read while it was being written. */
  grew(total: number): void {
    const last = Math.floor((total - 1) / PAGE_ROWS);
    if (this.pages.has(last)) this.stale.add(last);
  }

  /** Forgets all rows: the content, the order or the columns are others now. */
  clear(): void {
    for (const abort of this.fetching.values()) abort.abort();
    this.fetching.clear();
    this.pages.clear();
    this.stale.clear();
  }

  private async load(page: number, wanted: number): Promise<void> {
    const abort = new AbortController();
    this.fetching.set(page, abort);
    try {
      const rows = await this.fetch(page * PAGE_ROWS, wanted, abort.signal);
      if (abort.signal.aborted) return;
      this.stale.delete(page);
      this.touch(page, rows);
      this.arrived();
    } catch (error) {
      if (!abort.signal.aborted) this.failed(error);
    } finally {
      if (this.fetching.get(page) === abort) this.fetching.delete(page);
    }
  }

  /** A map keeps its keys in order of insertion: the first one is the one not seen for longest. */
  private touch(page: number, rows: readonly RowPreview[]): void {
    this.pages.delete(page);
    this.pages.set(page, rows);
    const oldest = this.pages.keys().next();
    if (this.pages.size > MOST_PAGES && oldest.done !== true) this.drop(oldest.value);
  }

  private drop(page: number): void {
    this.pages.delete(page);
    this.stale.delete(page);
  }
}
