import { createHash, randomUUID } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { reviewEntry, type ReviewEntry, type Verdict } from '../../records/review';
import { isMissing } from './indexCache';
import { readRange } from './rowReader';
import { ReviewState, type Edit } from './reviewState';

const NEWLINE = 10;

/** The row a deed is about. */
export interface Target {
  readonly line: number;
  readonly row: string;
}

export type Deed =
  | { readonly kind: 'verdict'; readonly verdict: Verdict | null }
  | ({ readonly kind: 'edit' } & Edit)
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'tags'; readonly tags: readonly string[] };

/** The file beside a dataset that its review is kept in. */
export function reviewPath(dataset: string): string {
  return `${dataset}.review.jsonl`;
}

/** Identifies a row by its bytes. */
export function rowHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/**
 * The review log of one dataset, as one window sees and writes it. Entries of other windows are read from the file, so
 * that all windows fold the same entries in the same order.
 */
export class ReviewLog {
  state = new ReviewState();
  /** Lines of the log that are no entries: half-written, or of a later version. They are kept and not counted. */
  unreadable = 0;
  private read = 0;
  private following: Promise<boolean> = Promise.resolve(false);
  private readonly by = randomUUID();

  private constructor(readonly path: string) {}

  static async open(path: string): Promise<ReviewLog> {
    const log = new ReviewLog(path);
    await log.follow();
    return log;
  }

  /** Reads what was appended since the last time, by whomever. Returns whether there was anything. */
  follow(): Promise<boolean> {
    // One reader at a time: two would take the same entries twice.
    this.following = this.following.then(
      () => this.readOn(),
      () => this.readOn(),
    );
    return this.following;
  }

  /** Writes down what was done to rows, as one entry that is undone as one. */
  async append(rows: readonly Target[], deed: Deed): Promise<void> {
    const common = { op: randomUUID(), at: new Date().toISOString(), by: this.by, rows: [...rows] };
    await this.write(reviewEntry.parse({ ...common, ...deed }));
  }

  /** Takes the last deed back, this window's first. Returns the rows it was about; none when nothing is left. */
  async undo(): Promise<readonly Target[]> {
    const deed = this.state.lastDeed(this.by);
    if (!deed) return [];
    await this.write({
      kind: 'undo',
      op: randomUUID(),
      at: new Date().toISOString(),
      by: this.by,
      undoes: deed.op,
    });
    return deed.rows;
  }

  private async readOn(): Promise<boolean> {
    let file: FileHandle;
    try {
      file = await open(this.path, 'r');
    } catch (error) {
      if (!isMissing(error)) throw error;
      return this.startAnewIfRead();
    }
    try {
      const { size } = await file.stat();
      if (size < this.read) this.forget();
      const bytes = await readRange(file, { start: this.read, end: size });
      const whole = bytes.lastIndexOf(NEWLINE) + 1;
      for (const line of bytes.toString('utf8', 0, whole).split('\n')) if (line.trim() !== '') this.take(line);
      this.read += whole;
      return whole > 0;
    } finally {
      await file.close();
    }
  }

  /** One write of one line in append mode: entries of two windows do not mix. */
  private async write(entry: ReviewEntry): Promise<void> {
    const file = await open(this.path, 'a+');
    try {
      const { size } = await file.stat();
      const [last] = size === 0 ? [NEWLINE] : await readRange(file, { start: size - 1, end: size });
      // Half an entry, left by a crash, ends where ours begins.
      const before = last === NEWLINE ? '' : '\n';
      await file.appendFile(`${before}${JSON.stringify(entry)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    await this.follow();
  }

  private take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const entry = reviewEntry.safeParse(value);
    if (entry.success) this.state.add(entry.data);
    else this.unreadable++;
  }

  private startAnewIfRead(): boolean {
    const had = this.read > 0;
    this.forget();
    return had;
  }

  /** The log was removed or cut: what it said does not stand any more. */
  private forget(): void {
    this.state = new ReviewState();
    this.unreadable = 0;
    this.read = 0;
  }
}
