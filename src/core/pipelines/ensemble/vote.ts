import { numberOf } from '../answers/numbers';

/** Longer answers than this are not compared word by word. */
const longestWords = 6;
const longestCharacters = 60;

/** The answers that say the same, by their places; the largest group first. */
export interface Ballot {
  readonly groups: readonly (readonly number[])[];
}

/**
 * Counts votes where most of the answers are short: a number, an option, a few words. Undefined where they are not: there
 * is nothing to count. Groups of one size are in the order of their first answer.
 */
export function countVotes(answers: readonly string[]): Ballot | undefined {
  const groups = new Map<string, number[]>();
  let voting = 0;
  for (const [at, answer] of answers.entries()) {
    const key = voteKey(answer);
    if (key === undefined) continue;
    voting++;
    groups.set(key, [...(groups.get(key) ?? []), at]);
  }
  if (voting < 2 || voting * 2 <= answers.length) return undefined;
  return { groups: [...groups.values()].sort((a, b) => b.length - a.length) };
}

/** What a short answer says, however it is written; undefined for a long one. */
export function voteKey(answer: string): string | undefined {
  const text = answer
    .normalize('NFKC')
    .replace(/[*_`]+|\\boxed\{([^{}]*)\}/g, '$1')
    .trim()
    .replace(/^(?:the\s+)?(?:(?:final|correct|right)\s+)?(?:answer|option)\s*(?:is\b|[:=])\s*/i, '')
    .trim();
  const option = /^\(?([A-H])(?:[).:](?:\s|$)|$)/.exec(text)?.[1];
  if (option !== undefined && text.length <= 200) return `option ${option.toLowerCase()}`;
  const bare = text.replace(/[.!。]+$/u, '').trim();
  const number = numberOf(bare);
  if (number !== undefined) return `number ${number}`;
  const words = bare
    .toLowerCase()
    .replace(/^(?:an?|the)\s+/, '')
    .split(/\s+/);
  if (bare === '' || words.length > longestWords || bare.length > longestCharacters || /\n/.test(bare))
    return undefined;
  return `text ${words.join(' ')}`;
}
