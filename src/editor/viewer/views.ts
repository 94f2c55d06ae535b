import { findRows, type Asked } from '../../core/datasets/view/findRows';
import { FoundRows } from '../../core/datasets/view/foundRows';
import type { Place } from '../../core/datasets/view/scan';

/** The first hits are told at once, later ones no more often than the eye can follow. */
const TELL_MS = 80;

export interface Progress {
  readonly view: number;
  readonly rows: number;
  readonly scanned: number;
}

/** The rows that panels show of a dataset, where they are not all of them in the file's order. */
export class Views {
  private readonly found = new Map<number, FoundRows>();

  constructor(private readonly tell: (progress: Progress) => void) {}

  /** Finds rows for a view, from a place on, and adds them to what it has. */
  async find(view: number, asked: Asked, signal: AbortSignal): Promise<{ next: Place; rows: number }> {
    const found = this.found.get(view) ?? new FoundRows();
    this.found.set(view, found);
    const before = found.length;
    let told = 0;
    const next = await findRows(
      asked,
      (lines, scanned) => {
        const isFirst = before === found.length && lines.length > 0;
        found.add(lines);
        if (!isFirst && Date.now() - told < TELL_MS) return;
        told = Date.now();
        this.tell({ view, rows: found.length, scanned });
      },
      signal,
    );
    return { next, rows: found.length };
  }

  forget(view: number): void {
    this.found.delete(view);
  }

  /** Lines at places of a view; without one, of the `total` lines of the file. */
  lines(view: number | null, start: number, count: number, total: number): number[] {
    if (view !== null) return this.found.get(view)?.slice(start, count) ?? [];
    return Array.from({ length: Math.max(0, Math.min(count, total - start)) }, (_, at) => start + at);
  }

  positionOf(view: number | null, line: number, total: number): number | null {
    if (view !== null) return this.found.get(view)?.positionOf(line) ?? null;
    return line < total ? line : null;
  }
}
