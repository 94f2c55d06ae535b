import { contentStems } from '../lexical';
import type { Passage, Sentence } from '../passage';
import { nounCore } from './phrases';
import { isNoun, isPlural, type Range, type Token } from './token';
import { type Replacement, words } from './wording';

import { findProtagonist, type Protagonist } from './protagonist';
/** Nouns that mean the product or place that the whole document is about. */
const selfNames = new Set(
  'machine device unit appliance system product instrument tool apparatus equipment software program application app service'.split(
    ' ',
  ),
);

/** Nouns of which there is one, or which are clear without saying which. */
const unique = new Set(
  'sun moon earth sea sky world world war weather king queen government church state country city air ground past future public law north south east west river ocean user reader internet body brain heart blood skin liver stomach lung eye equator horizon atmosphere climate economy environment'.split(
    ' ',
  ),
);

/** "Why are leaves green?" needs no "In “Why Leaves Change Colour”". */
function sharesTopic(question: string, title: string): boolean {
  const wanted = [...contentStems(title)].filter((stem) => stem.length > 3);
  const said = contentStems(question);
  return wanted.some((stem) => said.has(stem));
}

/** Titles that do not say what a document is about. */
const general =
  /^(?:introduction|overview|readme|contents|table of contents|notes?|chapter .*|part .*|preface|foreword|summary|abstract|about|welcome|home|index|appendix.*|untitled|document|report|article|news)$/iu;

export function isUnique(noun: Token): boolean {
  return unique.has(noun.lemma);
}

/** Whether the question has the name in it, or the model number alone. */
function namesPart(question: string, subject: string): boolean {
  return (
    question.includes(subject) || subject.split(' ').some((word) => /\p{Lu}.*\d/u.test(word) && question.includes(word))
  );
}

/** `Chapter 4: Operating the saw`, `4. Operating the saw` → `Operating the saw`. */
function unnumbered(heading: string): string {
  return heading
    .replace(
      /^(?:(?:chapter|part|section|appendix|unit|lesson|module) (?:\d+|[ivxlc]+|[a-z])\s*[:.–—-]\s*)(?=\S)/iu,
      '',
    )
    .replace(/^\d+(?:\.\d+)*[.)]?\s+(?=\p{Lu})/u, '')
    .trim();
}

/** Longer names for things that a sentence mentions as "the valve": "the pressure valve" when only one was introduced. */
export class Mentions {
  /** Head noun → the distinct longer names seen, in the order of the passage, with the sentence that has each. */
  private readonly named = new Map<string, { text: string; index: number }[]>();
  /** Paragraph and head noun → descriptions that introduced it: "first modern canal in England". */
  private readonly described = new Map<string, { text: string; index: number }[]>();
  /** Nouns seen without any article: water, oil. "The water" is then any of it. */
  private readonly mass = new Set<string>();
  /** The one person whom the passage is about, with the pronoun it uses for them. */
  readonly protagonist: Protagonist | undefined;
  /** Somebody is "he" or "she" in the passage, so that a name alone may be a person's. */
  readonly hasPersons: boolean;
  private readonly title: string | undefined;
  /** The product that the document is about. */
  readonly subject: string | undefined;
  private readonly headings: readonly string[];

  constructor(passage: Passage) {
    for (const sentence of passage.sentences) this.collect(sentence);
    this.protagonist = findProtagonist(passage);
    this.hasPersons = passage.sentences.some(({ tokens }) =>
      tokens.some((token) => /^(?:he|she|his|her|him)$/u.test(token.lower)),
    );
    this.headings = passage.section.map((heading) => unnumbered(heading).toLowerCase());
    this.title = passage.section[0] === undefined ? undefined : unnumbered(passage.section[0]);
    // "Care of the Lindner 40 sewing machine" is about the machine, not about a "Care".
    const title = this.title
      ?.split(/[:–—|]/u)[0]
      ?.replace(/^.*?\b(?:the|your|an?) (?=\p{Lu})/iu, '')
      .trim();
    this.subject = title && /\d/u.test(title) && /^\p{Lu}\S*(?: (?:\p{Lu}|\d)\S*)+$/u.test(title) ? title : undefined;
  }

  /** How to write a bare "the noun" so that it is clear, or why not. */
  expand(sentence: Sentence, at: number, noun: Token): { text: string } | 'clear' | 'vague' {
    if (unique.has(noun.lemma)) return 'clear';
    if (this.subject && (selfNames.has(noun.lower) || this.subject.toLowerCase().endsWith(` ${noun.lower}`)))
      return { text: `the ${this.subject}` };
    if (this.mass.has(noun.lower)) return 'vague';
    const names = (this.named.get(noun.lower) ?? []).filter(
      (name) => name.index < sentence.index || (name.index === sentence.index && at > 0),
    );
    const distinct = new Set(names.map((name) => name.text));
    const only = [...distinct][0];
    if (distinct.size === 1 && only !== undefined) return { text: `the ${only}` };
    if (distinct.size > 1) return 'vague';
    const described = new Set(
      (this.described.get(`${sentence.block} ${noun.lower}`) ?? [])
        .filter((name) => name.index < sentence.index)
        .map((name) => name.text),
    );
    const description = [...described][0];
    if (described.size === 1 && description !== undefined) return { text: `the ${description}` };
    const heading = this.headings
      .map((line) => new RegExp(`^(?:the |an? )?((?:[a-z-]+ )[a-z-]* ?${noun.lower})$`, 'u').exec(line)?.[1])
      .find((name) => name !== undefined);
    return heading ? { text: `the ${heading.trim()}` } : 'vague';
  }

