import { misplaced, unclear } from '../clarity';
import { restOfList } from '../correct';
import { nonsense } from '../sense';
import { type Case, type Fault, short } from './case';

export function* somethingSaid({ answer, question }: Case): Generator<Fault> {
  if (answer.text === '') yield { criterion: 'complete', says: 'The answer is empty.', sure: 1 };
  if (question.text === '') yield { criterion: 'complete', says: 'The question is empty.', sure: 1 };
}

export function* makesSense({ task, body, answer, question }: Case): Generator<Fault> {
  if (answer.text === '' || question.text === '') return;
  for (const says of nonsense(body, task.answer)) yield { criterion: 'complete', says, sure: 0.8 };
}

export function* isClear({ task, body, answer, question }: Case): Generator<Fault> {
  if (answer.text === '' || question.text === '') return;
  const pair = { question: body, answer: task.answer, evidence: task.evidence.join(' ') };
  for (const says of unclear(pair)) yield { criterion: 'complete', says, sure: 0.75 };
  for (const says of misplaced(pair)) yield { criterion: 'grounded', says, sure: 0.75 };
}

const quantity =
  /^(?:how many|how much|how long|how often|how (?:deep|high|wide|tall|thick|old|heavy|far)|for how long|by how much|at what (?:pressure|temperature|voltage|speed|frequency))\b/u;
const vague =
  /\b(?:few|several|many|some|daily|weekly|monthly|yearly|annually|hourly|once|twice|always|most|half|quarter|dozen|hundreds|thousands|century|generation|forever|lifetime|indefinitely|every|until|an? (?:\p{L}+ )?(?:second|minute|hour|day|night|week|month|year|decade))\b/u;

export function* kindOfAnswer({ question, answer }: Case): Generator<Fault> {
  if (quantity.test(question.text) && answer.numbers.size === 0 && !vague.test(answer.text)) {
    yield { criterion: 'complete', says: 'The question asks for a quantity and the answer gives none.', sure: 0.9 };
  }
  if (/^at what temperature/u.test(question.text) && !/°|degree|kelvin|freezing|boiling|room/u.test(answer.text)) {
    yield { criterion: 'grounded', says: 'The question asks for a temperature and the answer gives none.', sure: 0.85 };
  }
  if (/^(?:when|why|how)\b/u.test(question.text) && answer.stems.size === 0 && answer.numbers.size === 0) {
    yield { criterion: 'complete', says: 'The answer says nothing.', sure: 0.9 };
  }
}

export function* wholeAnswer({ answer, question, evidence }: Case): Generator<Fault> {
  if (/(?:\b(?:and|or|the|a|an|of|to|with|by|for|from|in|at|because|which|that|is|are)|,)$/u.test(answer.text)) {
    yield { criterion: 'complete', says: 'The answer breaks off.', sure: 0.85 };
  }
  const rest = restOfList(answer.text, evidence.text);
  if (
    rest !== '' &&
    /^(?:what|which|who|whom)\b/u.test(question.text) &&
    !/^what (?:kind|happen)/u.test(question.text)
  ) {
    yield { criterion: 'complete', says: `The evidence goes on: “${short(rest)}”.`, sure: 0.65 };
  }
}
