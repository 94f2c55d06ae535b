import { open, stat, type FileHandle } from 'node:fs/promises';
import { ColumnCollector, type Column } from './columns';
import { fingerprint } from './fingerprint';
import { isMissing, loadIndex, saveIndex } from './indexCache';
import { extendByBlock, extendIndex, LineIndex, type ByteRange } from './lineIndex';
import { readPreviews, readRange, readRow, type ReadRow } from './rowReader';
import type { UnpackEnd, Unpacking } from './unpacking';

export interface DatasetState {
  /** Counts up when the content was replaced: what was read before says nothing about it now. */
  readonly generation: number;
  readonly lines: number;
  /** Bytes whose lines are known. */
  readonly indexed: number;
  readonly size: number;
  /** The index has reached the end of the file as it is now. */
  readonly complete: boolean;
  /** The file is gone. What was indexed can be read as long as the system keeps it open. */
  readonly missing: boolean;
  /** Why not all of a packed file is there; null when it is, or when the file is not packed. */
  readonly lost: Exclude<UnpackEnd, 'whole'> | null;
  readonly columns: readonly Column[];
  /** Columns beyond those listed. */
  readonly moreColumns: number;
}

const FIRST_ROWS = 200;
const SPREAD_ROWS = 400;
/** An unpacked file is read on when so much of it is new. */
const WORTH_BYTES = 1 << 20;

/** A JSONL file as the viewer sees it: indexed while it is read already, followed while it grows. */
export class DatasetFile {
  private index = new LineIndex();
  private columns = new ColumnCollector();
  private generation = 0;
  private size = 0;
  private complete = false;
  /** Indexing was given up on the way. */
  private interrupted = false;
  private missing = false;
  private sample = '';
  private modified = 0;
  /** The columns of the whole file were looked for. */
  private discovered = false;
  private readonly closing = new AbortController();
  /** Which state of the copy the index is of. */
  private unpacked = 0;

  private constructor(
    readonly path: string,
    private file: FileHandle,
    private readonly cacheFolder: string | undefined,
    private readonly onChange: () => void,
    /** What makes the file: then it is looked at what that was made of. */
    private readonly unpacking: Unpacking | undefined,
  ) {}

  /** Opens a file, and knows its first rows and their columns. `indexAll()` takes the rest; meanwhile rows can be read. */
  static async open(
    path: string,
    cacheFolder: string | undefined,
    onChange: () => void,
    unpacking?: Unpacking,
  ): Promise<DatasetFile> {
    const file = await open(path, 'r');
    const dataset = new DatasetFile(path, file, cacheFolder, onChange, unpacking);
    dataset.size = (await file.stat()).size;
    await extendByBlock(dataset.index, file);
    await dataset.observe(0, Math.min(FIRST_ROWS, dataset.index.wholeLines));
    return dataset;
  }

  get state(): DatasetState {
    const { generation, complete, missing, unpacking } = this;
    const size = Math.max(this.size, unpacking?.expected ?? 0);
    const end = unpacking?.end ?? 'whole';
    const { scanned } = this.index;
    // A line that is only half read would be shown as bad.
    const lines = complete ? this.index.lines : this.index.wholeLines;
    const columns = this.columns.list();
    return {
      generation,
      lines,
      indexed: scanned,
      size,
      complete,
      missing,
      lost: end === 'whole' ? null : end,
      columns,
      moreColumns: this.columns.more,
    };
  }

  get indexBytes(): number {
    return this.index.bytes;
  }

  /** Indexes up to the end of the file. */
  async indexAll(): Promise<void> {
    const cached = this.cacheFolder ? await loadIndex(this.cacheFolder, this.path, this.file) : undefined;
    if (cached && cached.scanned >= this.index.scanned) this.index = cached;
    await this.extend();
    if (this.cacheFolder && !cached) await saveIndex(this.cacheFolder, this.path, this.file, this.index);
  }

