import {
  atxHeading,
  hasMarkdownHeadings,
  type Heading,
  plainHeading,
  twoLineTitle,
  underlinedHeading,
} from './headings';
import { type Line, lineAt } from './lines';
import { isBlank } from './sentences';

/** A stretch of whole lines that belong together. */
export interface Block {
  readonly kind: 'heading' | 'prose' | 'item' | 'code' | 'table';
  readonly start: number;
  /** Before the last line's line end. */
  readonly end: number;
  /** Where the line after it starts. */
  readonly next: number;
  /** Of a heading block. */
  readonly heading?: Heading;
}

/** Lines longer than this are prose whatever they begin with, so that no pattern runs over megabytes. */
const longestMarked = 2000;

/** The document's blocks in order. Every non-blank line is in exactly one; each line is looked at a bounded number of times. */
export function* blocks(text: string): Generator<Block> {
  const markdown = hasMarkdownHeadings(text);
  let at = 0;
  let blankBefore = true;
  let first = true;
  while (at < text.length) {
    const line = lineAt(text, at);
    if (isBlankLine(text, line)) {
      at = line.next;
      blankBefore = true;
      continue;
    }
    const block = readBlock(text, line, { markdown, blankBefore, first });
    yield block;
    at = block.next;
    blankBefore = first = false;
  }
}

interface Place {
  readonly markdown: boolean;
  readonly blankBefore: boolean;
  readonly first: boolean;
}

function readBlock(text: string, line: Line, place: Place): Block {
  if (line.start === 0 && content(text, line).trimEnd() === '---') {
    const matter = readUntil(text, line, (below) => /^(?:---|\.\.\.)\s*$/u.test(below), 100);
    if (matter) return matter;
  }
  const fence = fenceMark(content(text, line));
  if (fence !== undefined) return readFence(text, line, fence);
  const heading = readHeading(text, line, place);
  if (heading) return heading;
  if (isTableRow(content(text, line))) return readWhile(text, line, 'table', isTableRow);
  return readParagraph(text, line, isItem(content(text, line)) ? 'item' : 'prose');
}

function readHeading(text: string, line: Line, { markdown, blankBefore, first }: Place): Block | undefined {
  const own = content(text, line);
  if (own === '') return undefined;
  const atx = markdown ? atxHeading(own) : undefined;
  if (atx) return { kind: 'heading', ...line, heading: atx };
  const below = lineAt(text, line.next);
  const underlined = underlinedHeading(own, content(text, below));
  if (underlined) return { kind: 'heading', start: line.start, end: below.end, next: below.next, heading: underlined };
  if (markdown || !blankBefore) return undefined;
  const title =
    first && isBlankLine(text, lineAt(text, below.next)) ? twoLineTitle(own, content(text, below)) : undefined;
  if (title) return { kind: 'heading', start: line.start, end: below.end, next: below.next, heading: title };
  const alone = isBlankLine(text, below);
  const next = alone ? content(text, lineAt(text, below.next)) : content(text, below);
  const plain = plainHeading(own, { alone, first, next });
  return plain && { kind: 'heading', ...line, heading: plain };
}

/** A paragraph or list item: up to a blank line or to a line that begins something else. */
function readParagraph(text: string, first: Line, kind: 'prose' | 'item'): Block {
  let last = first;
  while (last.next < text.length) {
    const line = lineAt(text, last.next);
    const own = content(text, line);
    if (isBlankLine(text, line) || isItem(own) || isTableRow(own) || fenceMark(own) !== undefined || atxHeading(own))
      break;
    last = line;
  }
  return { kind, start: first.start, end: last.end, next: last.next };
}

/** A fence that is never closed runs to the end of the document, as CommonMark has it. */
function readFence(text: string, first: Line, fence: string): Block {
  const closes = (line: string) => {
    const mark = line.trim();
    return mark.length >= fence.length && mark === fence.charAt(0).repeat(mark.length);
  };
  return readUntil(text, first, closes) ?? { kind: 'code', start: first.start, end: text.length, next: text.length };
}

function readUntil(text: string, first: Line, isLast: (line: string) => boolean, most = Infinity): Block | undefined {
  let line = first;
  for (let lines = 0; line.next < text.length && lines < most; lines += 1) {
    line = lineAt(text, line.next);
    if (isLast(content(text, line))) return { kind: 'code', start: first.start, end: line.end, next: line.next };
  }
  return undefined;
}

function readWhile(text: string, first: Line, kind: Block['kind'], belongs: (line: string) => boolean): Block {
  let last = first;
  while (last.next < text.length) {
    const line = lineAt(text, last.next);
    if (!belongs(content(text, line))) break;
    last = line;
  }
  return { kind, start: first.start, end: last.end, next: last.next };
}

/** The line's text for patterns; empty when it is too long to be anything but prose. */
function content(text: string, line: Line): string {
  return line.end - line.start > longestMarked ? '' : text.slice(line.start, line.end);
}

function isBlankLine(text: string, line: Line): boolean {
  for (let i = line.start; i < line.end; i += 1) if (!isBlank(text.charCodeAt(i))) return false;
  return true;
}

function fenceMark(line: string): string | undefined {
  return /^\s{0,12}(`{3,}(?=[^`]*$)|~{3,}(?=[^~]*$))/u.exec(line)?.[1];
}

function isItem(line: string): boolean {
  return /^\s{0,24}(?:[-*+•◦▪‣–]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s+\S/u.test(line);
}

/** Markdown and box-drawn tables, tab-separated columns, and columns held apart by runs of blanks. */
function isTableRow(line: string): boolean {
  // Most lines have none of these; looking for a character is cheaper than for a pattern.
  if (line.includes('|') && isBarred(line)) return true;
  if (line.includes('+-') || line.includes('+=')) return /^\s{0,8}\+[-=+]{3,}\+\s*$/u.test(line);
  if (line.includes('\t') && /\S\t+\S/u.test(line)) return true;
  return line.includes('   ') && /\S {3,}\S.*\S {3,}\S/u.test(line);
}

function isBarred(line: string): boolean {
  return /^\s{0,8}\|.*\|\s*$/u.test(line) || /\S[ \t]\|[ \t]/u.test(line) || /^\s*:?-{3,}:?\s*\|/u.test(line);
}
