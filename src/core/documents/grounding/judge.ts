import type { Alignment } from './align';
import type { Stream, Token } from './stream';
import { withoutDigits } from './print';
import { joinedDistance, sameNumber, wordDistance } from './words';

/** Tokens of the quote and of the passage that stand for one another: `first` to `last`, inclusive. */
interface Region {
  readonly quote: { first: number; last: number };
  readonly passage: { first: number; last: number };
}

/**
 * How far the aligned words are from one another, in letters worn by noise, or undefined when a word, number, sign or its
 * order may differ. Every token on either side must have its counterpart.
 */
export function judge(words: Stream, text: Stream, alignment: Alignment): number | undefined {
  const regions = regionsOf(words, text, alignment);
  if (!regions) return undefined;
  const known = new Set(text.tokens.map((token) => token.text));
  let total = 0;
  let worn = 0;
  for (const region of regions) {
    const distance = regionDistance(words, text, region, known);
    if (distance === Infinity) return undefined;
    total += distance;
    if (distance > 0) worn += 1;
  }
  const tooWorn = total > Math.max(2, words.chars.length * 0.12) || (regions.length > 3 && worn > regions.length * 0.6);
  return tooWorn ? undefined : total;
}

/** Links tokens by the characters they share; undefined when a token on either side is left without a counterpart. */
function regionsOf(words: Stream, text: Stream, { pairs }: Alignment): Region[] | undefined {
  const quoteMatched = new Set<number>();
  const passageMatched = new Set<number>();
  const tokens = pairs.map(({ quote, passage, same }) => {
    const link = { quote: words.tokenOf[quote] ?? 0, passage: text.tokenOf[passage] ?? 0, same };
    if (same) quoteMatched.add(link.quote);
    if (same) passageMatched.add(link.passage);
    return link;
  });
  const regions: Region[] = [];
  for (const link of tokens) {
    // Characters put for one another link their tokens only when nothing else does: `l` for `1`.
    if (!link.same && quoteMatched.has(link.quote) && passageMatched.has(link.passage)) continue;
    const open = regions.at(-1);
    const nextQuote = open ? open.quote.last + 1 : 0;
    const nextPassage = open ? open.passage.last + 1 : link.passage;
    if (open && (link.quote < nextQuote || link.passage < nextPassage)) {
      if (link.quote > nextQuote || link.passage > nextPassage) return undefined;
      open.quote.last = Math.max(open.quote.last, link.quote);
      open.passage.last = Math.max(open.passage.last, link.passage);
    } else if (link.quote === nextQuote && link.passage === nextPassage) {
      regions.push({
        quote: { first: link.quote, last: link.quote },
        passage: { first: link.passage, last: link.passage },
      });
    } else return undefined;
  }
  // Where several words stand for several, each must have a letter of its own there: none is swallowed by a neighbour.
  const swallowed = regions.some(
    ({ quote, passage }) =>
      (quote.first < quote.last || passage.first < passage.last) &&
      !(covers(quoteMatched, quote) && covers(passageMatched, passage)),
  );
  return !swallowed && regions.at(-1)?.quote.last === words.tokens.length - 1 ? regions : undefined;
}

function covers(matched: ReadonlySet<number>, { first, last }: { first: number; last: number }): boolean {
  for (let token = first; token <= last; token += 1) if (!matched.has(token)) return false;
  return true;
}

function regionDistance(words: Stream, text: Stream, region: Region, known: ReadonlySet<string>): number {
  const quote = words.tokens.slice(region.quote.first, region.quote.last + 1);
  const passage = text.tokens.slice(region.passage.first, region.passage.last + 1);
  const [own, ...more] = quote;
  const [other, ...others] = passage;
  if (!own || !other) return Infinity;
  const single = more.length === 0 && others.length === 0;
  if (single && own.text === other.text) return sameUnit(words, text, region) ? 0 : Infinity;
  if ([...quote, ...passage].some(({ kind }) => kind === 'sign')) return Infinity;
  const quoteTexts = quote.map((token) => token.text);
  const passageTexts = passage.map((token) => token.text);
  if (hasDigit(quoteTexts) || hasDigit(passageTexts)) {
    if (sameNumber(quoteTexts, passageTexts)) return 0.5;
    if (!isMisreadWord(quoteTexts.join(''), passageTexts.join(''))) return Infinity;
  }
  const context = { name: isName(text, region.passage.first), inPassage: (word: string) => known.has(word) };
  const [clean, cleanOther] = [quoteTexts.map(withoutDigits), passageTexts.map(withoutDigits)];
  if (single) return wordDistance(clean.join(''), cleanOther.join(''), context) || 0.5;
  return joinedDistance(clean, cleanOther, context);
}

function hasDigit(texts: readonly string[]): boolean {
  return texts.some((text) => /\p{Nd}/u.test(text));
}

/** A word of letters on one side, and on the other mostly letters with digits that look like letters: `con5ume`. */
function isMisreadWord(one: string, other: string): boolean {
  const digits = (word: string) => word.replace(/\P{Nd}/gu, '').length;
  const [clean, misread] = digits(one) === 0 ? [one, other] : [other, one];
  return digits(clean) === 0 && clean.length > 2 && digits(misread) * 2 < misread.length && !/[347]/u.test(misread);
}

/** A capital within a sentence whose neighbours are not all capitals: a name, where every letter counts. */
function isName(text: Stream, index: number): boolean {
  const token = text.tokens[index];
  const previous = text.tokens[index - 1];
  if (!token || !/^\p{Lu}/u.test(sourceOf(text, token))) return false;
  if (!previous) return true;
  return !(isCapitals(sourceOf(text, token)) && isCapitals(sourceOf(text, previous)));
}

function isCapitals(set: string): boolean {
  return set.length > 1 && set === set.toUpperCase();
}

function sourceOf(stream: Stream, token: Token): string {
  return stream.source.slice(stream.starts[token.from] ?? 0, stream.ends[token.to - 1] ?? 0);
}

/** 5 mW is not 5 MW; but a quote that is set in capitals, or in small letters, changes no unit. */
function sameUnit(words: Stream, text: Stream, region: Region): boolean {
  const token = words.tokens[region.quote.first];
  const counterpart = text.tokens[region.passage.first];
  const before = words.tokens[region.quote.first - 1];
  if (!token || !counterpart || !before || token.text.length > 4 || !/\p{Nd}$/u.test(before.text)) return true;
  const own = sourceOf(words, token);
  const other = sourceOf(text, counterpart);
  if (own === other || !/^[mM]|[bB]/u.test(own)) return true;
  const letters = words.source.replace(/\P{L}/gu, '');
  return letters === letters.toUpperCase() || letters === letters.toLowerCase() || isTitleCase(words.source);
}

function isTitleCase(source: string): boolean {
  const initials = source.match(/(?<!\p{L})\p{L}/gu) ?? [];
  return initials.filter((letter) => letter !== letter.toLowerCase()).length > initials.length * 0.7;
}
