import { createHash } from 'node:crypto';
import type { DatasetFile } from './datasetFile';
import { withoutReturn } from './lineIndex';
import { ReviewLog, rowHash, type Deed, type Target } from './reviewLog';
import { isWhole, type ReadRow } from './rowReader';
import type { RowReview } from './reviewState';

export interface ReviewCounts {
  /** Rows with a verdict. */
  readonly reviewed: number;
  readonly approved: number;
  readonly rejected: number;
  readonly edited: number;
  /** Deeds about rows that are not on their lines any more. */
  readonly displaced: number;
}

const HASH_BLOCK = 1 << 20;

/** The review of an opened dataset: what was decided, by which bytes it is recognised. */
export class Review {
  private displaced = 0;

  private constructor(
    private readonly dataset: DatasetFile,
    private readonly log: ReviewLog,
  ) {}

  static async open(dataset: DatasetFile, path: string): Promise<Review> {
    return new Review(dataset, await ReviewLog.open(path));
  }

  get counts(): ReviewCounts {
    const counts = { reviewed: 0, approved: 0, rejected: 0, edited: 0, displaced: this.displaced };
    for (const { review } of this.log.state.reviewed()) {
      if (review.verdict !== null) counts.reviewed++;
      if (review.verdict === 'approved') counts.approved++;
      if (review.verdict === 'rejected') counts.rejected++;
      if (review.edits.length > 0) counts.edited++;
    }
    return counts;
  }

  /** What was decided about a row that was read. */
  async of(read: ReadRow): Promise<RowReview | undefined> {
    if (this.isEmpty) return undefined;
    return this.log.state.of(read.line, await this.hash(read));
  }

  /** Whether anything was ever decided here. */
  get isEmpty(): boolean {
    return this.log.state.places().next().done === true;
  }

  async judge(lines: readonly number[], deed: Deed): Promise<void> {
    const targets: Target[] = [];
    for (const line of lines) targets.push({ line, row: await this.hashLine(line) });
    await this.log.append(targets, deed);
  }

  /** Takes the last deed back; returns the lines it was about. */
  async undo(): Promise<number[]> {
    return (await this.log.undo()).map(({ line }) => line);
  }

  /** Reads what other windows decided. */
  follow(): Promise<boolean> {
    return this.log.follow();
  }

  /** Looks whether the reviewed rows still are on their lines: the file may have been replaced since. */
  async verify(): Promise<void> {
    this.displaced = 0;
    for (const { line, row } of [...this.log.state.places()]) {
      if (line < this.dataset.state.lines && (await this.hashLine(line)) === row) continue;
      this.displaced++;
      this.log.state.displace(line, row);
    }
  }

  private async hash(read: ReadRow): Promise<string> {
    return isWhole(read) ? rowHash(read.bytes) : this.hashLine(read.line);
  }

  /** In blocks: a row may have 200 MB. */
  private async hashLine(line: number): Promise<string> {
    const hash = createHash('sha256');
    const { start, end } = this.dataset.lineIndex.range(line);
    for (let at = start; at < end; at += HASH_BLOCK) {
      const block = await this.dataset.read({ start: at, end: Math.min(end, at + HASH_BLOCK) });
      hash.update(at + HASH_BLOCK >= end ? withoutReturn(block) : block);
    }
    return hash.digest('hex').slice(0, 16);
  }
}
