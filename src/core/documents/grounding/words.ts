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

/** Hinges that scans confuse and that cannot stand for one another in a sentence. */
const twins = new Set(['he be', 'be he', 'it if', 'if it']);

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
  const known = isEnglishWord(quote) || isEnglishWord(passage);
  // A long English word, or one that the passage uses, is no respelled name: the capital opens a heading or a term.
  const plain = hinges.has(quote) || (isEnglishWord(quote) && (quote.length > 5 || context.inPassage(quote)));
  const name = context.name && !isEnglishWord(passage) && !plain;
  const distance = wornDistance(quote, passage, name);
  if (distance > 0.5 && hinges.has(passage) && isNearerHinge(quote, passage, distance)) return Infinity;
  if (distance > 0.5 && isWornHinge(quote, passage)) return 1;
  return within(distance, budget(Math.max(quote.length, passage.length), known, name));
}

/** `ofn` may be a worn `off` as well as a worn `on`. */
function isNearerHinge(quote: string, passage: string, distance: number): boolean {
  if (quote.length === 1) return false;
  for (const hinge of hinges) if (hinge !== passage && wear(quote, hinge) <= distance) return true;
  return false;
}

/** `s` for `is`, `tw` for `to`: of the shortest words a scan may leave one letter. */
function isWornHinge(quote: string, passage: string): boolean {
  if (passage.length !== 2 || quote.length > 2 || !hinges.has(passage) || isEnglishWord(quote)) return false;
  return quote.length === 1
    ? passage.includes(quote)
    : quote.charAt(0) === passage.charAt(0) || quote.charAt(1) === passage.charAt(1);
}

function wornDistance(quote: string, passage: string, name: boolean): number {
  return Math.min(wear(quote, passage, { name }), wear(shape(quote), shape(passage), { name }));
}

/** What wear is believed in a word of `length` letters: less where no lexicon says that the result is no word. */
function budget(length: number, known: boolean, name: boolean): number {
  // A scan makes Lindgvist of Lindqvist, and so does somebody who means another: of a name every letter counts.
  if (name) return 0;
  if (!known) return length < 8 ? 0.5 : 1;
  return length < 3 ? 0.5 : length < 7 ? 1 : length < 10 ? 1.5 : 2;
}

function within(distance: number, limit: number): number {
  return distance <= limit ? distance : Infinity;
}

/**
 * Two English words are two words. Only where one letter looks alike may they be one: when just one of them is a hinge
 * (`hove` for `have`: nobody means that), or when the one in the quote is the less common (`nuns` for `runs`). What the
 * lexicon does not know is a word too when the passage uses it elsewhere: Marta is not Maria.
 */
function mayBeAnother(quote: string, passage: string, { inPassage, name }: WordContext): boolean {
  const rank = englishRank(quote);
  const other = englishRank(passage);
  const hinge = hinges.has(quote);
  if (hinge && hinges.has(passage)) return !twins.has(`${quote} ${passage}`);
  if (rank === undefined) {
    const used = inPassage(quote) && shape(quote) !== shape(passage);
    return used && (name || other !== undefined || passage.length < 7);
  }
  if (other === undefined) return false;
  if (hinge || hinges.has(passage)) return wear(quote, passage, { swaps: false }) > 0.5;
  if ((rank === 'common' && other === 'common') || inPassage(quote)) return true;
  // Between two words that people use, only what print confuses most counts: prescribed is not proscribed.
  return wear(quote, passage, { swaps: false, name: rank !== 'rare' && other !== 'rare' }) > 0.5;
}

const negating = ['un', 'in', 'im', 'il', 'ir', 'dis', 'non', 'anti', 'de', 'mis'];
const prefix =
  /^(?:un|in|im|il|ir|dis|non|de|an|a|anti|counter|hyper|hypo|pre|post|inter|intra|extra|mono|uni|bi|di|tri|multi|macro|micro|over|under|out|up|down|ex|en|em|sub|super|endo|exo|iso|mis|re|mal|pro|contra|homo|hetero|ante)?$/u;
const ending = /^(?:less|ful|able|proof|free|ite|ate|ide|er|ee|or|ed|ing|s|es|est)?$/u;

/** Whether `longer` is better read as a negating prefix before `shorter`, worn or not, than as `shorter` worn. */
function negates(longer: string, shorter: string): boolean {
  return negating.some((start) => {
    const rest = longer.slice(start.length);
    return (
      longer.length > shorter.length && longer.startsWith(start) && wear(rest, shorter) + 1 <= wear(longer, shorter)
    );
  });
}

/**
 * A negating prefix more; and in words that are not usual, where the lexicon may not know the other one, any prefix or
 * ending for another: hypercapnia/hypocapnia, sulfite/sulfate.
 */
function isOpposition(one: string, other: string): boolean {
  if (negates(one, other) || negates(other, one)) return true;
  const rank = englishRank(other);
  if (rank === 'common' || rank === 'usual') return false;
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
  const made = lost(negations, quote, passage) && [...quote, ...passage].every((word) => isEnglishWord(word));
  const unmade = lost(negations, passage, quote) && quote.every((word) => isEnglishWord(word));
  if (made || unmade) return Infinity;
  if (one === other) return 0.5;
  if (shape(one) === shape(other)) return 1;
  if (quote.length === 1) return fusedDistance(one, passage, (part, word) => wordDistance(part, word, context));
  if (passage.length === 1) return fusedDistance(other, quote, (part, word) => wordDistance(word, part, context));
  return Infinity;
}

/** Several words in one, one of them worn: all others must be there to the letter. */
function fusedDistance(
  fused: string,
  words: readonly string[],
  distance: (part: string, word: string) => number,
): number {
  let best = Infinity;
  for (let worn = 0; worn < words.length; worn += 1) {
    const head = words.slice(0, worn).join('');
    const tail = words.slice(worn + 1).join('');
    if (!fused.startsWith(head) || !fused.endsWith(tail) || fused.length <= head.length + tail.length) continue;
    const part = fused.slice(head.length, fused.length - tail.length);
    best = Math.min(best, distance(part, words[worn] ?? '') + 0.5);
  }
  return best;
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
