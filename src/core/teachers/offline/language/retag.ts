import { englishRank } from '../../../documents/grounding/lexicon';
import { commandFirst } from './commands';
import { supplyVerb } from './missingVerb';
import { isBe } from './phrases';
import { isNoun, isPlural, isUnchanging, type Pos, type Token, verbForm } from './token';

/**
 * Mends the tagger's commonest slips with what agreement says: a singular noun phrase cannot be followed by a base-form verb
 * ("the feed pump/VERB draws"), and a clause without a verb has one among its nouns ("the probe measures/NOUN the …").
 */
export function retag(tokens: readonly Token[]): readonly Token[] {
  const mended = tokens.map((token) => closedClass(token));
  commandFirst(mended);
  for (let i = 0; i < mended.length; i += 1) {
    const token = mended[i];
    if (token && readsAsNoun(mended, i)) mended[i] = { ...token, pos: 'NOUN' };
    if (token?.pos === 'ADV' && mended[i - 1]?.pos === 'DET' && isNoun(mended[i + 1]))
      mended[i] = { ...token, pos: 'ADJ' };
    if (token?.lower === 'that' && token.pos === 'DET' && opensRelative(mended, i)) {
      mended[i] = { ...token, pos: 'PRON' };
      const verb = mended[i + 1];
      if (verb) mended[i + 1] = { ...verb, pos: 'VERB' };
    }
    if (token?.pos === 'VERB' && isNounInDisguise(mended, i)) mended[i] = { ...token, pos: 'NOUN' };
    if (token?.pos === 'ADJ' && isHeadlessHead(mended, i)) mended[i] = { ...token, pos: 'NOUN' };
    if (token?.pos === 'ADJ' && isNounBeforeVerb(mended, i)) mended[i] = { ...token, pos: 'NOUN' };
    if (token?.pos === 'VERB' && isOwnedNoun(mended, i)) mended[i] = { ...token, pos: 'NOUN' };
    if ((token?.pos === 'NOUN' || token?.pos === 'ADJ') && isPluralsVerb(mended, i))
      mended[i] = { ...token, pos: 'VERB' };
    if (token?.pos === 'VERB' && isBe(mended[i - 1]) && isNounAfterBe(token)) mended[i] = { ...token, pos: 'NOUN' };
    if (
      token?.pos === 'NOUN' &&
      token.lower === 'cost' &&
      isNoun(mended[i - 1]) &&
      /^(?:NUM|ADV)$/u.test(mended[i + 1]?.pos ?? '')
    )
      mended[i] = { ...token, pos: 'VERB' };
    if (token?.pos === 'ADJ' && isNamesDeed(mended, i))
      mended[i] = { ...token, pos: 'VERB', lemma: stemOf(token.lower) };
    if (token?.pos === 'NOUN' && isSecondVerb(mended, i)) mended[i] = { ...token, pos: 'VERB' };
  }
  return supplyVerb(mended);
}

/** "white light/ADJ scatters", "the subject/ADJ appeared": an adjective does not stand right before a finite verb. */
function isNounBeforeVerb(tokens: readonly Token[], i: number): boolean {
  const next = tokens[i + 1];
  if (next?.pos !== 'VERB' || isBe(tokens[i - 1])) return false;
  const form = verbForm(next);
  if (form === 's') return true;
  return form === 'past' && tokens[i - 1]?.pos === 'DET' && !isNoun(tokens[i + 2]) && tokens[i + 2]?.pos !== 'ADJ';
}

const commonVerbs = new Set(
  'give travel run feel hold use show need help cause favour favor cost live work cover contain form keep make take play eat drink sleep move lead'.split(
    ' ',
  ),
);

/** "the lamps use/NOUN 62 percent", "the data show/NOUN that": after a plural, before an object, where no verb stands yet. */
function isPluralsVerb(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  const before = tokens[i - 1];
  const next = tokens[i + 1];
  if (
    !token ||
    !before ||
    !isPlural(before) ||
    isPlural(token) ||
    token.text !== token.lower ||
    token.lemma !== token.lower
  )
    return false;
  if (token.pos === 'ADJ' && !/^(?:the|an?|its|their)$/u.test(next?.lower ?? '')) return false;
  const common = commonVerbs.has(token.lower) && next !== undefined && !/^(?:VERB|AUX|PUNCT)$/u.test(next.pos);
  if (
    !common &&
    next?.pos !== 'DET' &&
    next?.pos !== 'NUM' &&
    !/^(?:its|their|that|it|them|how|what|whether)$/u.test(next?.lower ?? '')
  )
    return false;
  let k = i - 1;
  while (k >= 0 && tokens[k]?.pos !== 'SCONJ' && tokens[k]?.pos !== 'PUNCT' && tokens[k]?.pos !== 'PRON') {
    if (tokens[k]?.pos === 'AUX' || tokens[k]?.pos === 'VERB') return false;
    k -= 1;
  }
  return true;
}

