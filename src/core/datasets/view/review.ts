import { createHash } from 'node:crypto';
import type { DatasetFile } from './datasetFile';
import { DatasetViewError } from './errors';
import { withoutReturn } from './lineIndex';
import { ReviewLog, rowHash, type Deed, type Target } from './reviewLog';
import { isLarge, isWhole, runFrom, type ReadRow } from './rowReader';
import type { Edit, ReviewState, RowReview } from './reviewState';
import { isAt, trimValue } from './trim';

export interface ReviewCounts {
  /** Rows with a verdict. */
  readonly reviewed: number;
  readonly approved: number;
  readonly rejected: number;
  readonly edited: number;
  /** Tags that were given. */
  readonly tags: string[];
  /** Deeds about rows that are not on their lines any more. */
  readonly displaced: number;
}

type Progress = (rows: number) => void;

const MOST_TAGS = 200;
const HASH_BLOCK = 1 << 20;
const TEXT_CUT = 'This text is shown only in part, and its edit would lose the rest. Change it in the text editor.';

/** The review of an opened dataset: what was decided, by which bytes it is recognised. */
export class Review {
  private displaced = 0;
  /** The generation of the dataset whose lines were looked at. */
  private verified: number | undefined;
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly dataset: DatasetFile,
    private readonly log: ReviewLog,
  ) {}

  static async open(dataset: DatasetFile, path: string): Promise<Review> {
    return new Review(dataset, await ReviewLog.open(path));
  }

  get counts(): ReviewCounts {
    const tags = [...this.log.state.tags].slice(0, MOST_TAGS);
    return { ...this.log.state.counts, displaced: this.displaced, tags };
  }

  /** What was decided about a row that was read. */
  async of(read: ReadRow): Promise<RowReview | undefined> {
    if (this.isEmpty) return undefined;
    return this.log.state.of(read.line, await this.hash(read));
  }

  /** What is known by now, rows that have moved included. */
  get state(): ReviewState {
    return this.log.state;
  }

  /** Whether anything was ever decided here. */
  get isEmpty(): boolean {
    return this.log.state.places().next().done === true;
  }

  /** `progress` is told how many rows were looked at. Nothing is decided when it is stopped. */
  async judge(lines: readonly number[], deed: Deed, signal?: AbortSignal, progress?: Progress): Promise<void> {
    if (deed.kind === 'edit') await this.refuseHalfSeen(lines, deed.path);
    const targets: Target[] = [];
    for await (const some of this.hashed(lines)) {
      signal?.throwIfAborted();
      targets.push(...some);
      progress?.(targets.length);
    }
    signal?.throwIfAborted();
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

  /** Whether it is known which reviewed rows are not on their lines any more. */
  get isVerified(): boolean {
    return this.verified === this.dataset.state.generation;
  }

  /** Until that is known. */
  async settled(): Promise<void> {
    while (!this.isVerified) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Looks whether the reviewed rows still are on their lines: the file may have been replaced since. */
  async verify(): Promise<void> {
    const { generation } = this.dataset.state;
    const places = [...this.log.state.places()].sort((a, b) => a.line - b.line);
    const lines = [...new Set(places.map(({ line }) => line))].filter((line) => line < this.dataset.state.lines);
    const now = new Map<number, string>();
    for await (const some of this.hashed(lines)) for (const { line, row } of some) now.set(line, row);
    this.displaced = 0;
    for (const { line, row } of places) {
      if (now.get(line) === row) continue;
      this.displaced++;
      this.log.state.displace(line, row);
    }
    this.verified = generation;
    for (const go of this.waiting.splice(0)) go();
  }

  /** An edit is the whole text: one of a text that the detail pane showed in part would throw the rest away. */
  private async refuseHalfSeen(lines: readonly number[], path: Edit['path']): Promise<void> {
    for (const line of lines) {
      const { row } = await this.dataset.row(line);
      const { cuts } = trimValue(row.state === 'ok' ? row.value : undefined);
      if (cuts.some((cut) => isAt(cut, path))) throw new DatasetViewError('text_cut', TEXT_CUT);
    }
  }

  private async hash(read: ReadRow): Promise<string> {
    return isWhole(read) ? rowHash(read.bytes) : this.hashLine(read.line);
  }

  /** Neighbours are read at once: line by line, a gigabyte would take a minute. */
  private async *hashed(lines: readonly number[]): AsyncGenerator<Target[]> {
    for (let from = 0; from < lines.length;) {
      const run = runFrom(this.dataset.lineIndex, lines, from);
      const short = run.filter(({ range }) => !isLarge(range));
      const start = short[0]?.range.start ?? 0;
      const bytes = await this.dataset.read({ start, end: short.at(-1)?.range.end ?? start });
      const own = ({ range }: (typeof run)[number]) =>
        withoutReturn(bytes.subarray(range.start - start, range.end - start));
      const targets = short.map((it) => ({ line: it.line, row: rowHash(own(it)) }));
      for (const { line } of run.slice(short.length)) targets.push({ line, row: await this.hashLine(line) });
      yield targets;
      from += run.length;
    }
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
