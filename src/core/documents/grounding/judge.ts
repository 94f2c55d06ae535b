import type { Alignment } from './align';
import { withoutDigits } from './print';
import type { Stream, Token } from './stream';
import { joinedDistance, sameNumber, type WordContext, wordDistance } from './words';

/** Where quote and passage part: their words, as set. */
export interface Difference {
  readonly quote: string;
  readonly passage: string;
}

/** The quote's words are the passage's tokens `first` to `last`, worn in `distance` letters. */
export interface Reading {
  readonly first: number;
  readonly last: number;
  readonly distance: number;
}

/** How many words may stand for how many, first those of the quote: blanks are lost and added. */
const joints = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
  [1, 3],
  [3, 1],
] as const;

/** Tokens that the search may have the ends wrong by. */
const slack = 2;

/**
 * Reads the quote word by word as the passage's words around an alignment: the cheapest way in which every word, number and
 * sign has its counterpart, in order, none left over. Else where the first one is that may differ. `known`: the words of
 * the whole passage.
 */
export function judge(
  words: Stream,
  text: Stream,
  { from, to }: Alignment,
  known: ReadonlySet<string>,
): Reading | Difference {
  const low = Math.max(0, (text.tokenOf[from] ?? 0) - slack);
  const high = Math.min(text.tokens.length, (text.tokenOf[to] ?? 0) + 1 + slack);
  const columns = high - low + 1;
  const rows = words.tokens.length + 1;
  const cost = new Float64Array(rows * columns).fill(Infinity);
  const origin = new Int32Array(rows * columns);
  const worn = new Int32Array(rows * columns);
  const strays = Math.min(24, 8 + rows * 0.05) + Math.abs(columns - rows);
  for (let c = 0; c < columns; c += 1) {
    cost[c] = 0;
    origin[c] = c;
  }
  let furthest = 0;
  for (let cell = 0; cell < rows * columns; cell += 1) {
    const before = cost[cell] ?? Infinity;
    if (before === Infinity) continue;
    furthest = Math.max(furthest, cell);
    const row = Math.floor(cell / columns);
    const column = cell % columns;
    if (Math.abs(column - row) > strays) continue;
    for (const [own, others] of joints) {
      if (row + own >= rows || column + others >= columns) continue;
      const next = cell + own * columns + others;
      if ((cost[next] ?? 0) <= before) continue;
      const step = distance(words, { first: row, count: own }, text, { first: low + column, count: others }, known);
      if (before + step >= (cost[next] ?? 0)) continue;
      cost[next] = before + step;
      origin[next] = origin[cell] ?? 0;
      worn[next] = (worn[cell] ?? 0) + (step > 0 ? 1 : 0);
    }
  }
  const lastRow = (rows - 1) * columns;
  let end = lastRow;
  for (let c = 1; c < columns; c += 1) if ((cost[lastRow + c] ?? 0) < (cost[end] ?? 0)) end = lastRow + c;
  const total = cost[end] ?? Infinity;
  const tooWorn = total > Math.max(2, words.chars.length * 0.12) || (rows > 4 && (worn[end] ?? 0) > rows * 0.6);
  if (tooWorn) return differenceAt(words, Math.floor(furthest / columns), text, low + (furthest % columns));
  return { first: low + (origin[end] ?? 0), last: low + (end - lastRow) - 1, distance: total };
}

function differenceAt(words: Stream, row: number, text: Stream, column: number): Difference {
  return { quote: setAs(words, words.tokens[row]), passage: setAs(text, text.tokens[column]) };
}

interface Run {
  readonly first: number;
  readonly count: number;
}