  /** Whether a question speaks of what the title speaks of, so that it needs no "in “…”" for what is so everywhere. */
  isOnTopic(question: string): boolean {
    // "Bike Share: Terms of Use" shares its words with every question about bicycles; "Letterpress Printing" says what is meant.
    return (this.title ?? '').split(/\s+/u).length <= 3 && sharesTopic(question, this.title ?? '');
  }

  /** What a question that names a part without saying of what is about: "on the Alderney 120 Watermaker". Empty when unknown. */
  setting(question: string): string {
    // "On the Halvorsen BK-220 Band Sawmill, what is the BK-220?"
    if (this.subject) return namesPart(question, this.subject) ? '' : `on the ${this.subject}`;
    const title = this.title ?? '';
    // Of a person's life only what names the person is told; "in “Ann Fraser”" would not.
    if (this.protagonist?.referent.sentence === undefined && this.protagonist) return '';
    return /^\p{Lu}[^“”"?!]{5,70}$/u.test(title) && !/[.:;,]$/u.test(title) && !general.test(title)
      ? `in “${title}”`
      : '';
  }

  private describe(sentence: Sentence, head: number): void {
    const { tokens } = sentence;
    let from = head;
    while (from > 0 && /^(?:NOUN|ADJ|PROPN|NUM)$/u.test(tokens[from - 1]?.pos ?? '')) from -= 1;
    if (!/^(?:an?|the)$/u.test(tokens[from - 1]?.lower ?? '')) return;
    let to = head + 1;
    if (
      tokens[to]?.lower === 'of' ||
      (/^(?:in|from)$/u.test(tokens[to]?.lower ?? '') && tokens[to + 1]?.pos === 'PROPN')
    )
      to = Math.max(to, nounCore(tokens, to + 1));
    const range = { from, to };
    const told = to > head + 1 || tokens.slice(from, head).some((token) => isNoun(token));
    if (
      !told ||
      to - from < 2 ||
      to - from > 6 ||
      tokens.slice(from, to).some((token) => token.pos === 'PRON' || (selecting.test(token.lower) && to - from < 3))
    )
      return;
    const key = `${sentence.block} ${tokens[head]?.lower ?? ''}`;
    const list = this.described.get(key) ?? [];
    list.push({ text: words(sentence, range), index: sentence.index });
    this.described.set(key, list);
  }

  private collect(sentence: Sentence): void {
    const { tokens } = sentence;
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      if (!isNoun(token) || !token || isNoun(tokens[i + 1])) continue;
      let from = i;
      if (isBareMass(tokens, i)) this.mass.add(token.lower);
      while (from > 0 && isNamePart(tokens[from - 1])) from -= 1;
      this.describe(sentence, i);
      if (from === i) continue;
      const text = tokens
        .slice(from, i + 1)
        .map((part) => part.text)
        .join(' ');
      const list = this.named.get(token.lower) ?? [];
      list.push({ text, index: sentence.index });
      this.named.set(token.lower, list);
    }
  }
}

/** Adjectives that say which of several, not what kind: useless to whoever does not know the others. */
export const selecting =
  /^(?:upper|lower|new|old|first|second|third|last|next|main|whole|right|left|same|other|larger|smaller|former|latter|present|current|final|entire|original|remaining|full|half)$/u;

function isBareMass(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  const noun = tokens[i];
  return (
    noun?.pos === 'NOUN' &&
    !isPlural(noun) &&
    (before === undefined ||
      /^(?:ADP|VERB|CCONJ|PUNCT|SCONJ)$/u.test(before.pos) ||
      /^(?:much|some|more|less|enough|no)$/u.test(before.lower))
  );
}

function isNamePart(token: Token | undefined): boolean {
  if (!token) return false;
  return token.pos === 'NOUN' || token.pos === 'PROPN'
    ? !isPlural(token)
    : token.pos === 'ADJ' && token.text.includes('-');
}

/** "the valve" with nothing before or after to say which. */
export function bareDefinites(sentence: Sentence, range: Range): readonly Range[] {
  const found: Range[] = [];
  const { tokens } = sentence;
  for (let i = range.from; i < range.to; i += 1) {
    if (tokens[i]?.lower !== 'the') continue;
    const selected =
      selecting.test(tokens[i + 1]?.lower ?? '') ||
      (tokens[i + 1]?.pos === 'ADJ' && /.est$/u.test(tokens[i + 1]?.lower ?? '')) ||
      tokens[i + 1]?.pos === 'NUM'
        ? 1
        : 0;
    if (nounCore(tokens, i) !== i + 2 + selected) continue;
    const next = tokens[i + 2 + selected];
    const narrowed =
      i + 2 + selected < range.to &&
      (next?.lower === 'of' ||
        next?.lower === "'s" ||
        /^(?:that|which|who|between|in|for|at|with)$/u.test(next?.lower ?? ''));
    if (tokens[i + 1 + selected]?.pos === 'NOUN' && !narrowed) found.push({ from: i, to: i + 2 + selected });
  }
  return found;
}

export function replacementsFor(
  sentence: Sentence,
  ranges: readonly Range[],
  mentions: Mentions,
): { list: Replacement[]; vague: number } {
  const list: Replacement[] = [];
  let vague = 0;
  for (const range of ranges) {
    for (const bare of bareDefinites(sentence, range)) {
      const noun = bare.to - bare.from === 2 ? sentence.tokens[bare.from + 1] : undefined;
      const how = noun ? mentions.expand(sentence, bare.from, noun) : 'vague';
      if (how === 'vague') vague += 1;
      else if (how !== 'clear') list.push({ ...bare, text: how.text });
    }
  }
  return { list, vague };
}
