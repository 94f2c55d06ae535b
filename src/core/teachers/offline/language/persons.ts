import type { Sentence } from '../passage';
import type { Clause } from './clause';
import type { Mentions } from './mentions';
import { type Protagonist, pronounOf } from './protagonist';
import { isNoun, type Range } from './token';
import type { Replacement } from './wording';

/** Full names for the surname alone and for "her" and "his", wherever the passage's one person is meant. */
export function personsIn(
  sentence: Sentence,
  clause: Clause | undefined,
  ranges: readonly Range[],
  { protagonist }: Mentions,
): readonly Replacement[] {
  if (!protagonist) return [];
  const { tokens } = sentence;
  const { surname, pronoun, referent } = protagonist;
  const found: Replacement[] = [];
  let said = false;
  for (const { from, to } of ranges) {
    for (let i = from; i < to; i += 1) {
      const token = tokens[i];
      if (!token) break;
      if (
        token.text === surname &&
        tokens[i - 1]?.pos !== 'PROPN' &&
        tokens[i + 1]?.pos !== 'PROPN' &&
        tokens[i - 1]?.pos !== 'DET'
      ) {
        if (!said) found.push({ from: i, to: i + 1, text: referent.text });
        said = true;
      } else if (pronounOf(token.lower) === pronoun && i !== clause?.head && !isOwn(sentence, clause, protagonist)) {
        const own = isPossessive(tokens, i);
        if (!said) found.push({ from: i, to: i + 1, text: own ? `${referent.text}'s` : referent.text });
        said = true;
      }
    }
  }
  return found;
}

/** Whether the clause's subject is the protagonist, so that its "her" needs no name. */
export function isOwn({ tokens }: Sentence, clause: Clause | undefined, protagonist: Protagonist | undefined): boolean {
  if (!clause || !protagonist) return false;
  const head = tokens[clause.head];
  return head?.text === protagonist.surname || head?.lower === protagonist.pronoun;
}

/** "her book", "her best known book", not "gave her a book". */
function isPossessive(tokens: Sentence['tokens'], i: number): boolean {
  const word = tokens[i]?.lower;
  if (word === 'his') return true;
  if (word !== 'her') return false;
  const next = tokens.slice(i + 1, i + 5);
  const noun = next.findIndex((token) => isNoun(token));
  return noun >= 0 && next.slice(0, noun).every((token) => /^(?:ADJ|ADV|NUM|VERB)$/u.test(token.pos));
}
