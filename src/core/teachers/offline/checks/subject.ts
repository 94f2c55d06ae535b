import { contentStems, overlap } from '../lexical';
import type { Case, Fault } from './case';

export function* questionIsMeant({ task, question, evidence, passage }: Case): Generator<Fault> {
  const asked = question.stems;
  const known = new Set([...passage.stems, ...contentStems((task.section ?? []).join(' ')), ...askingWords]);
  for (const name of names(task.question)) known.add(name);
  const strange = [...asked].filter((word) => !known.has(word));
  if (strange.length / Math.max(1, asked.size) > 0.34) {
    yield {
      criterion: 'grounded',
      says: `The passage does not speak of “${strange.slice(0, 3).join('”, “')}”, which the question asks about.`,
      sure: 0.8,
    };
  }
  const topical = [...asked].filter((word) => !askingWords.has(word));
  if (topical.length > 0 && overlap(new Set(topical), evidence.stems) < 0.3 && !isList(question.text)) {
    yield { criterion: 'grounded', says: 'The evidence is about something else than the question.', sure: 0.75 };
  }
}

/** Words that questions bring along without being about them. */
const askingWords = contentStems(
  'kind happen happened steps step term mean pressure temperature voltage speed frequency condition interval amount way reason name place year date person people thing come',
);

function isList(question: string): boolean {
  return /^what (?:are the steps|is the \p{L}+ for|does the \p{L}+ \S+ mean)|what do you do after/u.test(question);
}

/** Stems of the words of capitalised names with a number in them, after the first word. */
function names(question: string): Set<string> {
  const found = [...question.matchAll(/(?<=\s)(?:\p{Lu}[\p{L}\p{N}-]*|\d+)(?:\s(?:\p{Lu}[\p{L}\p{N}-]*|\d+))+/gu)].map(
    (match) => match[0],
  );
  return contentStems(found.filter((name) => /\d/u.test(name) && /\p{L}/u.test(name)).join(' '));
}
