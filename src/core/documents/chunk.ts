import { type Block, blocks } from './blocks';
import { cutLongSpan, graphemeStart } from './cut';
import { LineCounter, lineAt } from './lines';
import { sentences, skipBlank, type Span, trimEnd } from './sentences';
import type { Chunk } from './types';

export interface ChunkOptions {
  /** Characters (UTF-16 code units) a chunk holds at most. */
  readonly size?: number;
  /** Characters of the chunk before that are repeated at most, in whole sentences of the same section. */
  readonly overlap?: number;
}

/** A piece that is not divided further: a sentence, a heading, a line of code, a table. */
interface Unit extends Span {
  /** End of the block it is in. */
  readonly blockEnd: number;
  /** The heading path it stands under; for a heading, with its own title. */
  readonly section: readonly string[];
  readonly heading: boolean;
}

/**
 * The document's chunks in order: `chunk.text === text.slice(start, end)`, no chunk longer than `size` (unless a single
 * grapheme is), every non-blank character in at least one, starts rising. Time and memory are linear in the text.
 */
export function* chunks(text: string, { size = 800, overlap = 100 }: ChunkOptions = {}): Generator<Chunk> {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`A chunk's size must be a whole number above 0, not ${size}.`);
  if (!(overlap >= 0 && overlap < size))
    throw new RangeError(`The overlap must be at least 0 and below the size, not ${overlap}.`);
  const lines = new LineCounter(text);
  let current: Unit[] = [];
  let carried = 0;
  for (const unit of units(text, size)) {
    if (breaksBefore(current, carried, unit, size)) {
      yield toChunk(text, current, lines);
      const kept = carry(current, unit, size, overlap);
      carried = kept.length;
      current = kept;
    }
    current.push(unit);
  }
  if (current.length > carried) yield toChunk(text, current, lines);
}

export function chunkDocument(text: string, options: ChunkOptions = {}): Chunk[] {
  return [...chunks(text, options)];
}

/** `carried` units of `current` are overlap: a chunk of nothing else would say nothing new. */
function breaksBefore(current: readonly Unit[], carried: number, unit: Unit, size: number): boolean {
  const [first] = current;
  const last = current.at(-1);
  if (!first || !last || current.length <= carried) return false;
  const length = last.end - first.start;
  if (unit.end - first.start > size) return true;
  if (unit.heading && !last.heading) return length >= size / 4 || unit.section.length < last.section.length;
  // A paragraph that would be torn goes to the next chunk whole, if this one is well filled and the next can hold it.
  const startsBlock = unit.start >= last.blockEnd;
  const blockLength = unit.blockEnd - unit.start;
  return startsBlock && length >= size * 0.6 && blockLength <= size && unit.blockEnd - first.start > size;
}

/** What the next chunk repeats: trailing headings, else whole sentences of the same section, as far as they fit. */
function carry(current: readonly Unit[], next: Unit, size: number, overlap: number): Unit[] {
  const kept: Unit[] = [];
  const last = current.at(-1);
  for (const unit of current.toReversed()) {
    const fits = next.end - unit.start <= size;
    const sameSection = unit.section === next.section;
    if (!fits || !last || !sameSection || unit.heading || last.end - unit.start > overlap) break;
    kept.unshift(unit);
  }
  return kept;
}

function toChunk(text: string, units: readonly Unit[], lines: LineCounter): Chunk {
  const start = units[0]?.start ?? 0;
  const end = units.at(-1)?.end ?? 0;
  const part = text.slice(start, end);
  const lineStart = lines.lineOf(start);
  return { start, end, text: part, lineStart, lineEnd: lineStart + lineBreaks(part), section: commonPath(units) };
}

function lineBreaks(part: string): number {
  return new LineCounter(part).lineOf(part.length) - 1;
}

/** The path that the chunk's text has in common; its headings count only when it holds nothing else. */
function commonPath(units: readonly Unit[]): readonly string[] {
  const texts = units.filter(({ heading }) => !heading);
  let path: readonly string[] | undefined;
  for (const { section } of texts.length > 0 ? texts : units.slice(-1)) {
    if (path === undefined) path = section;
    if (path === section) continue;
    const differs = path.findIndex((title, i) => section[i] !== title);
    if (differs >= 0) path = path.slice(0, differs);
  }
  return path ?? [];
}

function* units(text: string, size: number): Generator<Unit> {
  const open: { level: number; title: string }[] = [];
  let section: readonly string[] = [];
  for (const block of blocks(text)) {
    const { heading } = block;
    if (heading) {
      while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
      open.push(heading);
      section = open.map(({ title }) => title);
    }
    const end = trimEnd(text, block.start, block.end);
    for (const span of spans(text, block, size)) {
      yield { start: span.start, end: span.end, blockEnd: end, section, heading: heading !== undefined };
    }
  }
}

/** A block's undivided pieces, each at most `size` long. */
function* spans(text: string, block: Block, size: number): Generator<Span> {
  const start = graphemeStart(text, skipBlank(text, block.start, block.end));
  const whole = { start, end: trimEnd(text, start, block.end) };
  const fits = whole.end - whole.start <= size;
  if (block.kind === 'heading' || ((block.kind === 'code' || block.kind === 'table') && fits)) {
    yield* cutLongSpan(text, whole, size);
    return;
  }
  const parts =
    block.kind === 'code' || block.kind === 'table' ? linesOf(text, whole) : sentences(text, whole.start, whole.end);
  for (const part of parts) yield* cutLongSpan(text, { start: graphemeStart(text, part.start), end: part.end }, size);
}

function* linesOf(text: string, { start, end }: Span): Generator<Span> {
  for (let at = start; at < end;) {
    const line = lineAt(text, at);
    const last = trimEnd(text, at, Math.min(line.end, end));
    const first = skipBlank(text, at, last);
    if (last > first) yield { start: first, end: last };
    at = line.next;
  }
}
