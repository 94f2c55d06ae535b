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
  readonly deeds: Deed[];
  /** What they add up to. */
  review: RowReview;
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
  /** Kept up with every entry: hundreds of thousands of rows cannot be counted anew at every key. */
  private readonly tagged = new Map<string, number>();
  private readonly tally = { reviewed: 0, approved: 0, rejected: 0, edited: 0 };

  add(entry: ReviewEntry): void {
    if (entry.kind === 'undo') {
      this.undone.add(entry.undoes);
      const undone = this.deeds.get(entry.undoes);
      for (const { line, row } of undone?.rows ?? []) {
        const known = this.rows.get(key(line, row));
        if (known) this.fold(known);
      }
      return;
    }
    this.deeds.set(entry.op, entry);
    for (const { line, row } of entry.rows) {
      const id = key(line, row);
      const known = this.rows.get(id) ?? { line, row, deeds: [], review: NOTHING };
      known.deeds.push(entry);
      this.rows.set(id, known);
      this.fold(known);
    }
  }

  /** How many rows have a verdict, and which, and how many were edited. */
  get counts(): Readonly<typeof this.tally> {
    return { ...this.tally };
  }

  /** The tags that rows have. */
  get tags(): Iterable<string> {
    return this.tagged.keys();
  }

  /** The review of a row, if anything of it stands. */
  of(line: number, row: string): RowReview | undefined {
    const own = key(line, row);
    const id = this.rows.has(own) ? own : (this.displaced.get(row) ?? own);
    const review = this.rows.get(id)?.review;
    return review && !isNothing(review) ? review : undefined;
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

  /** The latest deed that stands: of this window if it has one, else of any. What `u` takes back. */
  lastDeed(by: string): Deed | undefined {
    const standing = [...this.deeds.values()].filter(({ op }) => !this.undone.has(op));
    return standing.findLast((deed) => deed.by === by) ?? standing.at(-1);
  }

  private fold(known: Reviewed): void {
    this.count(known.review, -1);
    let review = NOTHING;
    for (const deed of known.deeds) {
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
    known.review = review;
    this.count(review, 1);
  }

  private count({ verdict, edits, tags }: RowReview, by: 1 | -1): void {
    for (const tag of tags) {
      const rows = (this.tagged.get(tag) ?? 0) + by;
      if (rows > 0) this.tagged.set(tag, rows);
      else this.tagged.delete(tag);
    }
    if (edits.length > 0) this.tally.edited += by;
    if (verdict === null) return;
    this.tally.reviewed += by;
    this.tally[verdict] += by;
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