/** "their flight muscles/VERB": after a possessive and a noun, in a clause that has its verb. */
function isOwnedNoun(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  if (
    !token ||
    verbForm(token) !== 's' ||
    !isNoun(tokens[i - 1]) ||
    !/^(?:its|their|his|her|our|my|your)$/u.test(tokens[i - 2]?.lower ?? '')
  )
    return false;
  for (let k = i - 3; k >= 0; k -= 1) {
    const earlier = tokens[k];
    if (!earlier || /^(?:PUNCT|CCONJ|SCONJ)$/u.test(earlier.pos) || /^(?:that|which|who)$/u.test(earlier.lower))
      return false;
    if (earlier.pos === 'VERB' || earlier.pos === 'AUX') return true;
  }
  return false;
}

/** "is salt/VERB water": after "be" stands a participle or no verb at all. */
function isNounAfterBe(token: Token): boolean {
  return (
    verbForm(token) === 'base' && !isUnchanging(token) && !/^(?:become|come|run|overcome|overrun)$/u.test(token.lower)
  );
}

/** "Solvang married/ADJ Karen Moe": a past form right after the name that opens the sentence. */
function isNamesDeed(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  if (!token || !/[^e]ed$/u.test(token.lower) || tokens[i - 1]?.pos !== 'PROPN' || stemOf(token.lower) === token.lower)
    return false;
  return (
    tokens.slice(0, i).every((before) => before.pos === 'PROPN') &&
    /^(?:PROPN|ADP|DET)$/u.test(tokens[i + 1]?.pos ?? '')
  );
}

/** "married" → "marry", "drowned" → "drown"; the word itself where no common verb is in it. */
function stemOf(past: string): string {
  const stems = [
    past.replace(/ied$/u, 'y'),
    past.replace(/d$/u, ''),
    past.replace(/ed$/u, ''),
    past.replace(/(.)\1ed$/u, '$1'),
  ];
  const found = stems.find((stem) => stem !== past && /^(?:common|usual)$/u.test(englishRank(stem) ?? ''));
  return found ?? past;
}

/** "splits the tube and tears/NOUN the membrane". */
function isSecondVerb(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (!token || tokens[i - 1]?.pos !== 'CCONJ' || !isPlural(token)) return false;
  const object = next?.pos === 'DET' || /^(?:its|their|it|them)$/u.test(next?.lower ?? '');
  return object && tokens.slice(0, i).some((earlier) => earlier.pos === 'VERB' && verbForm(earlier) === 's');
}

const fixed: Readonly<Record<string, Pos>> = {
  if: 'SCONJ',
  because: 'SCONJ',
  whereas: 'SCONJ',
  although: 'SCONJ',
  though: 'SCONJ',
  unless: 'SCONJ',
  whether: 'SCONJ',
  when: 'SCONJ',
  whenever: 'SCONJ',
  while: 'SCONJ',
  which: 'PRON',
  who: 'PRON',
  whom: 'PRON',
  whose: 'PRON',
  each: 'DET',
  every: 'DET',
  another: 'DET',
  and: 'CCONJ',
  or: 'CCONJ',
  but: 'CCONJ',
  nor: 'CCONJ',
  must: 'AUX',
  should: 'AUX',
  could: 'AUX',
  would: 'AUX',
  shall: 'AUX',
  cannot: 'AUX',
  is: 'AUX',
  are: 'AUX',
  was: 'AUX',
  were: 'AUX',
  percent: 'NOUN',
  according: 'ADP',
  today: 'ADV',
  tonight: 'ADV',
  yesterday: 'ADV',
  tomorrow: 'ADV',
  now: 'ADV',
};

