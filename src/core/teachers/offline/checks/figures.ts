import { numbers, type Said } from '../lexical';
import type { Case, Fault } from './case';

export function* numbersAgree({ answer, question, evidence, passage }: Case): Generator<Fault> {
  for (const number of answer.numbers) {
    if (!evidence.numbers.has(number)) {
      yield { criterion: 'no_hallucination', says: `The evidence does not give the number ${number}.`, sure: 0.95 };
      yield { criterion: 'grounded', says: `The answer's ${number} has no support.`, sure: 0.95 };
    }
  }
  for (const number of numbers(lowerNamesDropped(question.text))) {
    if (!passage.numbers.has(number))
      yield {
        criterion: 'grounded',
        says: `The question assumes ${number}, which the passage does not give.`,
        sure: 0.85,
      };
  }
  yield* unitsAgree(answer.text, evidence.text);
  yield* sameClause(answer, question, evidence);
}

/** Numbers inside a product's name ("the alderney 120 watermaker") are part of the name. */
function lowerNamesDropped(question: string): string {
  return question.replace(/\bthe (?:\p{L}+ ){1,3}\d+(?= \p{L})/gu, (name) =>
    /(?:of|at|in|for|by|than|after|every|first|last|least|about) \d+$/u.test(name) ? name : ' ',
  );
}

/** "69 bar" is not "69 litres": a word right after a number must stand after it in the evidence too. */
function* unitsAgree(answer: string, evidence: string): Generator<Fault> {
  for (const match of answer.matchAll(/(\d[\d.,]*)\s?(°?\p{L}+|%)/gu)) {
    const [, number, unit] = match;
    if (number === undefined || unit === undefined || evidence.includes(match[0])) continue;
    const follows = [...evidence.matchAll(/(\d[\d.,]*)\s?(°?\p{L}+|%)/gu)].filter((found) => found[1] === number);
    if (follows.length > 0 && !follows.some((found) => found[2]?.slice(0, 4) === unit.slice(0, 4))) {
      yield {
        criterion: 'no_hallucination',
        says: `The evidence gives ${number} another unit than “${unit}”.`,
        sure: 0.9,
      };
    }
  }
}

/** With two figures in contrast, the answer must come from the half that the question's figure is in. */
function* sameClause(answer: Said, question: Said, evidence: Said): Generator<Fault> {
  const asked = [...question.numbers];
  const given = [...answer.numbers];
  if (asked.length === 0 || given.length === 0) return;
  const halves = evidence.text.split(/[;¶]|,? (?:whereas|while|but|and at|and) /u);
  if (halves.some((half) => [...asked, ...given].every((number) => numbers(half).has(number)))) return;
  const mixed = halves.some(
    (half) =>
      given.some((number) => numbers(half).has(number)) &&
      [...numbers(half)].some((number) => !given.includes(number) && !asked.includes(number)),
  );
  if (mixed && halves.some((half) => asked.some((number) => numbers(half).has(number)))) {
    yield {
      criterion: 'grounded',
      says: 'The figure in the answer belongs to another case than the one asked about.',
      sure: 0.75,
    };
  }
}
