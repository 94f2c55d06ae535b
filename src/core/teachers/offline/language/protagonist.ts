import { englishRank } from '../../../documents/grounding/lexicon';
import type { Passage, Sentence } from '../passage';
import type { Token } from './token';

/** Who or what a pronoun stands for, and the sentence that says so, unless the document's title does. */
export interface Referent {
  readonly text: string;
  readonly sentence: Sentence | undefined;
  readonly plural: boolean;
}

/** The one person whom a passage is about, with the pronoun it uses for them. */
export interface Protagonist {
  readonly pronoun: 'he' | 'she';
  readonly surname: string;
  readonly referent: Referent;
}

/** Words of names that are no person's. */
export const placeNames =
  /^(?:university|college|school|society|survey|institute|institution|government|library|theatre|gallery|hospital|bank|club|union|press|court|committee|board|office|company|council|sea|river|lake|mount|mountain|street|road|island|church|museum|association|ltd|inc|party|act|treaty|war|the|hall|house|bridge|station|railway|canal|castle|park|abbey|cathedral|cape|fort|port|new|north|south|east|west|san|santa|los|las)$/iu;

/** Whom the title names, when the passage says "he" or "she"; else the one full name in it that does something. */
export function findProtagonist(passage: Passage): Protagonist | undefined {
  return entitled(passage) ?? named(passage);
}

export function pronounOf(word: string): 'he' | 'she' | undefined {
  if (/^(?:he|him|his|himself)$/u.test(word)) return 'he';
  return /^(?:she|her|hers|herself)$/u.test(word) ? 'she' : undefined;
}

/** "Marguerite Lachapelle, cartographer": a title that is a person's name. */
function entitled(passage: Passage): Protagonist | undefined {
  const title =
    passage.section[0]
      ?.split(/[:,(–—|]/u)[0]
      ?.replace(/^(?:the )?(?:life|story|biography) of /iu, '')
      .trim() ?? '';
  const parts = title.split(/\s+/u);
  const surname = parts.at(-1) ?? '';
  if (parts.length < 2 || parts.length > 4 || parts.some((part) => placeNames.test(part))) return undefined;
  if (
    !parts.every(
      (part) =>
        /^\p{Lu}[\p{L}\p{M}.'’-]*$/u.test(part) || /^(?:de|da|di|van|von|der|den|la|le|du|al|el|bin)$/u.test(part),
    )
  )
    return undefined;
  if (passage.section.slice(1).some((heading) => ofPlaces.test(heading.trim()))) return undefined;
  // "Kettle Ridge" may be a place: a surname that is also a word must stand in the passage as somebody who acts.
  if (
    englishRank(surname.toLowerCase()) !== undefined &&
    !passage.sentences.some(({ tokens }) => acts(tokens, surname))
  )
    return undefined;
  const pronoun = mostly(passage);
  return pronoun && { pronoun, surname, referent: { text: title, sentence: undefined, plural: false } };
}

/** What an article about a place is divided into, and the story of a life is not. */
const ofPlaces =
  /^(?:geography|history|climate|economy|demographics|population|transport|tourism|sights|landmarks|architecture|government|administration|culture|twin towns|flora|fauna)\b/iu;

/** The surname alone before a verb: "Tolliver died", not "the Tolliver died". */
function acts(tokens: readonly Token[], surname: string): boolean {
  return tokens.some(
    (token, i) =>
      token.text === surname && tokens[i - 1]?.pos !== 'DET' && /^(?:VERB|AUX)$/u.test(tokens[i + 1]?.pos ?? ''),
  );
}

/** Whom its sentences call "he" or "she", else whose things and deeds it tells; undefined when two are nearly as frequent. */
function mostly({ sentences }: Passage): 'he' | 'she' | undefined {
  const all = sentences.flatMap(({ tokens }) => tokens.map(({ lower }) => lower));
  const count = (wanted: RegExp) => all.filter((word) => wanted.test(word)).length;
  const [he, she] = [count(/^he$/u), count(/^she$/u)];
  if (he + she > 0) return he > 2 * she ? 'he' : she > 2 * he ? 'she' : undefined;
  const [his, her] = [count(/^(?:his|him)$/u), count(/^hers?$/u)];
  return his > 2 * her ? 'he' : her > 2 * his ? 'she' : undefined;
}

function named(passage: Passage): Protagonist | undefined {
  const pronouns = new Set(
    passage.sentences
      .flatMap(({ tokens }) => tokens.map(({ lower }) => lower))
      .filter((word) => word === 'he' || word === 'she'),
  );
  const [pronoun] = pronouns;
  if (pronouns.size !== 1 || (pronoun !== 'he' && pronoun !== 'she')) return undefined;
  const surnames = new Set<string>();
  let longest: { text: string; sentence: Sentence; acts: boolean } | undefined;
  for (const sentence of passage.sentences) {
    for (const name of namesIn(sentence)) {
      surnames.add(name.text.split(' ').at(-1) ?? '');
      if (!longest || name.text.length > longest.text.length) longest = { ...name, sentence };
    }
  }
  if (surnames.size !== 1 || !longest?.text.includes(' ') || !longest.acts) return undefined;
  const { text, sentence } = longest;
  return { pronoun, surname: text.split(' ').at(-1) ?? '', referent: { text, sentence, plural: false } };
}

/** Names of people: runs of capitalised words that do not follow a preposition or article. */
function namesIn({ tokens }: Sentence): { text: string; acts: boolean }[] {
  const found: { text: string; acts: boolean }[] = [];
  for (let i = 0; i < tokens.length;) {
    let to = i;
    while (tokens[to]?.pos === 'PROPN' && /^\p{Lu}\p{Ll}/u.test(tokens[to]?.text ?? '')) to += 1;
    const run = tokens.slice(i, to);
    const before = tokens[i - 1];
    const person =
      run.length > 0 &&
      run.length < 4 &&
      !run.some((token) => placeNames.test(token.lower)) &&
      before?.pos !== 'DET' &&
      !/^(?:in|at|of|from|to|near|on|for)$/u.test(before?.lower ?? '');
    if (person) {
      const acts = before === undefined && /^(?:VERB|AUX|PUNCT)$/u.test(tokens[to]?.pos ?? '');
      found.push({ text: run.map((token) => token.text).join(' '), acts });
    }
    i = Math.max(to, i + 1);
  }
  return found;
}
