import { type Range, type Token } from './token';

const months =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?$/u;
const seasons = /^(?:spring|summer|autumn|winter|fall)$/u;
const opening = /^(?:in|on|around|about|between|from|since|until|till|by|during)$/u;

/**
 * Whether a phrase is a date: `year` says when by itself, `season` ("in May", "between May and August") only for what is so
 * every year. Undefined for whatever is more or less than a date.
 */
export function dateOf(tokens: readonly Token[], { from, to }: Range): 'year' | 'season' | undefined {
  if (!opening.test(tokens[from]?.lower ?? '') || to - from < 2) return undefined;
  if (/^(?:the|of|and|to|,)$/u.test(tokens[to - 1]?.lower ?? '')) return undefined;
  let found: 'year' | 'season' | undefined;
  for (let i = from + 1; i < to; i += 1) {
    const token = tokens[i];
    if (!token) return undefined;
    if (isYear(token) || isDecade(token)) found = 'year';
    else if (/^(?:century|centuries)$/u.test(token.lower)) found = 'year';
    else if (months.test(token.lower) || seasons.test(token.lower)) found ??= 'season';
    else if (!isDatePiece(token, tokens[i + 1])) return undefined;
  }
  return found;
}

function isYear(token: Token): boolean {
  return /^(?:1\d|20)\d\d$/u.test(token.text);
}

function isDecade(token: Token): boolean {
  return /^(?:1\d|20)\d0s$/u.test(token.text);
}

function isDatePiece(token: Token, next: Token | undefined): boolean {
  return (
    /^\d{1,2}(?:st|nd|rd|th)?$/u.test(token.text) ||
    /^(?:early|late|mid|middle|end|beginning|start|first|second|half|years?|of|the|and|to|until|ad|bc|bce|ce|,)$/u.test(
      token.lower,
    ) ||
    (/^(?:.*(?:teenth|tieth|th|first|second|third))$/u.test(token.lower) &&
      /^(?:century|centuries|and|or)$/u.test(next?.lower ?? ''))
  );
}

/** End of "at 5.30 pm", "at noon", "at two o'clock", "until midnight", or -1. */
export function clockEnd(tokens: readonly Token[], from: number): number {
  if (!/^(?:at|until|till|by)$/u.test(tokens[from]?.lower ?? '')) return -1;
  const time = tokens[from + 1];
  if (/^(?:noon|midnight|midday)$/u.test(time?.lower ?? '')) return from + 2;
  if (time?.pos !== 'NUM') return -1;
  return /^(?:am|pm|a\.m\.|p\.m\.|o'clock)$/u.test(tokens[from + 2]?.lower ?? '') ? from + 3 : -1;
}

/** "in Rimouski, Quebec", "at the University of Leeds": a name, whatever articles and "of" stand about it. */
export function isPlaceName(tokens: readonly Token[], { from, to }: Range): boolean {
  const names = tokens.slice(from + 1, to);
  return (
    names.some((token) => token.pos === 'PROPN' && /^\p{Lu}/u.test(token.text)) &&
    names.every(
      (token) =>
        (/^\p{Lu}/u.test(token.text) && !months.test(token.lower) && !/day$/u.test(token.lower)) ||
        /^(?:the|of|and|,)$/u.test(token.lower),
    )
  );
}
