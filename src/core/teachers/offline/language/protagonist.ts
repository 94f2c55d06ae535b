import type { Passage, Sentence } from '../passage';

/** Who or what a pronoun stands for, and the sentence that says so. */
export interface Referent {
  readonly text: string;
  readonly sentence: Sentence;
  readonly plural: boolean;
}

const places =
  /^(?:university|college|school|society|company|council|sea|river|lake|mount|mountain|street|road|island|church|museum|association|ltd|inc|party|act|treaty|war|the)$/u;

/** The one person whom a passage is about, with the pronoun it uses for them. */
export interface Protagonist {
  readonly pronoun: string;
  readonly referent: Referent;
}

/** When all full names that the passage uses as subjects share a surname, and only "he" or only "she" occurs, that is who is meant. */
export function findProtagonist(passage: Passage): Protagonist | undefined {
  const pronounsSeen = new Set(
    passage.sentences
      .flatMap(({ tokens }) => tokens.map((token) => token.lower))
      .filter((word) => word === 'he' || word === 'she'),
  );
  const [pronoun] = pronounsSeen;
  if (pronounsSeen.size !== 1 || pronoun === undefined) return undefined;
  const surnames = new Set<string>();
  let longest: { text: string; sentence: Sentence } | undefined;
  for (const sentence of passage.sentences) {
    for (const name of namesIn(sentence)) {
      const parts = name.split(' ');
      surnames.add(parts.at(-1) ?? '');
      if (!longest || name.length > longest.text.length) longest = { text: name, sentence };
    }
  }
  return surnames.size === 1 && longest && longest.text.includes(' ')
    ? { pronoun, referent: { ...longest, plural: false } }
    : undefined;
}

/** Names of people: runs of capitalised words that do not follow a preposition or article. */
function namesIn({ tokens }: Sentence): string[] {
  const found: string[] = [];
  for (let i = 0; i < tokens.length;) {
    let to = i;
    while (tokens[to]?.pos === 'PROPN' && /^\p{Lu}\p{Ll}/u.test(tokens[to]?.text ?? '')) to += 1;
    const run = tokens.slice(i, to);
    const before = tokens[i - 1];
    const person =
      run.length > 0 &&
      run.length < 4 &&
      !run.some((token) => places.test(token.lower)) &&
      before?.pos !== 'DET' &&
      !/^(?:in|at|of|from|to|near|on|for)$/u.test(before?.lower ?? '');
    if (person) found.push(run.map((token) => token.text).join(' '));
    i = Math.max(to, i + 1);
  }
  return found;
}
