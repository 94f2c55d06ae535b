import type { RowPreview } from '../../src/protocol/rows';

export const PAGE_ROWS = 8;
/** What is kept for long, the window's garbage collector goes through again and again: some five screens. */
const MOST_PAGES = 16;

export type FetchRows = (start: number, count: number, signal: AbortSignal) => Promise<readonly RowPreview[]>;

/** Pages that are on their way together. */
interface Fetching {
  readonly from: number;
  readonly to: number;
  readonly abort: AbortController;
}

/** Pages of row previews, fetched when they come into sight; fetches that scrolled out of sight are cancelled. */
export class RowPages {
  private readonly pages = new Map<number, readonly RowPreview[]>();
  private readonly stale = new Set<number>();
  private fetching: readonly Fetching[] = [];

  constructor(
    private readonly fetch: FetchRows,
    private readonly arrived: () => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  get(position: number): RowPreview | undefined {
    return this.pages.get(Math.floor(position / PAGE_ROWS))?.[position % PAGE_ROWS];
  }

  /** Whether all rows between two positions are at hand. */
  has(first: number, end: number): boolean {
    for (let position = first; position < end; position++) if (!this.get(position)) return false;
    return true;
  }

  /**
   * Asks for what is missing between two positions, of `total` rows: pages that lie together in one request, because
   * the way to the host takes longer than reading rows does.
   */
  show(first: number, end: number, total: number): void {
    const from = Math.floor(first / PAGE_ROWS);
    const to = Math.floor(Math.max(first, end - 1) / PAGE_ROWS);
    this.cancel((its) => its.to < from - 1 || its.from > to + 1);
    let run: number | undefined;
    for (let page = from; page <= to; page++) {
      const known = this.pages.get(page);
      if (known) this.touch(page, known);
      if (!this.isWanted(page, total)) continue;
      run ??= page;
      if (page === to || !this.isWanted(page + 1, total)) {
        void this.load(run, page, total);
        run = undefined;
      }
    }
  }

  /** What is known may be out of date: it stays in sight until what replaces it has come. */
  refresh(): void {
    this.cancel(() => true);
    for (const page of this.pages.keys()) this.stale.add(page);
  }

  /** Rows were added behind so many: the last of those may have been read while it was being written. */
  grew(total: number): void {
    const last = Math.floor((total - 1) / PAGE_ROWS);
    if (this.pages.has(last)) this.stale.add(last);
  }

  /** Forgets all rows: the content, the order or the columns are others now. */
  clear(): void {
    this.cancel(() => true);
    this.pages.clear();
    this.stale.clear();
  }

  private isWanted(page: number, total: number): boolean {
    const rows = Math.min(PAGE_ROWS, total - page * PAGE_ROWS);
    const known = this.pages.get(page)?.length ?? 0;
    if (rows <= 0 || (known >= rows && !this.stale.has(page))) return false;
    return !this.fetching.some(({ from, to }) => from <= page && page <= to);
  }

  private cancel(isMoot: (fetching: Fetching) => boolean): void {
    const moot = this.fetching.filter(isMoot);
    this.fetching = this.fetching.filter((its) => !moot.includes(its));
    for (const { abort } of moot) abort.abort();
  }

  private async load(from: number, to: number, total: number): Promise<void> {
    const its: Fetching = { from, to, abort: new AbortController() };
    const { signal } = its.abort;
    this.fetching = [...this.fetching, its];
    const start = from * PAGE_ROWS;
    const wanted = Math.min((to + 1) * PAGE_ROWS, total) - start;
    try {
      const rows = await this.fetch(start, wanted, signal);
      if (signal.aborted) return;
      for (let page = from; page <= to; page++) {
        this.stale.delete(page);
        this.touch(page, rows.slice((page - from) * PAGE_ROWS, (page - from + 1) * PAGE_ROWS));
      }
      this.arrived();
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    } finally {
      this.fetching = this.fetching.filter((other) => other !== its);
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
