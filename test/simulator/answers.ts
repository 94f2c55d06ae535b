import { isObject, jsonAt, outsideDocument, type Asked } from './asked';
import { chance } from './chance';
import { answerSchema, type Habits } from './generic';
import { fabricated, sentencesOf, support } from './passage';
import { prose } from './prose';

export interface Character extends Habits {
  readonly seed: number;
  readonly fabrication: number;
}

export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  /** How many of its pairs are not in the document. */
  readonly fabricated: number;
}

/** What a teacher would say: a function of the request alone, so that asking again gives the same. */
export function answerTo(asked: Asked, character: Character): Answer {
  const key = `${character.seed}/${asked.hash}`;
  const reasoning = prose(key, asked.user.slice(0, 2000), 2 + Math.floor(chance(key, 'trace') * 4));
  const properties = asked.schema && isObject(asked.schema.properties) ? asked.schema.properties : undefined;
  if (!asked.schema || !properties) {
    return { text: prose(key, asked.user, 4 + Math.floor(chance(key, 'length') * 6)), reasoning, fabricated: 0 };
  }
  if ('pairs' in properties && asked.document !== undefined) {
    const pairs = generate(asked.document, wantedPairs(asked), key, character.fabrication);
    const made = pairs.filter((pair) => pair.fabricated).length;
    return { text: JSON.stringify({ pairs: pairs.map(({ pair }) => pair) }), reasoning, fabricated: made };
  }
  if ('grounded' in properties && asked.document !== undefined) {
    return { text: JSON.stringify(judge(asked.document, asked.user)), reasoning, fabricated: 0 };
  }
  return { text: JSON.stringify(answerSchema(asked, key, character)), reasoning, fabricated: 0 };
}

function wantedPairs(asked: Asked): number {
  const words = `${outsideDocument(asked.user)}\n${asked.system}`;
  const [, number] = /(\d+)\s+(?:\w+\s+)?(?:pairs?|questions?)/i.exec(words) ?? [];
  return number === undefined ? 3 : Math.max(1, Number(number));
}

function generate(document: string, wanted: number, key: string, fabrication: number) {
  const sentences = sentencesOf(document);
  const ranked = sentences
    .map((sentence, at) => ({ sentence, rank: chance(key, 'sentence', at) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, wanted);
  return ranked.map(({ sentence }, at) => {
    const made = chance(key, 'fabricate', at) < fabrication;
    const quote = made ? fabricated(sentence, sentences, `${key}/${at}`) : sentence;
    return { pair: pairFrom(quote, key, at), fabricated: made };
  });
}

function pairFrom(quote: string, key: string, at: number) {
  const flat = quote.replace(/\s+/g, ' ');
  const words = flat.replace(/[.!?]+$/, '').split(' ');
  const begin = words.slice(0, 8).join(' ');
  const end = words.length > 12 ? ` and ${words.slice(-3).join(' ')}` : '';
  return {
    question: `What should be known about ${begin.charAt(0).toLowerCase()}${begin.slice(1)}${end}?`,
    answer: flat,
    reasoning: 'The quoted sentence says so in its own words.',
    difficulty: (['easy', 'medium', 'hard'] as const)[Math.floor(chance(key, 'difficulty', at) * 3)] ?? 'easy',
    evidence: [quote],
  };
}

/** A real judgement: is what the answer claims in the document? */
function judge(document: string, user: string) {
  const { question, answer } = candidateIn(user);
  const share = support(answer, document);
  const approved = share >= 0.8;
  return {
    grounded: approved,
    no_hallucination: approved,
    complete: answer.trim() !== '',
    approved: approved && answer.trim() !== '',
    errors: approved ? [] : ['The answer says what the passage does not.'],
    corrections: approved ? null : { question, answer: closest(answer, document) },
    confidence: Math.round((approved ? share : 1 - share) * 100) / 100,
  };
}

function candidateIn(user: string): { question: string; answer: string } {
  const outside = outsideDocument(user);
  for (const start of outside.matchAll(/\{/g)) {
    const value = jsonAt(outside, start.index);
    if (isObject(value) && typeof value.answer === 'string')
      return { question: typeof value.question === 'string' ? value.question : '', answer: value.answer };
  }
  const tagged = (name: string) => new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(outside)?.[1];
  return { question: tagged('question') ?? '', answer: tagged('answer') ?? outside };
}

function closest(answer: string, document: string): string {
  const ranked = sentencesOf(document)
    .map((sentence) => ({ sentence, share: support(sentence, answer) }))
    .sort((a, b) => b.share - a.share);
  return (ranked[0]?.sentence ?? document).replace(/\s+/g, ' ');
}