function distance(words: Stream, quoteRun: Run, text: Stream, passageRun: Run, known: ReadonlySet<string>): number {
  if (Math.abs(lengthOf(words, quoteRun) - lengthOf(text, passageRun)) > 3) return Infinity;
  const quote = words.tokens.slice(quoteRun.first, quoteRun.first + quoteRun.count);
  const passage = text.tokens.slice(passageRun.first, passageRun.first + passageRun.count);
  const [own] = quote;
  const [other] = passage;
  if (!own || !other) return Infinity;
  const single = quote.length === 1 && passage.length === 1;
  if (single && own.text === other.text) return sameUnit(words, text, quoteRun.first, passageRun.first) ? 0 : Infinity;
  if ([...quote, ...passage].some(({ kind }) => kind === 'sign')) return Infinity;
  const quoteTexts = quote.map((token) => token.text);
  const passageTexts = passage.map((token) => token.text);
  if (hasDigit(quoteTexts) || hasDigit(passageTexts)) {
    if (quote.length > 1 && passage.length > 1) return Infinity;
    if (sameNumber(quoteTexts, passageTexts)) return 0.5;
    if (!isMisreadWord(quoteTexts.join(''), passageTexts.join(''))) return Infinity;
  }
  const name = passage.some((_, i) => isName(text, passageRun.first + i));
  const context: WordContext = { name, inPassage: (word) => known.has(word) };
  const [clean, cleanOther] = [quoteTexts.map(withoutDigits), passageTexts.map(withoutDigits)];
  if (single) return wordDistance(clean.join(''), cleanOther.join(''), context) || 0.5;
  return joinedDistance(clean, cleanOther, context);
}

function lengthOf(stream: Stream, { first, count }: Run): number {
  return (stream.tokens[first + count - 1]?.to ?? 0) - (stream.tokens[first]?.from ?? 0);
}

function hasDigit(texts: readonly string[]): boolean {
  return texts.some((text) => /\p{Nd}/u.test(text));
}

/** A word of letters on one side, and on the other one with digits that look like letters: `con5ume`, `6e`. */
function isMisreadWord(one: string, other: string): boolean {
  const digits = (word: string) => word.replace(/\P{Nd}/gu, '').length;
  const [clean, misread] = digits(one) === 0 ? [one, other] : [other, one];
  if (digits(clean) > 0 || /[347]/u.test(misread) || digits(misread) === misread.length) return false;
  return withoutDigits(misread) === clean || (clean.length > 2 && digits(misread) * 2 < misread.length);
}

const titles = new Set(['dr', 'mr', 'mrs', 'ms', 'prof', 'st', 'sir', 'capt']);

/** A capital within a sentence whose neighbours are not all capitals: a name, where every letter counts. */
function isName(text: Stream, index: number): boolean {
  const token = text.tokens[index];
  const previous = text.tokens[index - 1];
  if (!token || !/^\p{Lu}/u.test(setAs(text, token))) return false;
  if (!previous) return false;
  const gap = text.source.slice(text.ends[previous.to - 1] ?? 0, text.starts[token.from] ?? 0);
  if (/[.!?:;\n\r]/u.test(gap) && !titles.has(previous.text) && previous.text.length > 1) return false;
  return !(isCapitals(setAs(text, token)) && isCapitals(setAs(text, previous)));
}

function isCapitals(set: string): boolean {
  return set.length > 1 && set === set.toUpperCase();
}

function setAs(stream: Stream, token: Token | undefined): string {
  return token ? stream.source.slice(stream.starts[token.from] ?? 0, stream.ends[token.to - 1] ?? 0) : '';
}

/** 5 mW is not 5 MW; but a quote that is set in capitals, or in small letters, changes no unit. */
function sameUnit(words: Stream, text: Stream, ownIndex: number, otherIndex: number): boolean {
  const before = words.tokens[ownIndex - 1];
  const own = setAs(words, words.tokens[ownIndex]);
  const other = setAs(text, text.tokens[otherIndex]);
  if (own === other || own.length > 4 || !before || !/\p{Nd}$/u.test(before.text) || !/^[mM]|[bB]/u.test(own))
    return true;
  const letters = words.source.replace(/\P{L}/gu, '');
  return letters === letters.toUpperCase() || letters === letters.toLowerCase() || isTitleCase(words.source);
}

function isTitleCase(source: string): boolean {
  const initials = source.match(/(?<!\p{L})\p{L}/gu) ?? [];
  return initials.filter((letter) => letter !== letter.toLowerCase()).length > initials.length * 0.7;
}
