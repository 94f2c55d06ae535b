import type { Sentence } from '../passage';
import type { Clause } from './clause';
import { isNoun, type Range, type Token } from './token';
import { words } from './wording';

import { type Mentions, replacementsFor } from './mentions';
import { isOwn } from './persons';
import { placeNames, type Referent } from './protagonist';
/** A sentence with its main clause, as far as it could be parsed. */
export interface Statement {
  readonly sentence: Sentence;
  readonly clause: Clause | undefined;
}

const pronouns = new Set('it they he she'.split(' '));
const people =
  /^(?:man|woman|king|queen|emperor|president|minister|engineer|doctor|professor|captain|general|bishop|pope|poet|painter|composer|scientist|physicist|chemist|writer|author|architect|explorer|mother|father|son|daughter|brother|sister|wife|husband|teacher|student|farmer|inventor|merchant|sailor|soldier|judge|lawyer|tenant|landlord|mayor|officer|owner|operator|child|boy|girl|spokeswoman|spokesman|director|chairman|nurse|patient|surgeon|mr|mrs|ms|dr|sir|lord|lady|prince|princess|duke|earl|saint|st|council|committee|government|court|company|board|society|parliament|army|union|team|party|commission|ministry|department|police|crew|staff|agency|assembly|senate|congress|councillor|senator|baron|chief|governor|commander|admiral|general|sergeant|lieutenant|founder|researcher|biologist|geologist|historian|astronomer|mathematician|philosopher|journalist|editor|publisher|manufacturer|supplier|licensor|licensee|buyer|seller|employer|employee|worker|labourer|miner|navvy|volunteer|visitor|guest|customer|resident|citizen|neighbour|friend|baker|cook|chef|driver|pilot|user|reader|member|master|trustee|keeper|contributor)$/u;

export function isPronoun(token: Token | undefined): boolean {
  return token !== undefined && pronouns.has(token.lower);
}

/**
 * What a sentence's subject pronoun stands for: the subject of the sentence just before it in the same paragraph, when number and
 * kind agree. Anything less sure is left alone.
 */
export function resolveSubject(
  statement: Statement,
  before: Statement | undefined,
  resolved: ReadonlyMap<Sentence, Referent>,
  mentions: Mentions,
): Referent | undefined {
  const { sentence, clause } = statement;
  const token = clause && sentence.tokens[clause.head];
  if (!token || !isPronoun(token)) return undefined;
  const main = mentions.protagonist?.pronoun === token.lower ? mentions.protagonist.referent : undefined;
  if (!before || before.sentence.block !== sentence.block) return main;
  const earlier = before.clause;
  const head = earlier && before.sentence.tokens[earlier.head];
  if (!earlier || !head) return undefined;
  const carried = resolved.get(before.sentence);
  if (isPronoun(head)) return head.lower === token.lower ? (carried ?? main) : isThing(head) ? main : undefined;
  if (head.pos === 'PRON') return undefined;
  if (!fits(token.lower, head, before.sentence, earlier, mentions)) return isNoun(head) ? main : undefined;
  if (main && isOwn(before.sentence, earlier, mentions.protagonist)) return main;
  const text = definite(before.sentence, earlier, mentions);
  if (/\b(?:its|their|his|her|my|our|your|this|that|these|those|such|another|other)\b/iu.test(text)) return undefined;
  return { text, sentence: before.sentence, plural: earlier.plural };
}

/** "Laval University" is nobody's "she". */
function isInstitution(sentence: Sentence, range: Range): boolean {
  return sentence.tokens.slice(range.from, range.to).some((token) => placeNames.test(token.lower));
}

function isThing(token: Token): boolean {
  return token.lower === 'it' || token.lower === 'they';
}

function fits(pronoun: string, head: Token, sentence: Sentence, clause: Clause, mentions: Mentions): boolean {
  const person = isPerson(head, sentence, clause.subject);
  switch (pronoun) {
    case 'it':
      return (
        !clause.plural &&
        !person &&
        isNoun(head) &&
        (head.pos === 'NOUN' || !(mentions.hasPersons || looksLikePerson(sentence, clause.subject)))
      );
    case 'they':
      return clause.plural && isNoun(head);
    default:
      return !clause.plural && (person || (head.pos === 'PROPN' && !isInstitution(sentence, clause.subject)));
  }
}

export function isPerson(head: Token, sentence: Sentence, range: Range): boolean {
  return (
    people.test(head.lemma) ||
    (head.pos === 'PROPN' && sentence.tokens.slice(range.from, range.to).some((token) => people.test(token.lower)))
  );
}

function looksLikePerson(sentence: Sentence, range: Range): boolean {
  return (
    range.to - range.from >= 2 && sentence.tokens.slice(range.from, range.to).every((token) => token.pos === 'PROPN')
  );
}

/** "A relief valve" was introduced; afterwards it is "the relief valve". Kinds named without an article stay as they are. */
function definite(sentence: Sentence, clause: Clause, mentions: Mentions): string {
  const text = words(sentence, clause.subject, replacementsFor(sentence, [clause.subject], mentions).list);
  const subjectTokens = sentence.tokens.slice(clause.subject.from, clause.subject.to);
  const generic = sentence.tokens[clause.verb.aux]?.lower === 'is' && clause.verb.main < 0;
  return subjectTokens.length > 0 && !generic ? text.replace(/^an? /u, 'the ') : text;
}
