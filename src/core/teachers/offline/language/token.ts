/** Universal part-of-speech tags, as wink-nlp gives them. */
export type Pos =
  | 'ADJ'
  | 'ADP'
  | 'ADV'
  | 'AUX'
  | 'CCONJ'
  | 'DET'
  | 'INTJ'
  | 'NOUN'
  | 'NUM'
  | 'PART'
  | 'PRON'
  | 'PROPN'
  | 'PUNCT'
  | 'SCONJ'
  | 'SYM'
  | 'VERB'
  | 'X'
  | 'SPACE';

/** A word of a sentence. Offsets are into the readable text of its block (`Prose.text`). */
export interface Token {
  readonly text: string;
  readonly lower: string;
  /** Lower case. American spelling whatever the text's: use `morphology.ts` for forms that are shown. */
  readonly lemma: string;
  readonly pos: Pos;
  readonly start: number;
  readonly end: number;
}

/** A half-open range of token indices in a sentence. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type VerbForm = 'base' | 's' | 'past' | 'ing';

/** Verbs whose past is written like their base form. */
const unchanging = new Set(
  'put set cut let hit shut cost hurt read spread split cast burst quit bet rid shed thrust'.split(' '),
);

export function isUnchanging(token: Token): boolean {
  return unchanging.has(token.lower);
}

/** The form of a verb by its spelling beside its lemma. `past` may be a participle. */
export function verbForm(token: Token): VerbForm {
  const { lower, lemma } = token;
  if (lower === lemma || lower === 'are' || lower === 'am' || lower === 'plough') return 'base';
  if (lower.endsWith('ing') && lower.length > 4) return 'ing';
  if (lower === 'is' || lower === 'has' || lower === 'does') return 's';
  if (lower.endsWith('s') && !lower.endsWith('ss') && lower !== 'was') return 's';
  // British spellings differ from the lemma without being inflected: "organise", "colour".
  if (/[^aeiou](?:ise|our|re|yse)$/u.test(lower) && !/ed$/u.test(lower) && lower.length >= lemma.length) return 'base';
  return 'past';
}

export function isNoun(token: Token | undefined): boolean {
  return token?.pos === 'NOUN' || token?.pos === 'PROPN';
}

const pluralWithoutS = new Set(
  'people men women children cattle police bacteria data media criteria feet teeth mice geese oxen phenomena fish sheep'.split(
    ' ',
  ),
);
const singularWithS = /(?:ss|us|is|ics|news|series|species|gas|lens|bus|osmosis)$/u;

export function isPlural(token: Token): boolean {
  if (token.pos !== 'NOUN' && token.pos !== 'PROPN') return false;
  if (pluralWithoutS.has(token.lower)) return token.lower !== 'fish' && token.lower !== 'sheep';
  if (token.pos === 'PROPN' && token.text !== token.lower) return /[^s]s$/u.test(token.lower) && false;
  return token.lower.endsWith('s') && !singularWithS.test(token.lower) && token.lower !== token.lemma;
}
