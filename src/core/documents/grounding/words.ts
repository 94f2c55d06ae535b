import { isEnglishWord } from './lexicon';

/** Words on which the meaning of a sentence hangs. They may be hard to read, but never be other words. */
const hinges = new Set(
  `no not non nor never none nothing nobody neither nowhere without cannot cant dont doesnt didnt isnt arent wasnt werent
   wont wouldnt shouldnt couldnt mustnt neednt hasnt havent hadnt hardly barely rarely seldom
   all any some each every both either most many much more less least few fewer several half only just even almost about
   may might must can could shall should will would need ought if unless except but although though whether
   and or before after until since during while above below over under up down in out on off into onto from to with within
   between against left right first last next always often sometimes usually once twice is are was were be been has have had
   do does did the a an this that these those it he she they we you who which what when where why how because than as at by for
   one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty hundred thousand million
   high low hot cold open shut new old same other nicht kein keine keinen nie ohne alle einige muss darf kann soll
   ne pas jamais aucun sans tous peut doit ningun nunca sin todos puede debe`.split(/\s+/u),
);

export const negations = new Set(
  `no not non nor never none neither without cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt
   couldnt mustnt neednt hasnt havent hadnt nicht kein keine keinen keiner nie niemals ohne pas jamais sans nunca`.split(
    /\s+/u,
  ),
);

/** What print and OCR take for one another: the same shape under two spellings. */
function shape(word: string): string {
  return word
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd')
    .replaceAll('ii', 'u')
    .replace(/[1i|!]/gu, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's')
    .replaceAll('8', 'b')
    .replace(/\p{M}/gu, '');
}

/** Single letters that scans confuse. Between two names only the consonants count: Hansen is not Hanson. */
const alike = new Set(
  `ce ec co oc eo oe hb bh hn nh tf ft tl lt tr rt li il lj jl ij ji un nu uv vu vy yv gq qg g9 9g sa as ao oa ae ea nm mn
   rn nr pn kh hk fl fi sz zs xk bo ob do od`.split(/\s+/u),
);

const opposing =
  /^(?:un|in|im|il|ir|dis|non|de|an|a|anti|counter|hyper|hypo|pre|post|inter|intra|extra|mono|uni|bi|di|tri|multi|macro|micro|over|under|out|up|down|ex|en|em|sub|super|endo|exo|iso|mis|re|mal|pro|contra|homo|hetero|ante)$/u;
const opposingEnd = /^(?:less|ful|able|proof|free|ite|ate|ide|er|ee|or|ed|ing|s|es|est)$/u;

export interface WordContext {
  /** Written like a name: a capital within a sentence, or all capitals. */
  readonly name: boolean;
  /** Whether it stands as a word elsewhere in the passage. */
  readonly inPassage: (word: string) => boolean;
}

/**
 * The cost of reading the passage's word for the quote's: 0 for the same, up to 2 for a word worn by print or a slip of the
 * finger, Infinity when it may be another word. Noise makes non-words; somebody who changes a meaning writes words.
 */
export function wordDistance(quote: string, passage: string, { name, inPassage }: WordContext): number {
  if (quote === passage) return 0;
  const quoteIsWord = isEnglishWord(quote);
  const passageIsWord = isEnglishWord(passage);
  if (passageIsWord && (quoteIsWord || inPassage(quote))) return Infinity;
  if (shape(quote) === shape(passage)) return 0.5;
  // What the lexicon does not know is still a word when the passage uses it elsewhere: Marta is not Maria.
  if ((!quoteIsWord && inPassage(quote)) || isOpposition(quote, passage)) return Infinity;
  const length = Math.max(quote.length, passage.length);
  if (hinges.has(quote) || hinges.has(passage)) {
    const looks =
      quote.length === passage.length ? wornDistance(shape(quote), shape(passage), { swaps: false }) : Infinity;
    return looks <= 0.5 ? looks : slipOnHinge(quote, passage);
  }
  if (name || (!quoteIsWord && !passageIsWord))
    return within(wornDistance(quote, passage, { names: true }), length < 5 ? 0 : length < 8 ? 0.5 : 1);
  return within(wornDistance(shape(quote), shape(passage)), length < 3 ? 0.5 : length < 7 ? 1 : length < 12 ? 1.5 : 2);
}

