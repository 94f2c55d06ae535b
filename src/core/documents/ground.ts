import { align } from './grounding/align';
import { type Difference, judge, type Reading } from './grounding/judge';
import { findApproximately } from './grounding/search';
import { readStream, type Stream } from './grounding/stream';
import { matchesAsSet, standsApart, trimQuote } from './grounding/verbatim';

/** Offsets are UTF-16 code units into the passage; `quote` is the passage's own words, `passage.slice(start, end)`. */
export type Grounding =
  | { readonly status: 'verified' | 'repaired'; readonly quote: string; readonly start: number; readonly end: number }
  | ({ readonly status: 'unverified'; readonly quote: string } & Refusal);

export interface Refusal {
  readonly reason: UnverifiedReason;
  /** For `words_differ`: the first words that may not mean the same, where one can point at them. */
  readonly difference?: Difference;
}

export type UnverifiedReason =
  /** The quote has no letter or digit. */
  | 'empty'
  /** Nothing in the passage reads like it. */
  | 'not_found'
  /** Something reads like it, but words, numbers or signs differ in more than print. */
  | 'words_differ'
  /** It starts behind a "not" that belongs to it, or within a word or number. */
  | 'cut_short';

/** Past this many steps a near match is not looked for: quotes of pages in passages of books. */
const mostWork = 400_000_000;
/** Places that are judged word by word; fewer for a long quote, which hardly ever fits two. */
const mostCandidates = 12;
const longQuote = 1500;

/**
 * Whether `passage` holds `quote`.
 * - `verified`: the same words, setting aside how they are set (NFKC, case, quotes, dashes, hyphenation, white space).
 * - `repaired`: the same words but for the noise of print, OCR and typing; `quote` is what the passage says.
 * - `unverified`: not found, or the meaning may differ: another number, unit, name, negation, quantifier, word or order, a
 *   word more or less, parts from two places. `quote` is then the quote as it came.
 */
export function ground(quote: string, passage: string): Grounding {
  const trimmed = trimQuote(quote);
  const words = readStream(trimmed);
  if (words.chars.length === 0) return { status: 'unverified', quote, reason: 'empty' };
  const found = verbatim(quote.trim(), passage) ?? verbatim(trimmed, passage) ?? near(words, passage);
  return 'reason' in found ? { status: 'unverified', quote, ...found } : found;
}

function verbatim(quote: string, passage: string): Grounding | undefined {
  for (let at = passage.indexOf(quote); at >= 0; at = passage.indexOf(quote, at + 1)) {
    const end = at + quote.length;
    if (standsApart(passage, at, end, quote)) return { status: 'verified', quote, start: at, end };
  }
  return undefined;
}

/** Finds the places that read most like the quote and judges each word by word. */
function near(words: Stream, passage: string): Grounding | Refusal {
  const text = readStream(passage, { skipLinkTargets: !words.source.includes('](') });
  const limit = editLimit(words.chars.length);
  if (words.chars.length * text.chars.length > mostWork) return { reason: 'not_found' };
  const known = new Set(text.tokens.map((token) => token.text));
  const most = words.chars.length > longQuote || words.tokens.length > longQuote / 5 ? 3 : mostCandidates;
  let refusal: Refusal | undefined;
  for (const { end } of findApproximately(words.chars, text.chars, limit, most)) {
    const alignment = align(words.chars, text.chars, end, limit);
    const verdict = judge(words, text, alignment, known);
    if (!('distance' in verdict)) {
      refusal ??= { reason: 'words_differ', difference: verdict };
      continue;
    }
    const span = spanOf(words, text, verdict);
    if (!standsApart(passage, span.start, span.end, words.source)) {
      refusal = { reason: 'cut_short' };
      continue;
    }
    const own = passage.slice(span.start, span.end);
    return { status: matchesAsSet(words.source, own) ? 'verified' : 'repaired', quote: own, ...span };
  }
  return refusal ?? { reason: 'not_found' };
}

/** Edits that noise may make in `length` characters; which edits they are is judged afterwards. */
function editLimit(length: number): number {
  return length < 6 ? 1 : Math.ceil(length * 0.2);
}

/** The words that were read, with the punctuation at either end that the quote has too. */
function spanOf(
  words: Stream,
  text: Stream,
  { first, last }: Reading,
): { readonly start: number; readonly end: number } {
  const start = text.starts[text.tokens[first]?.from ?? 0] ?? 0;
  const end = text.ends[(text.tokens[last]?.to ?? 1) - 1] ?? 0;
  const head = words.source.slice(0, words.starts[0] ?? 0);
  const tail = words.source.slice(words.ends.at(-1) ?? 0);
  const before = text.source.slice(Math.max(0, start - head.length), start);
  const after = text.source.slice(end, end + tail.length);
  return {
    start: head !== '' && matchesAsSet(head, before) ? start - before.length : start,
    end: tail !== '' && matchesAsSet(tail, after) ? end + after.length : end,
  };
}
