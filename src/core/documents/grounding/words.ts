import { englishRank, isEnglishWord } from './lexicon';
import { shape, wear } from './print';

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

export interface WordContext {
  /** Written like a name: a capital within a sentence. */
  readonly name: boolean;
  /** Whether it stands as a word elsewhere in the passage. */
  readonly inPassage: (word: string) => boolean;
}

/**
 * The cost of reading the passage's word for the quote's: 0 for the same, up to 2 for a word worn by print or a slip of the
 * finger, Infinity when it may be another word. Noise makes non-words; somebody who changes a meaning writes words.
 */
export function wordDistance(quote: string, passage: string, context: WordContext): number {
  if (quote === passage) return 0;
  if (mayBeAnother(quote, passage, context)) return Infinity;
  if (shape(quote) === shape(passage)) return 0.5;
  if (isOpposition(quote, passage)) return Infinity;
  const length = Math.max(quote.length, passage.length);
  if (hinges.has(quote) || hinges.has(passage)) return hingeDistance(quote, passage);
  const known = isEnglishWord(quote) || isEnglishWord(passage);
  if (context.name && !isEnglishWord(passage)) {
    return within(wear(shape(quote), shape(passage), { name: true }), length < 5 ? 0 : length < 8 ? 0.5 : 1);
  }
  if (!known) return within(wear(quote, passage), length < 5 ? 0.5 : length < 8 ? 0.5 : 1);
  return within(wear(shape(quote), shape(passage)), length < 3 ? 0.5 : length < 7 ? 1 : length < 10 ? 1.5 : 2);
}

/**
 * Two English words are two words, save where the quote's is an uncommon one of the same look (`throe` for `three`). What the
 * lexicon does not know is a word too when the passage uses it elsewhere: Marta is not Maria.
 */
function mayBeAnother(quote: string, passage: string, { inPassage }: WordContext): boolean {
  const rank = englishRank(quote);
  if (!isEnglishWord(passage)) return rank === undefined && inPassage(quote) && shape(quote) !== shape(passage);
  if (inPassage(quote)) return true;
  if (rank === undefined) return false;
  return rank === 'common' || wear(quote, passage, { swaps: false }) > 0.5;
}

/** A hinge may be worn by one look-alike, or when it is long and no negation lose or gain a letter: `becuse`. */
function hingeDistance(quote: string, passage: string): number {
  const looks = wear(quote, passage, { swaps: false });
  if (looks <= 0.5) return looks;
  const shorter = Math.min(quote.length, passage.length);
  return negations.has(quote) || negations.has(passage) || shorter < 3 ? Infinity : within(wear(quote, passage), 1);
}

function within(distance: number, budget: number): number {
  return distance <= budget ? distance : Infinity;
}

const prefix =
  /^(?:un|in|im|il|ir|dis|non|de|an|a|anti|counter|hyper|hypo|pre|post|inter|intra|extra|mono|uni|bi|di|tri|multi|macro|micro|over|under|out|up|down|ex|en|em|sub|super|endo|exo|iso|mis|re|mal|pro|contra|homo|hetero|ante)?$/u;
const ending = /^(?:less|ful|able|proof|free|ite|ate|ide|er|ee|or|ed|ing|s|es|est)?$/u;

/** A prefix or ending more, or one for another: ionised/unionised, hypertension/hypotension, sulfite/sulfate. */
function isOpposition(one: string, other: string): boolean {
  let head = 0;
  while (head < one.length && one.charAt(head) === other.charAt(head)) head += 1;
  let tail = 0;
  const room = Math.min(one.length, other.length) - head;
  while (tail < room && one.charAt(one.length - 1 - tail) === other.charAt(other.length - 1 - tail)) tail += 1;
  // What is alike may reach into the affix (hyp-er, hyp-o): the stem is tried a few letters shorter, too.
  for (let stem = tail; stem >= Math.max(3, tail - 3); stem -= 1) {
    if (prefix.test(one.slice(0, one.length - stem)) && prefix.test(other.slice(0, other.length - stem))) return true;
  }
  for (let stem = head; stem >= Math.max(3, head - 2); stem -= 1) {
    if (ending.test(one.slice(stem)) && ending.test(other.slice(stem))) return true;
  }
  return false;
}

/** Several words against several, where blanks were lost or added: `th e pump` for `the pump`. */
export function joinedDistance(quote: readonly string[], passage: readonly string[], context: WordContext): number {
  const one = quote.join('');
  const other = passage.join('');
  const lost = (kind: ReadonlySet<string>, words: readonly string[], others: readonly string[]) =>
    words.some((word) => kind.has(word) && word.length > 1 && !others.includes(word));
  // `no table` for `notable`, `notable` for `not able`: a blank that makes or unmakes a negation.
  const made = lost(negations, quote, passage) && passage.every((word) => isEnglishWord(word));
  const unmade = lost(negations, passage, quote) && quote.every((word) => isEnglishWord(word));
  if (made || unmade) return Infinity;
  if (one === other) return 0.5;
  if (shape(one) === shape(other)) return 1;
  if (lost(hinges, quote, passage) || negations.has(one) || negations.has(other)) return Infinity;
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
