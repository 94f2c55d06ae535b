import type { Sentence } from '../passage';
import type { Clause } from './clause';
import { baseForm, thirdPerson } from './morphology';
import { isBe, isModal } from './phrases';
import { type Range, type Token, verbForm } from './token';

/** Another way to name what some words of a sentence stand for, so that a question is clear alone. */
export interface Replacement extends Range {
  readonly text: string;
}

/** Words of a sentence as they read in a question. */
export function words(sentence: Sentence, range: Range, replacements: readonly Replacement[] = []): string {
  const parts: string[] = [];
  for (let i = range.from; i < range.to; i += 1) {
    const replaced = replacements.find((replacement) => replacement.from === i && replacement.to <= range.to);
    const token = sentence.tokens[i];
    if (!token) break;
    const gap = parts.length > 0 && (sentence.tokens[i - 1]?.end ?? 0) < token.start;
    parts.push((gap ? ' ' : '') + (replaced ? replaced.text : token.text));
    if (replaced) i = replaced.to - 1;
  }
  return parts.join('').trim();
}

/** Link words that lean on another sentence. */
const leaning = new Set(
  'also therefore thus however then still too even otherwise hence moreover instead consequently again finally later eventually subsequently already afterwards'.split(
    ' ',
  ),
);

const expanded: Readonly<Record<string, string>> = { ca: 'can', wo: 'will', "n't": 'not', cannot: 'can' };

/**
 * A clause as a question after its question word: "does the strainer catch weed", "must the valve not be adjusted".
 * `tail` is the part of the complement that the question keeps.
 */
export function inverted(
  sentence: Sentence,
  clause: Clause,
  tail: Range,
  replacements: readonly Replacement[],
): string {
  const { tokens } = sentence;
  const subject = words(sentence, clause.subject, replacements);
  const verbs: string[] = [];
  const finite = clause.verb.aux >= 0 ? clause.verb.aux : clause.verb.main;
  for (let i = clause.verb.from; i < clause.verb.to; i += 1) {
    const token = tokens[i];
    if (!token || i === finite || leaning.has(token.lower)) continue;
    verbs.push(expanded[token.lower] ?? token.text);
  }
  const token = tokens[finite];
  if (!token) return '';
  if (token.lower === 'cannot') verbs.unshift('not');
  const rest = words(sentence, tail, replacements);
  if (clause.verb.aux >= 0) return join(expanded[token.lower] ?? token.lower, subject, ...verbs, rest);
  return join(doFor(token, clause), subject, ...verbs, baseForm(token), rest);
}

function doFor(token: Token, clause: Clause): string {
  if (token.lower === 'had') return 'did';
  switch (verbForm(token)) {
    case 's':
      return 'does';
    case 'base':
      return clause.plural ? 'do' : 'did';
    default:
      return 'did';
  }
}

/** The predicate with "what" or "who" as its subject: "protects the pressure vessel", always singular. */
export function predicate(
  sentence: Sentence,
  clause: Clause,
  tail: Range,
  replacements: readonly Replacement[],
): string {
  const { tokens } = sentence;
  const finite = clause.verb.aux >= 0 ? clause.verb.aux : clause.verb.main;
  const verbs: string[] = [];
  for (let i = clause.verb.from; i < clause.verb.to; i += 1) {
    const token = tokens[i];
    if (!token || leaning.has(token.lower)) continue;
    verbs.push(i === finite ? singular(token, clause) : (expanded[token.lower] ?? token.text));
  }
  return join(...verbs, words(sentence, tail, replacements));
}

function singular(token: Token, clause: Clause): string {
  if (!clause.plural || isModal(token))
    return token.lower === 'cannot' ? 'cannot' : (expanded[token.lower] ?? token.text);
  if (isBe(token)) return token.lower === 'were' ? 'was' : token.lower === 'are' ? 'is' : token.text;
  return verbForm(token) === 'base' ? thirdPerson(baseForm(token)) : token.text;
}

export function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** A finished question: one capital, single spaces, one question mark. */
export function asQuestion(...parts: readonly string[]): string {
  const line = join(...parts)
    .replace(/\s+/gu, ' ')
    .replace(/\s+([,.;:?!)])/gu, '$1')
    .replace(/[\s,;:]+$/u, '');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}?`;
}
