import type { FileHandle } from 'node:fs/promises';
import { lineFilters, type LineFilter } from './lineFilter';
import { lineBlocks, type LineBlock } from './lineBlocks';
import { withoutReturn } from './lineIndex';
import { matches } from './matching';
import type { Query } from './query';
import { rowHash } from './reviewLog';
import type { ReviewState } from './reviewState';
import type { ValidatorVerdicts } from './validatorVerdicts';
import { parseBeginning, parseRow, type Row } from './rowText';

export interface Place {
  /** Byte at which a line starts. */
  readonly offset: number;
  /** That line's number, from 0. */
  readonly line: number;
}

/** Rows found in a stretch of the file. */
export interface Found {
  readonly lines: readonly number[];
  /** How far the file was searched. */
  readonly next: Place;
}

const NEWLINE = 10;
const PART = 1 << 16;

/** Lines that match a query, in the order of the file, from a place on. A stretch without a match is told as well. */
export async function* scan(
  file: FileHandle,
  query: Query,
  review: ReviewState,
  from: Place,
  signal: AbortSignal,
  validator?: ValidatorVerdicts,
): AsyncGenerator<Found> {
  const search = new Search(query, review, validator);
  let { line } = from;
  for await (const block of lineBlocks(file, from.offset, signal)) {
    const { lines, count } = search.block(block, line);
    line += count;
    yield { lines, next: { offset: block.end, line } };
  }
}

class Search {
  /** A line that one of them passes over is no candidate. */
  private filters: LineFilter[];
  private ordered = false;
  private readonly reviewed: ReadonlySet<number>;

  constructor(
    private readonly query: Query,
    private readonly review: ReviewState,
    private readonly validator: ValidatorVerdicts | undefined,
  ) {
    this.filters = lineFilters(query.conditions);
    this.reviewed = new Set([...review.places()].map(({ line }) => line));
  }

  block({ bytes, cut }: LineBlock, firstLine: number): { lines: number[]; count: number } {
    // Of a line that was cut, what is left is read in another way.
    if (this.filters.length === 0 || cut) return this.everyLine(bytes, cut, firstLine);
    const lines: number[] = [];
    let line = firstLine;
    for (const part of lineParts(bytes)) {
      const found = this.candidates(part, line);
      lines.push(...found.lines);
      line += found.count;
    }
    return { lines, count: line - firstLine };
  }

  private everyLine(bytes: Buffer, cut: boolean, firstLine: number): { lines: number[]; count: number } {
    const lines: number[] = [];
    let line = firstLine;
    for (let start = 0; start < bytes.length; line++) {
      const end = lineEnd(bytes, start);
      if (this.isMatch(bytes.subarray(start, end), cut, line)) lines.push(line);
      start = end + 1;
    }
    return { lines, count: line - firstLine };
  }

  /** Looks at the lines that the filters find; newlines are counted on the way. */
  private candidates(bytes: Buffer, firstLine: number): { lines: number[]; count: number } {
    const lines: number[] = [];
    const text = bytes.toString('latin1');
    const [first, ...others] = this.rarestFirst(text);
    const isPossible = (start: number, end: number) =>
      others.length === 0 || others.every((filter) => filter(text.slice(start, end), 0) !== -1);
    let line = firstLine;
    let start = 0;
    for (let hit = first?.(text, 0) ?? -1; hit !== -1; hit = first?.(text, start) ?? -1) {
      let end = lineEnd(bytes, start);
      for (; end < hit; end = lineEnd(bytes, start)) {
        start = end + 1;
        line++;
      }
      if (isPossible(start, end) && this.isMatch(bytes.subarray(start, end), false, line)) lines.push(line);
      start = end + 1;
      line++;
    }
    for (; start < bytes.length; line++) start = lineEnd(bytes, start) + 1;
    return { lines, count: line - firstLine };
  }

  /** The filters, by how often they find something in the first block: what seldom does saves the others their work. */
  private rarestFirst(text: string): readonly LineFilter[] {
    if (this.ordered || this.filters.length < 2) return this.filters;
    const counted = this.filters.map((filter) => ({ filter, hits: hitsIn(text, filter) }));
    this.filters = counted.sort((a, b) => a.hits - b.hits).map(({ filter }) => filter);
    this.ordered = true;
    return this.filters;
  }

  private isMatch(raw: Buffer, cut: boolean, line: number): boolean {
    const bytes = withoutReturn(raw);
    let row: Row | undefined;
    const read = () => (row ??= cut ? parseBeginning(bytes.subarray(0, 1 << 18)) : parseRow(bytes, line === 0));
    const said = (known: Row) => (known.state === 'ok' ? this.validator?.of(known.value) : undefined);
    return matches(this.query, {
      row: read,
      validator: () => said(read()),
      review: () => (this.reviewed.has(line) && !cut ? this.review.of(line, rowHash(bytes)) : undefined),
    });
  }
}

/** Whole lines of about so many bytes: as text they die young in the heap, where a megabyte would linger. */
function* lineParts(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const end = lineEnd(bytes, Math.min(bytes.length, start + PART) - 1) + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

function hitsIn(text: string, filter: LineFilter): number {
  let hits = 0;
  for (let at = filter(text, 0); at !== -1; at = filter(text, at + 1)) hits++;
  return hits;
}

function lineEnd(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(NEWLINE, start);
  return end === -1 ? bytes.length : end;
}