/** A long hinge word may lose or gain a letter when that leaves no word: `becuse`, `withiin`. */
function slipOnHinge(quote: string, passage: string): number {
  const shorter = Math.min(quote.length, passage.length);
  if (negations.has(quote) || negations.has(passage) || shorter < 3) return Infinity;
  return within(wornDistance(quote, passage), 1);
}

function within(distance: number, budget: number): number {
  return distance <= budget ? distance : Infinity;
}

function isOpposition(one: string, other: string): boolean {
  let head = 0;
  while (head < one.length && one.charAt(head) === other.charAt(head)) head += 1;
  let tail = 0;
  const room = Math.min(one.length, other.length) - head;
  while (tail < room && one.charAt(one.length - 1 - tail) === other.charAt(other.length - 1 - tail)) tail += 1;
  // A prefix or ending more, or one for another: ionised/unionised, hypertension/hypotension, sulfite/sulfate.
  const parts = (affix: RegExp, a: string, b: string) => (a === '' || affix.test(a)) && (b === '' || affix.test(b));
  for (let extra = 0; extra <= 3 && extra <= tail; extra += 1) {
    const cut = tail - extra;
    const a = one.slice(0, one.length - cut);
    const b = other.slice(0, other.length - cut);
    if (cut >= 3 && parts(opposing, a, b)) return true;
  }
  for (let extra = 0; extra <= 2 && extra <= head; extra += 1) {
    const cut = head - extra;
    if (cut >= 3 && parts(opposingEnd, one.slice(cut), other.slice(cut))) return true;
  }
  return false;
}

/** Edit distance with neighbours swapped (optimal string alignment); letters that look alike cost half. */
function wornDistance(one: string, other: string, { swaps = true, names = false } = {}): number {
  const rows = one.length + 1;
  const columns = other.length + 1;
  if (Math.abs(rows - columns) > 3) return Infinity;
  const cost = new Float64Array(rows * columns);
  const at = (r: number, c: number) => cost[r * columns + c] ?? 0;
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      if (r === 0 || c === 0) {
        cost[r * columns + c] = r + c;
        continue;
      }
      const a = one.charAt(r - 1);
      const b = other.charAt(c - 1);
      let best = at(r - 1, c - 1) + (a === b ? 0 : looksLike(a, b, names) ? 0.5 : 1);
      best = Math.min(best, at(r - 1, c) + 1, at(r, c - 1) + 1);
      if (swaps && r > 1 && c > 1 && a === other.charAt(c - 2) && one.charAt(r - 2) === b)
        best = Math.min(best, at(r - 2, c - 2) + 1);
      cost[r * columns + c] = best;
    }
  }
  return at(rows - 1, columns - 1);
}

function looksLike(a: string, b: string, names: boolean): boolean {
  return alike.has(a + b) && !(names && /[aeiouy]/u.test(a) && /[aeiouy]/u.test(b));
}

/** Several words against several, where blanks were lost or added: `th e pump` for `the pump`. */
export function joinedDistance(quote: readonly string[], passage: readonly string[], context: WordContext): number {
  const one = quote.join('');
  const other = passage.join('');
  const lost = (words: readonly string[], others: readonly string[]) =>
    words.some((word) => hinges.has(word) && word.length > 1 && !others.includes(word));
  // `no table` for `notable`: a blank that makes or unmakes a word on which the meaning hangs.
  if (lost(quote, passage) && (passage.length > 1 || passage.every(isEnglishWord))) return Infinity;
  if (lost(passage, quote) && quote.every((word) => isEnglishWord(word))) return Infinity;
  if (one === other) return 0.5;
  if (shape(one) === shape(other)) return 1;
  if (lost(quote, passage) || negations.has(one) || negations.has(other)) return Infinity;
  return within(wordDistance(one, other, context) + 0.5, 1.5);
}

/** Digits must be the same; only 0/O and 1/l/I may look different. Blanks between digits count: 3 5 is not 35. */
export function sameNumber(quote: readonly string[], passage: readonly string[]): boolean {
  return digitsOf(quote) === digitsOf(passage);
}

function digitsOf(words: readonly string[]): string {
  return words
    .join(' ')
    .replaceAll('o', '0')
    .replace(/[il|]/gu, '1')
    .replace(/(?<!\d) | (?!\d)/gu, '');
}
