/** A half-open range of UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The sentences of text[start, end), in order, without the white space around them. One pass over the characters, whatever
 * they are. Knows abbreviations, initials, decimals, ellipses, closing quotes and brackets, and CJK full stops.
 */
export function* sentences(text: string, start = 0, end = text.length): Generator<Span> {
  let from = skipBlank(text, start, end);
  let i = from;
  while (i < end) {
    if (!isTerminator(text.charCodeAt(i))) {
      i += 1;
      continue;
    }
    const mark = i;
    while (i < end && isTerminator(text.charCodeAt(i))) i += 1;
    while (i < end && isCloser(text.charCodeAt(i))) i += 1;
    const next = skipBlank(text, i, end);
    if (next < end && !endsSentence(text, from, mark, i, next)) continue;
    yield { start: from, end: i };
    from = next;
    i = next;
  }
  const last = trimEnd(text, from, end);
  if (last > from) yield { start: from, end: last };
}

export function skipBlank(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && isBlank(text.charCodeAt(i))) i += 1;
  return i;
}

export function trimEnd(text: string, start: number, at: number): number {
  let i = at;
  while (i > start && isBlank(text.charCodeAt(i - 1))) i -= 1;
  return i;
}

/** What `\s` matches. */
export function isBlank(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0xa0) return false;
  if (code === 0xa0 || code === 0x1680 || code === 0xfeff || code === 0x3000) return true;
  return (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f;
}

function isTerminator(code: number): boolean {
  switch (code) {
    case 0x21: // !
    case 0x2e: // .
    case 0x3f: // ?
    case 0x2026: // …
    case 0x203c: // ‼
    case 0x2047: // ⁇
    case 0x0964: // । danda
    case 0x06d4: // ۔ Urdu full stop
    case 0x061f: // ؟
      return true;
    default:
      return isCjkTerminator(code);
  }
}

/** 。 ！ ？ ｡ ．: sentences that follow without a space. */
function isCjkTerminator(code: number): boolean {
  return code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0xff61 || code === 0xff0e;
}

/** Quotes and brackets that close after a full stop, and Markdown emphasis. */
function isCloser(code: number): boolean {
  return '"\'”’»›)]}*_」』）】》'.includes(String.fromCharCode(code));
}

/** The sentence began at `from`; its terminators start at `mark`; closers end at `after`; the next word starts at `next`. */
function endsSentence(text: string, from: number, mark: number, after: number, next: number): boolean {
  const last = text.charCodeAt(mark);
  if (isCjkTerminator(text.charCodeAt(after - 1)) || isCjkTerminator(last)) return next > after || !joins(text, after);
  if (next === after) return false;
  const following = firstLetter(text, next);
  if (isLower(following)) return false;
  const single = last === 0x2e && after === mark + 1;
  return !single || !isAbbreviation(text, from, mark, next);
}

/** Whether the character at `at` belongs to the one before it: combining marks, joiners, variation selectors, skin tones. */
export function joins(text: string, at: number): boolean {
  const code = text.codePointAt(at) ?? 0;
  if (code < 0x300) return false;
  return /[\p{M}\u200c\u200d\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u.test(String.fromCodePoint(code));
}

/** The first character after opening quotes, brackets and emphasis. */
function firstLetter(text: string, at: number): string {
  let i = at;
  while (i < at + 4 && '"\'“‘«‹([{*_¿¡'.includes(text.charAt(i))) i += 1;
  return String.fromCodePoint(text.codePointAt(i) ?? 0x20);
}

function isLower(letter: string): boolean {
  return letter !== letter.toUpperCase() && letter === letter.toLowerCase();
}

/** Never end a sentence, whatever follows. */
const titles = words(
  'mr mrs ms dr prof sr jr st messrs mme mlle rev hon gen col capt lt sgt maj gov sen rep pres mt ft',
);
/** Latin and scholarly short forms, which the next word continues. */
const joining = words('e.g i.e cf viz vs v al ca approx resp esp incl excl op cit ibid nb n.b q.v a.k.a');
/** Short forms of a thing that a number or a name follows: "Fig. 3", "No. 7", "Sec. B". */
const numbered = words(
  'fig figs no nos eq eqs sec secs ch chap vol vols p pp art arts par para ref refs tab nr app ed eds pt bd abb bl',
);
/** Short forms that stand within a sentence or at its end: only a word that begins sentences ends it here. */
const either = words(
  'etc inc ltd co corp bros dept univ assn est min max hr hrs sec secs min mins ft in oz lb lbs jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun u.s u.s.a u.k u.n e.u a.m p.m a.d b.c ph.d m.d b.a m.a d.c ave blvd rd gmbh bzw usw z.b d.h',
);
/** Words that begin a sentence far more often than they continue one after an abbreviation. */
const starters = words(
  'the a an this that these those it its he she they we you i in on at if when while after before as but and or so yet then there here for from with to by however although because since what which who why how where do does did is are was were has have had not no all each every some most many one two let please see note once until unless such thus also our your his her their my',
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

function isAbbreviation(text: string, from: number, mark: number, next: number): boolean {
  let at = mark;
  while (at > from && mark - at < 12 && isWordOrDot(text.charCodeAt(at - 1))) at -= 1;
  const token = text.slice(at, mark);
  const word = token.toLowerCase();
  if (titles.has(word) && (word !== 'st' || !startsSentence(text, next))) return true;
  if (joining.has(word)) return true;
  if (numbered.has(word) && /^[\p{Nd}\p{Lu}§([]/u.test(text.slice(next, next + 2))) return !startsSentence(text, next);
  if (either.has(word)) return !startsSentence(text, next);
  // "J. R. R. Tolkien", but "vitamin C. The", "plan B. It".
  if (/^\p{Lu}(\.\p{Lu})*$/u.test(token)) return !startsSentence(text, next);
  // "1. First step" at the start of a line is a list number, not a sentence.
  return /^\p{Nd}{1,3}$/u.test(token) && at === from;
}

function isWordOrDot(code: number): boolean {
  return (
    code === 0x2e ||
    (code >= 0x30 && code <= 0x39) ||
    (code > 0x40 && !isBlank(code) && !'[]{}“”‘’«»—–'.includes(String.fromCharCode(code)))
  );
}

function startsSentence(text: string, next: number): boolean {
  const word = /^["'“‘«([*_]*(\p{L}+)/u.exec(text.slice(next, next + 24))?.[1];
  return word !== undefined && starters.has(word.toLowerCase());
}
