import { isAscii, isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { lineTest, type LineRange, type LineTest } from './lineFilter';
import { lineBlocks, type LineBlock } from './lineBlocks';
import { withoutReturn } from './lineIndex';
import { holds, isAboutReview, type Candidate } from './matching';
import type { Condition, Query } from './query';
import { RepeatedRows } from './repeatedRows';
import { rowHash } from './reviewLog';
import type { ReviewState, RowReview } from './reviewState';
import type { ValidatorVerdict, ValidatorVerdicts } from './validatorVerdicts';
import { isLarge } from './rowReader';
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
/** Others get their turn after so long. */
const MOST_MS = 8;
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
  const start = search.repeats ? { offset: 0, line: 0 } : from;
  let { line } = start;
  for await (const block of lineBlocks(file, start.offset, signal)) {
    let lines: number[] = [];
    let told = performance.now();
    for (const part of search.block(block, line)) {
      lines.push(...(line < from.line ? part.lines.filter((found) => found >= from.line) : part.lines));
      line = part.next.line;
      // Bad lines take long: what waits on this thread must not wait for a megabyte of them.
      if (part.next.offset < block.end && performance.now() - told < MOST_MS) continue;
      yield { lines, next: part.next };
      lines = [];
      told = performance.now();
    }
  }
}

class Search {
  /** What the text of a line can tell; the rarest that must be there is the lead. */
  private readonly tests: Cursor[];
  private lead: Cursor | undefined;
  /** What only the review or the row itself can tell; what needs no parsing comes first. */
  private readonly others: readonly Condition[];
  private readonly known: Known;
  /** Set when it matters what came before: then every line is looked at, from the first one on. */
  readonly repeats: RepeatedRows | undefined;

  constructor({ conditions }: Query, review: ReviewState, validator: ValidatorVerdicts | undefined) {
    const isOfRepeats = conditions.some((it) => it.kind === 'is' && it.state === 'duplicate');
    this.repeats = isOfRepeats ? new RepeatedRows() : undefined;
    const tested = conditions.map((condition) => ({ condition, test: lineTest(condition) }));
    this.tests = tested.flatMap(({ test }) => (test ? [new Cursor(test)] : []));
    const others = tested.flatMap(({ condition, test }) => (test ? [] : [condition]));
    this.others = [...others.filter(isAboutReview), ...others.filter((condition) => !isAboutReview(condition))];
    this.known = { review, validator, reviewed: new Set([...review.places()].map(({ line }) => line)) };
  }

  *block({ bytes, offset, end, cut }: LineBlock, firstLine: number): Generator<Found> {
    if (cut) {
      const lines = this.isMatch(new CutLine(bytes)) ? [firstLine] : [];
      yield { lines, next: { offset: end, line: firstLine + 1 } };
      return;
    }
    let next: Place = { offset, line: firstLine };
    for (const part of lineParts(bytes)) {
      const lines: number[] = [];
      const count = this.part(part, next.line, lines);
      next = { offset: next.offset + part.length, line: next.line + count };
      yield { lines, next };
    }
  }

  /** Adds the lines of a part that match, and returns how many it has. */
  private part(bytes: Buffer, firstLine: number, found: number[]): number {
    const text = bytes.toString('latin1');
    const isValid = isUtf8(bytes);
    for (const test of this.tests) test.take(text, isValid);
    if (!this.repeats) this.lead ??= rarest(this.tests);
    const decoded = isAscii(bytes) ? text : undefined;
    let line = firstLine;
    for (let start = 0; start < text.length; line++) {
      const end = lineEnd(text, start);
      const range = { start, end };
      if (this.lead && !this.lead.isIn(range)) {
        if (this.lead.isAtEnd) return line - firstLine + linesIn(text, start);
      } else if (
        this.isMatch(new WholeLine(this.known, bytes, decoded, range, line, this.isRepeat(text, range)), range)
      )
        found.push(line);
      start = end + 1;
    }
    return line - firstLine;
  }

  private isRepeat(text: string, { start, end }: LineRange): boolean {
    return this.repeats?.isRepeat(text.slice(start, text[end - 1] === '\r' ? end - 1 : end)) ?? false;
  }

  /** First what the text of the line tells, then what its review does, and the row itself at last. */
  private isMatch(candidate: Candidate, range?: LineRange): boolean {
    let open: Condition[] | undefined;
    for (const test of this.tests) {
      const told = range && test.tells(range);
      if (told === undefined) (open ??= []).push(test.condition);
      else if (told === test.condition.negated) return false;
    }
    for (const condition of this.others) if (!holds(condition, candidate)) return false;
    return open?.every((condition) => holds(condition, candidate)) ?? true;
  }
}

/** What is known of the rows besides their content. */
interface Known {
  readonly review: ReviewState;
  readonly reviewed: ReadonlySet<number>;
  readonly validator: ValidatorVerdicts | undefined;
}

/** A line as conditions see it. A class, because closures are slow to make: there is one for every line of a gigabyte. */
class WholeLine implements Candidate {
  private parsed: Row | undefined;

  constructor(
    private readonly known: Known,
    private readonly bytes: Buffer,
    /** The part that the line is in, where its bytes are ASCII. */
    private readonly text: string | undefined,
    private readonly range: LineRange,
    private readonly line: number,
    readonly isRepeat: boolean,
  ) {}

  row(): Row {
    const { text, line } = this;
    const { start, end } = this.range;
    return (this.parsed ??=
      text === undefined ? parseRow(this.own(), line === 0) : parseText(text.slice(start, end), false));
  }

  isLarge(): boolean {
    return isLarge(this.range);
  }

  review(): RowReview | undefined {
    const { review, reviewed } = this.known;
    const isKnown = reviewed.has(this.line) || review.hasDisplaced;
    return isKnown ? review.of(this.line, rowHash(this.own())) : undefined;
  }

  validator(): ValidatorVerdict | undefined {
    const row = this.row();
    return row.state === 'ok' ? this.known.validator?.of(row.value) : undefined;
  }

  private own(): Buffer {
    return withoutReturn(this.bytes.subarray(this.range.start, this.range.end));
  }
}

/** Of a line that was cut, what is left is read in another way, and cannot be what was reviewed. */
class CutLine implements Candidate {
  readonly isRepeat = false;

  constructor(private readonly bytes: Buffer) {}

  row(): Row {
    return parseBeginning(this.bytes.subarray(0, 1 << 18));
  }

  isLarge(): boolean {
    return true;
  }

  review(): undefined {
    return undefined;
  }

  validator(): undefined {
    return undefined;
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
