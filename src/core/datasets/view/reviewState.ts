import type { ReviewEntry, Verdict } from '../../records/review';

export interface Edit {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** What a person decided about one row. */
export interface RowReview {
  readonly verdict: Verdict | null;
  /** One for each edited place, the latest. */
  readonly edits: readonly Edit[];
  readonly note: string;
  readonly tags: readonly string[];
}

type Deed = Exclude<ReviewEntry, { kind: 'undo' }>;

interface Reviewed {
  readonly line: number;
  readonly row: string;
  deeds: Deed[];
}

const NOTHING: RowReview = { verdict: null, edits: [], note: '', tags: [] };

/**
 * What the entries of a review log add up to, in the order of the log: later entries win, undone entries count for
 * nothing. Folding two windows' entries in any one order gives both windows the same state.
 */
export class ReviewState {
  private readonly rows = new Map<string, Reviewed>();
  private readonly deeds = new Map<string, Deed>();
  private readonly undone = new Set<string>();
  private readonly displaced = new Map<string, string>();
  private readonly cached = new Map<string, RowReview>();

  add(entry: ReviewEntry): void {
    if (entry.kind === 'undo') {
      this.undone.add(entry.undoes);
      const undone = this.deeds.get(entry.undoes);
      for (const { line, row } of undone?.rows ?? []) this.cached.delete(key(line, row));
      return;
    }
    this.deeds.set(entry.op, entry);
    for (const { line, row } of entry.rows) {
      const id = key(line, row);
      const known = this.rows.get(id) ?? { line, row, deeds: [] };
      known.deeds.push(entry);
      this.rows.set(id, known);
      this.cached.delete(id);
    }
  }

  /** The review of a row, if anything of it stands. */
  of(line: number, row: string): RowReview | undefined {
    const own = key(line, row);
    const id = this.rows.has(own) ? own : (this.displaced.get(row) ?? own);
    const known = this.rows.get(id);
    if (!known) return undefined;
    const review = this.cached.get(id) ?? this.fold(known);
    this.cached.set(id, review);
    return isNothing(review) ? undefined : review;
  }

  /** Notes that a reviewed row is no longer on its line: it is known by its bytes alone from now on, wherever it went. */
  displace(line: number, row: string): void {
    this.displaced.set(row, key(line, row));
  }

  /** Whether reviewed rows may be on any line. */
  get hasDisplaced(): boolean {
    return this.displaced.size > 0;
  }

  /** The lines on which reviewed rows were, for those who check whether they still are. */
  *places(): Generator<{ line: number; row: string }> {
    for (const { line, row } of this.rows.values()) yield { line, row };
  }

  /** Every row that has a review, in the order in which they were first touched. */
  *reviewed(): Generator<{ line: number; row: string; review: RowReview }> {
    for (const { line, row } of this.rows.values()) {
      const review = this.of(line, row);
      if (review) yield { line, row, review };
    }
  }

  /** The latest deed that stands: of this window if it has one, else of any. What `u` takes back. */
  lastDeed(by: string): Deed | undefined {
    const standing = [...this.deeds.values()].filter(({ op }) => !this.undone.has(op));
    return standing.findLast((deed) => deed.by === by) ?? standing.at(-1);
  }

  private fold({ deeds }: Reviewed): RowReview {
    let review = NOTHING;
    for (const deed of deeds) {
      if (this.undone.has(deed.op)) continue;
      switch (deed.kind) {
        case 'verdict':
          review = { ...review, verdict: deed.verdict };
          break;
        case 'edit':
          review = { ...review, edits: withEdit(review.edits, deed) };
          break;
        case 'note':
          review = { ...review, note: deed.text };
          break;
        case 'tags':
          review = { ...review, tags: deed.tags };
          break;
      }
    }
    return review;
  }
}

function key(line: number, row: string): string {
  return `${line} ${row}`;
}

function isNothing({ verdict, edits, note, tags }: RowReview): boolean {
  return verdict === null && edits.length === 0 && note === '' && tags.length === 0;
}

function withEdit(edits: readonly Edit[], { path, text }: Edit): Edit[] {
  const place = JSON.stringify(path);
  return [...edits.filter((edit) => JSON.stringify(edit.path) !== place), { path, text }];
}
