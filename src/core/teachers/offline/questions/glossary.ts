import { asQuestion } from '../language/wording';
import type { Passage, Sentence } from '../passage';
import type { Candidate } from './frame';

/** "Recovery: the share of the feed water that becomes product water." → "What does the term “recovery” mean?" */
export function* glossary(passage: Passage): Generator<Candidate> {
  for (const sentence of passage.sentences) {
    const text = sentence.prose.text.slice(sentence.start, sentence.end);
    if (sentence.start !== 0 || saysSomething(sentence)) continue;
    const match = /^(\p{Lu}[\p{L}-]*(?: [\p{Ll}-]+){0,3}): ((?:the|an?|any|one) .+?)[.]?$/u.exec(text);
    const term = match?.[1];
    const meaning = match?.[2];
    if (term === undefined || meaning === undefined || meaning.length < 15) continue;
    const from = text.indexOf(meaning, term.length);
    const name = /^\p{Lu}\p{Ll}/u.test(term) ? term.charAt(0).toLowerCase() + term.slice(1) : term;
    yield {
      question: asQuestion(`what does the term “${name}” mean`),
      answer: sentence.prose.span(sentence.start + from, sentence.start + from + meaning.length),
      evidence: [sentence.prose.span(sentence.start, sentence.end)],
      reasoning: 'The entry gives the term and, after the colon, what it means.',
      difficulty: 'easy',
      score: 0.95,
      origin: `s${sentence.index}`,
    };
  }
}

/** "Walking was difficult: the surface …" is a statement, not an entry. */
function saysSomething({ tokens }: Sentence): boolean {
  const colon = tokens.findIndex((token) => token.text === ':');
  return tokens
    .slice(0, colon)
    .some((token) => token.pos === 'AUX' || (token.pos === 'VERB' && token.lower === token.lemma));
}