  /** Looks at the file once: extends the index when it grew, starts anew when it was replaced, notes when it is gone. */
  async follow(): Promise<void> {
    if (!this.complete && !this.interrupted) return;
    if (this.unpacking) return this.followOriginal(this.unpacking);
    let now: Awaited<ReturnType<typeof stat>>;
    try {
      now = await stat(this.path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (!this.missing) {
        this.missing = true;
        this.onChange();
      }
      return;
    }
    const held = await this.file.stat();
    const sameFile = held.ino === now.ino && held.dev === now.dev;
    if (
      !this.interrupted &&
      !this.missing &&
      sameFile &&
      now.size === this.index.scanned &&
      now.mtimeMs === this.modified
    )
      return;
    const grown =
      !this.interrupted &&
      sameFile &&
      now.size >= this.index.scanned &&
      (await fingerprint(this.file, this.index.scanned)) === this.sample;
    this.missing = false;
    if (!grown) await this.startAnew();
    await this.extend();
  }

  private async followOriginal(unpacking: Unpacking): Promise<void> {
    await unpacking.look();
    if (unpacking.missing !== this.missing) {
      this.missing = unpacking.missing;
      this.onChange();
    }
    if (this.missing || (!this.interrupted && unpacking.end !== undefined && this.hasAll(unpacking))) return;
    await this.extend();
  }

  private hasAll({ version, size }: Unpacking): boolean {
    return version === this.unpacked && size === this.index.scanned;
  }

  previews(lines: readonly number[]): Promise<ReadRow[]> {
    const known = lines.filter((line) => line < this.index.lines);
    return readPreviews(this.file, this.index, known).then((rows) => {
      this.learn(rows);
      return rows;
    });
  }

  row(line: number): Promise<ReadRow> {
    return readRow(this.file, this.index, line);
  }

  /** The first bytes of a line as they are. */
  async bytes(line: number, most: number): Promise<Buffer> {
    const { start, end } = this.index.range(line);
    return readRange(this.file, { start, end: Math.min(end, start + most) });
  }

  read(range: ByteRange): Promise<Buffer> {
    return readRange(this.file, range);
  }

  get lineIndex(): LineIndex {
    return this.index;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.unpacking?.close();
    await this.file.close();
  }

  private async extend(): Promise<void> {
    this.complete = false;
    try {
      await this.readOn();
    } catch (error) {
      this.interrupted = true;
      throw error;
    }
    this.interrupted = false;
    this.complete = true;
    this.onChange();
  }

  private async readOn(): Promise<void> {
    const { unpacking } = this;
    for (;;) {
      const isLast = unpacking?.end !== undefined;
      if (unpacking && unpacking.version !== this.unpacked) {
        this.unpacked = unpacking.version;
        await this.startAnew();
      }
      await extendIndex(this.index, this.file, this.closing.signal, () => {
        this.size = Math.max(this.size, this.index.scanned);
        this.onChange();
      });
      if (!unpacking || isLast) break;
      await unpacking.reaches(this.index.scanned + WORTH_BYTES);
      this.closing.signal.throwIfAborted();
    }
    this.size = this.index.scanned;
    this.modified = (await this.file.stat()).mtimeMs;
    this.sample = await fingerprint(this.file, this.index.scanned);
    if (!this.discovered) await this.discoverColumns();
  }

  private async startAnew(): Promise<void> {
    const file = await open(this.path, 'r');
    await this.file.close();
    this.file = file;
    this.index = new LineIndex();
    this.columns = new ColumnCollector();
    this.discovered = false;
    this.generation++;
    this.size = (await this.file.stat()).size;
  }

  /** The columns of the first rows and of some spread over the whole file, where other shapes may be. */
  private async discoverColumns(): Promise<void> {
    const { lines } = this.index;
    await this.observe(0, Math.min(FIRST_ROWS, lines));
    await this.observe(0, lines, Math.max(1, Math.floor(lines / SPREAD_ROWS)));
    this.discovered = lines > 0;
  }

  /** Learns the columns of each `step`th of some lines. */
  private async observe(from: number, to: number, step = 1): Promise<void> {
    for (let at = from; at < to; at += step * 50) {
      this.closing.signal.throwIfAborted();
      const lines = Array.from({ length: Math.min(50, Math.ceil((to - at) / step)) }, (_, nth) => at + nth * step);
      await this.previews(lines);
    }
  }

  private learn(rows: readonly ReadRow[]): void {
    let news = false;
    for (const { row } of rows) {
      if (row.state === 'ok' || (row.state === 'large' && row.value !== undefined)) {
        news = this.columns.observe(row.value) || news;
      }
    }
    if (news && this.complete) this.onChange();
  }
}
