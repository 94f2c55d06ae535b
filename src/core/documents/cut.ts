import { isBlank, joins, skipBlank, type Span, trimEnd } from './sentences';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A combining mark after a blank belongs to it: the piece then starts with the blank. */
export function graphemeStart(text: string, start: number): number {
  const before = text.charCodeAt(start - 1);
  const afterLineEnd = before === 0x0a || before === 0x0d;
  return start > 0 && !afterLineEnd && joins(text, start) ? start - 1 : start;
}

/**
 * Pieces of at most `size`, when a sentence alone is longer: cut at a line end, after a clause, at white space, or else
 * between two graphemes. A grapheme that is itself longer than `size` (hundreds of stacked marks) is cut between characters.
 */
export function* cutLongSpan(text: string, span: Span, size: number): Generator<Span> {
  let { start } = span;
  while (span.end - start > size) {
    const cut = cutPosition(text, start, size);
    yield { start, end: trimEnd(text, start, cut) };
    start = Math.max(cut, graphemeStart(text, skipBlank(text, cut, span.end)));
  }
  if (span.end > start) yield { start, end: span.end };
}

/** Where to cut text[start, start + size]: always above `start`. */
function cutPosition(text: string, start: number, size: number): number {
  const last = start + size;
  const earliest = start + Math.floor(size / 2);
  let blank: number | undefined;
  let clause: number | undefined;
  for (let i = last; i > earliest; i -= 1) {
    const code = text.charCodeAt(i);
    if (!isBlank(code) || joins(text, i + 1)) continue;
    if (code === 0x0a || code === 0x0d) return i;
    blank ??= i;
    if (clause === undefined && ',;:—–'.includes(text.charAt(i - 1))) clause = i;
  }
  return clause ?? blank ?? graphemeCut(text, start, last);
}

function graphemeCut(text: string, start: number, last: number): number {
  // `start` is itself a boundary, so what the segmenter says of the window is what it would say of the whole text.
  const containing = graphemes.segment(text.slice(start, last + 64)).containing(last - start);
  const cut = containing ? start + containing.index : last;
  if (cut > start) return cut;
  return isLowSurrogate(text.charCodeAt(last)) && last - start > 1 ? last - 1 : last;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
