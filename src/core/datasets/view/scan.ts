import type { FileHandle } from 'node:fs/promises';
import { lineBlocks, type LineBlock } from './lineBlocks';
import { withoutReturn } from './lineIndex';
import { matches } from './matching';
import { needlePattern } from './needle';
import { VALIDATOR, type Condition, type Query } from './query';
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
  private readonly needle: RegExp | undefined;
  /** The query's other texts: a line without one of them is no candidate. */
  private readonly others: readonly RegExp[];
  private readonly reviewed: ReadonlySet<number>;

  constructor(
    private readonly query: Query,
    private readonly review: ReviewState,
    private readonly validator: ValidatorVerdicts | undefined,
  ) {
    const texts = query.conditions.flatMap(searchable).sort((a, b) => b.length - a.length);
    const [first, ...others] = texts.map(needlePattern);
    this.needle = first;
    this.others = others.map((pattern) => new RegExp(pattern.source));
    this.reviewed = new Set([...review.places()].map(({ line }) => line));
  }

  block({ bytes, cut }: LineBlock, firstLine: number): { lines: number[]; count: number } {
    return this.needle ? this.candidates(bytes, cut, firstLine, this.needle) : this.everyLine(bytes, cut, firstLine);
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

  /** Looks at the lines in which the needle stands; newlines are counted on the way. */
  private candidates(
    bytes: Buffer,
    cut: boolean,
    firstLine: number,
    needle: RegExp,
  ): { lines: number[]; count: number } {
    const lines: number[] = [];
    const text = bytes.toString('latin1');
    let line = firstLine;
    let start = 0;
    needle.lastIndex = 0;
    for (let hit = needle.exec(text); hit; hit = needle.exec(text)) {
      for (let end = lineEnd(bytes, start); end < hit.index; end = lineEnd(bytes, start)) {
        start = end + 1;
        line++;
      }
      const end = lineEnd(bytes, start);
      const possible = this.others.length === 0 || this.hasOthers(text.slice(start, end));
      if (possible && this.isMatch(bytes.subarray(start, end), cut, line)) lines.push(line);
      needle.lastIndex = end;
    }
    for (; start < bytes.length; line++) start = lineEnd(bytes, start) + 1;
    return { lines, count: line - firstLine };
  }

  private hasOthers(line: string): boolean {
    return this.others.every((pattern) => pattern.test(line));
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

function lineEnd(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(NEWLINE, start);
  return end === -1 ? bytes.length : end;
}

/** Texts that stand in the line of every row that matches. Numbers and lists may be spelt otherwise than they print. */
function searchable(condition: Condition): string[] {
  if (condition.negated || (condition.kind !== 'text' && condition.kind !== 'field')) return [];
  // What the validator said does not stand in the row.
  if (condition.kind === 'field' && condition.field.startsWith(VALIDATOR)) return [];
  return condition.text !== '' && /[^\d\s.,:[\]{}"+eE-]/u.test(condition.text) && !/[[\]{}":,]/u.test(condition.text)
    ? [condition.text]
    : [];
}
