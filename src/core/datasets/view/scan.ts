import { isAscii, isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { lineTest, type LineRange, type LineTest } from './lineFilter';
import { lineBlocks, type LineBlock } from './lineBlocks';
import { withoutReturn } from './lineIndex';
import { holds, isAboutReview, type Candidate } from './matching';
import type { Condition, Query } from './query';
import { rowHash } from './reviewLog';
import type { ReviewState } from './reviewState';
import type { ValidatorVerdicts } from './validatorVerdicts';
import { parseBeginning, parseRow, parseText, type Row } from './rowText';

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
/** Hits of one line that are looked at before the row itself is asked. */
const MOST_TRIES = 3;

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
  /** What the text of a line can tell; the rarest that must be there is the lead. */
  private readonly tests: Cursor[];
  private lead: Cursor | undefined;
  /** What only the review or the row itself can tell; what needs no parsing comes first. */
  private readonly others: readonly Condition[];
  private readonly reviewed: ReadonlySet<number>;

  constructor(
    { conditions }: Query,
    private readonly review: ReviewState,
    private readonly validator: ValidatorVerdicts | undefined,
  ) {
    const tested = conditions.map((condition) => ({ condition, test: lineTest(condition) }));
    this.tests = tested.flatMap(({ test }) => (test ? [new Cursor(test)] : []));
    const others = tested.flatMap(({ condition, test }) => (test ? [] : [condition]));
    this.others = [...others.filter(isAboutReview), ...others.filter((condition) => !isAboutReview(condition))];
    this.reviewed = new Set([...review.places()].map(({ line }) => line));
  }

  block({ bytes, cut }: LineBlock, firstLine: number): { lines: number[]; count: number } {
    if (cut) return { lines: this.isMatch(this.cutLine(bytes)) ? [firstLine] : [], count: 1 };
    const lines: number[] = [];
    let line = firstLine;
    for (const part of lineParts(bytes)) line += this.part(part, line, lines);
    return { lines, count: line - firstLine };
  }

  /** Adds the lines of a part that match, and returns how many it has. */
  private part(bytes: Buffer, firstLine: number, found: number[]): number {
    const text = bytes.toString('latin1');
    const isValid = isUtf8(bytes);
    for (const test of this.tests) test.take(text, isValid);
    this.lead ??= rarest(this.tests);
    const decoded = isAscii(bytes) ? text : undefined;
    let line = firstLine;
    for (let start = 0; start < text.length; line++) {
      const end = lineEnd(text, start);
      const range = { start, end };
      if (this.lead && !this.lead.isIn(range)) {
        if (this.lead.isAtEnd) return line - firstLine + linesIn(text, start);
      } else if (this.isMatch(this.wholeLine(bytes, decoded, range, line), range)) found.push(line);
      start = end + 1;
    }
    return line - firstLine;
  }

  /** First what the text of the line tells, then what its review does, and the row itself at last. */
  private isMatch(candidate: Candidate, range?: LineRange): boolean {
    const open: Condition[] = [];
    for (const test of this.tests) {
      const told = range && test.tells(range);
      if (told === undefined) open.push(test.condition);
      else if (told === test.condition.negated) return false;
    }
    const decide = (condition: Condition) => holds(condition, candidate);
    return this.others.every(decide) && open.every(decide);
  }

  private wholeLine(bytes: Buffer, text: string | undefined, { start, end }: LineRange, line: number): Candidate {
    const own = () => withoutReturn(bytes.subarray(start, end));
    const parsed = () => (text === undefined ? parseRow(own(), line === 0) : parseText(text.slice(start, end), false));
    const review = () => (this.reviewed.has(line) ? this.review.of(line, rowHash(own())) : undefined);
    return this.candidate(parsed, review);
  }

  /** Of a line that was cut, what is left is read in another way, and cannot be what was reviewed. */
  private cutLine(bytes: Buffer): Candidate {
    return this.candidate(
      () => parseBeginning(bytes.subarray(0, 1 << 18)),
      () => undefined,
    );
  }

  private candidate(parsed: () => Row, review: Candidate['review']): Candidate {
    let known: Row | undefined;
    const row = () => (known ??= parsed());
    const validator = () => {
      const read = row();
      return read.state === 'ok' ? this.validator?.of(read.value) : undefined;
    };
    return { row, review, validator };
  }
}

/** Goes with a test through the lines of a text: each place is looked at once. */
class Cursor {
  private text = '';
  private isValid = false;
  private hit = -1;
  /** Hits in the first text. */
  seen: number | undefined;

  constructor(private readonly test: LineTest) {}

  get condition(): Condition {
    return this.test.condition;
  }

  /** The lines to come, and whether their bytes are UTF-8. */
  take(text: string, isValid: boolean): void {
    this.seen ??= hitsIn(text, this.test);
    this.text = text;
    this.isValid = isValid;
    this.hit = this.next(0);
  }

  /** No line from here on has a hit. */
  get isAtEnd(): boolean {
    return this.hit === Infinity;
  }

  isIn({ start, end }: LineRange): boolean {
    if (this.hit <= start) this.hit = this.next(start);
    return this.hit <= end;
  }

  /** Whether the line fulfils the condition, when its text tells. */
  tells(line: LineRange): boolean | undefined {
    if (!this.isIn(line)) return false;
    for (let tries = 0; this.isValid && tries < MOST_TRIES && this.isIn(line); tries++) {
      const told = this.test.tells(this.text, line, this.hit);
      if (told !== undefined) return told;
      this.hit = this.next(this.hit);
    }
    return undefined;
  }

  private next(from: number): number {
    const found = this.test.find(this.text, from);
    return found === -1 ? Infinity : found;
  }
}

/** Of the conditions that must hold, the one whose hits are fewest: what seldom is there saves the others their work. */
function rarest(tests: readonly Cursor[]): Cursor | undefined {
  return tests
    .filter(({ condition }) => !condition.negated)
    .sort((a, b) => (a.seen ?? 0) - (b.seen ?? 0))
    .at(0);
}

/** Whole lines of about so many bytes: as text they die young in the heap, where a megabyte would linger. */
function* lineParts(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, Math.min(bytes.length, start + PART) - 1);
    const end = newline === -1 ? bytes.length : newline + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

function hitsIn(text: string, { find }: LineTest): number {
  let hits = 0;
  for (let at = find(text, 0); at !== -1; at = find(text, at)) hits++;
  return hits;
}

function linesIn(text: string, from: number): number {
  let lines = 0;
  for (let start = from; start < text.length; lines++) start = lineEnd(text, start) + 1;
  return lines;
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
