import { type Token, verbForm } from './token';

/** The base form of a verb in the text's own spelling: "organises" → "organise", "went" → "go". */
export function baseForm(token: Token): string {
  const { lower, lemma } = token;
  if (verbForm(token) === 'base') return lower === 'are' || lower === 'am' ? 'be' : lower;
  if (lower.startsWith('plough')) return 'plough';
  const stems = possibleStems(lower);
  if (stems.includes(lemma)) return lemma;
  return stems.find((stem) => american(stem) === american(lemma)) ?? lemma;
}

function possibleStems(word: string): string[] {
  const stems: string[] = [];
  const strip = (ending: string, ...add: string[]) => {
    if (word.endsWith(ending)) for (const letters of add) stems.push(word.slice(0, -ending.length) + letters);
  };
  strip('ies', 'y');
  strip('es', 'e', '');
  strip('s', '');
  strip('ied', 'y');
  strip('ed', 'e', '');
  strip('ing', 'e', '');
  for (const stem of [...stems]) if (/([b-df-hj-np-tv-z])\1$/u.test(stem)) stems.push(stem.slice(0, -1));
  return stems;
}

function american(word: string): string {
  return word
    .replace(/our(?=$|[a-z])/u, 'or')
    .replace(/is(?=e$|ing$)/u, 'iz')
    .replace(/yse$/u, 'yze')
    .replace(/([^aeiou])re$/u, '$1er')
    .replace(/ll/gu, 'l')
    .replace(/ae|oe/gu, 'e');
}

/** Third person singular of a base form. */
export function thirdPerson(base: string): string {
  if (base === 'be') return 'is';
  if (base === 'have') return 'has';
  if (/(?:s|sh|ch|x|z|o)$/u.test(base)) return `${base}es`;
  if (/[^aeiou]y$/u.test(base)) return `${base.slice(0, -1)}ies`;
  return `${base}s`;
}

/** "-ing" form of a base form. */
export function gerund(base: string): string {
  if (base === 'be') return 'being';
  if (/ie$/u.test(base)) return `${base.slice(0, -2)}ying`;
  if (/[^eoy]e$/u.test(base)) return `${base.slice(0, -1)}ing`;
  if (/^[^aeiou]*[aeiou][bdgklmnprt]$/u.test(base)) return `${base}${base.slice(-1)}ing`;
  return `${base}ing`;
}