function closedClass(token: Token): Token {
  const pos = Object.hasOwn(fixed, token.lower) ? fixed[token.lower] : undefined;
  return pos === undefined || pos === token.pos ? token : { ...token, pos };
}

const nounish = new Set('light current top motor subject second metal liquid'.split(' '));

/** "blue light/ADJ and": words that are nouns unless a noun follows. */
function readsAsNoun(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (token?.pos !== 'ADJ' || !nounish.has(token.lower) || isNoun(next) || next?.pos === 'ADJ') return false;
  return !isBe(tokens[i - 1]) && !/^(?:very|too|so|more|quite)$/u.test(tokens[i - 1]?.lower ?? '');
}

/** "pigments that/DET form/NOUN when": after a plural noun, before a word that is no plural. */
function opensRelative(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  const next = tokens[i + 1];
  if (!before || !next || !isNoun(before) || next.pos !== 'NOUN') return false;
  const follows = tokens[i + 2]?.pos;
  return (
    isPlural(before) !== isPlural(next) &&
    (follows === undefined || /^(?:SCONJ|ADP|DET|PRON|NUM|ADJ|ADV|PUNCT)$/u.test(follows))
  );
}

/** Where the noun phrase that ends before `i` begins, or -1. */
function phraseStart(tokens: readonly Token[], i: number): number {
  let at = i;
  for (let j = i - 1; j >= 0; j -= 1) {
    const pos = tokens[j]?.pos;
    if (pos === 'DET' || (pos === 'PRON' && /^(?:its|their|his|her|my|our|your)$/u.test(tokens[j]?.lower ?? '')))
      return j;
    if (pos !== 'NOUN' && pos !== 'ADJ' && pos !== 'PROPN' && pos !== 'NUM') return at === i ? -1 : at;
    at = j;
  }
  return at === i ? -1 : at;
}

function isNounInDisguise(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  const before = tokens[i - 1];
  const next = tokens[i + 1];
  if (!token || !before) return false;
  if (before.pos === 'DET' && !/^(?:that|this|all|both)$/u.test(before.lower)) {
    return (
      (next === undefined ||
        next.pos === 'PUNCT' ||
        next.pos === 'ADP' ||
        next.pos === 'AUX' ||
        next.pos === 'VERB' ||
        next.pos === 'CCONJ') &&
      !(verbForm(token) === 'past')
    );
  }
  if (isUnchanging(token)) return false;
  const form = verbForm(token);
  if (form !== 'base' && form !== 'ing') return false;
  const start = phraseStart(tokens, i);
  if (start < 0 || (form === 'ing' && next?.pos !== 'AUX' && !(next?.pos === 'VERB' && verbForm(next) === 's')))
    return false;
  if (
    start > 0 &&
    /^(?:to|not|n't|do|does|did|can|could|will|would|may|might|must|should|shall|let|lets|help|helps|make|makes|made|and|or)$/u.test(
      tokens[start - 1]?.lower ?? '',
    )
  ) {
    if (tokens[start]?.pos !== 'DET') return false;
  }
  if (before.pos === 'NOUN' || before.pos === 'PROPN') return !isPlural(before) && !isSubjectless(tokens, start);
  return before.pos === 'ADJ' && tokens[start]?.pos === 'DET';
}

/** Whether words before the phrase leave no room for a singular subject: a list or a coordination. */
function isSubjectless(tokens: readonly Token[], start: number): boolean {
  const before = tokens[start - 1];
  return before !== undefined && (before.pos === 'CCONJ' || before.text === ',');
}

/** "the open fitting/ADJ while …": a determiner wants a noun. */
function isHeadlessHead(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (!token || token.lemma !== token.lower) return false;
  const ends =
    next === undefined || next.pos === 'PUNCT' || next.pos === 'ADP' || next.pos === 'AUX' || next.pos === 'SCONJ';
  if (tokens[i - 1]?.pos === 'DET' && (next?.pos === 'AUX' || next?.lower === 'of'))
    return !/(?:est|er|ful|able|ible|ous)$/u.test(token.lower);
  if (!ends || /(?:able|ible|ful|ous|ive|al|ic|ed|less|er|est)$/u.test(token.lower)) return false;
  const opening = tokens[phraseStart(tokens, i)];
  return opening?.pos === 'DET' && !/^(?:that|this|all)$/u.test(opening.lower) && /(?:ing|ent|ant)$/u.test(token.lower);
}
