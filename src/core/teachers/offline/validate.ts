import { sentences } from '../../documents/sentences';
import type { Validation } from '../../records/envelopes';
import { contentStems, isNegated, numbers, overlap, Said } from './lexical';
import { misplaced, unclear } from './clarity';
import { nonsense } from './sense';
import { correction, restOfList } from './correct';
import type { ValidateTask } from './tasks';

type Criterion = 'grounded' | 'no_hallucination' | 'complete';

interface Fault {
  readonly criterion: Criterion;
  /** A sentence for the person. */
  readonly says: string;
  /** How sure we are that it is one. */
  readonly sure: number;
}

/** A pair beside its passage, reduced to what the checks compare. */
interface Case {
  readonly task: ValidateTask;
  /** The question without its setting, as it was written. */
  readonly body: string;
  readonly passage: Said;
  readonly evidence: Said;
  readonly question: Said;
  readonly answer: Said;
}

const checks: readonly ((given: Case) => Iterable<Fault>)[] = [
  somethingSaid,
  makesSense,
  isClear,
  evidenceIsThere,
  wordsAreThere,
  numbersAgree,
  negationAgrees,
  questionIsMeant,
  kindOfAnswer,
  wholeAnswer,
];

/**
 * Judges a pair by its words: are the evidence's words the passage's, the answer's words and numbers the evidence's, does negation
 * agree, is the question about what the evidence is about. It knows no synonyms, so it rejects some true paraphrases; it says so by
 * its confidence.
 */
export function validatePair(task: ValidateTask): Validation {
  const body = withoutSetting(task.question);
  const given: Case = {
    task,
    body,
    passage: new Said(task.passage),
    evidence: new Said(task.evidence.join(quoteEnd)),
    question: new Said(body),
    answer: new Said(task.answer),
  };
  const faults = checks.flatMap((check) => [...check(given)]);
  const fails = (criterion: Criterion) => faults.some((fault) => fault.criterion === criterion);
  const approved = faults.length === 0;
  return {
    grounded: !fails('grounded'),
    no_hallucination: !fails('no_hallucination'),
    complete: !fails('complete'),
    approved,
    errors: faults.map((fault) => fault.says),
    corrections: approved ? null : correction(task.question, task.answer, given.answer.text, given.evidence.text),
    confidence: round(approved ? confidence(given) : Math.max(...faults.map((fault) => fault.sure))),
  };
}

/** Stands between quotes, where no clause goes on. */
const quoteEnd = ' ¶ ';

/** "On the Alderney 120 Watermaker, why …" names what the document is about, which one passage of it need not repeat. */
function withoutSetting(question: string): string {
  return question.replace(/^(?:In “[^”]{2,80}”|(?:On|In|For|With) (?:the )?\p{Lu}[^,?]{2,60}), /u, '');
}

function* somethingSaid({ answer, question }: Case): Generator<Fault> {
  if (answer.text === '') yield { criterion: 'complete', says: 'The answer is empty.', sure: 1 };
  if (question.text === '') yield { criterion: 'complete', says: 'The question is empty.', sure: 1 };
}

function* makesSense({ task, body, answer, question }: Case): Generator<Fault> {
  if (answer.text === '' || question.text === '') return;
  for (const says of nonsense(body, task.answer)) yield { criterion: 'complete', says, sure: 0.8 };
}

function* isClear({ task, body, answer, question }: Case): Generator<Fault> {
  if (answer.text === '' || question.text === '') return;
  const pair = { question: body, answer: task.answer, evidence: task.evidence.join(' ') };
  for (const says of unclear(pair)) yield { criterion: 'complete', says, sure: 0.75 };
  for (const says of misplaced(pair)) yield { criterion: 'grounded', says, sure: 0.75 };
}

function* evidenceIsThere({ task, passage }: Case): Generator<Fault> {
  if (task.evidence.every((quote) => quote.trim() === '')) {
    yield { criterion: 'grounded', says: 'No evidence is quoted.', sure: 0.95 };
  }
  for (const quote of task.evidence) {
    const said = new Said(quote);
    if (said.text === '' || passage.text.includes(said.text)) continue;
    const near =
      overlap(said.stems, passage.stems) === 1 &&
      overlap(said.numbers, passage.numbers) === 1 &&
      isNegated(said.text) === isNegated(nearest(passage.text, said.stems));
    if (!near) yield { criterion: 'grounded', says: `The passage does not say “${short(quote)}”.`, sure: 0.95 };
  }
}

function* wordsAreThere({ answer, evidence, passage }: Case): Generator<Fault> {
  if (evidence.text.includes(answer.text)) return;
  const said = evidence.stems;
  const around = passage.stems;
  const wanted = [...answer.stems];
  const foreign = wanted.filter((word) => !around.has(word));
  const unquoted = wanted.filter((word) => around.has(word) && !said.has(word));
  if (foreign.length > 0) {
    const share = foreign.length / wanted.length;
    yield {
      criterion: 'no_hallucination',
      says: `The passage has nothing of “${foreign.slice(0, 3).join('”, “')}”.`,
      sure: 0.7 + 0.25 * share,
    };
    if (share >= 0.3)
      yield { criterion: 'grounded', says: 'Much of the answer is not in the passage.', sure: 0.7 + 0.25 * share };
  }
  if (unquoted.length / Math.max(1, wanted.length) > 0.4) {
    yield { criterion: 'grounded', says: 'The evidence does not support the answer.', sure: 0.75 };
  }
}

function* numbersAgree({ answer, question, evidence, passage }: Case): Generator<Fault> {
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

function* negationAgrees({ answer, question, evidence }: Case): Generator<Fault> {
  const said = new Set([...question.stems, ...answer.stems]);
  const negated = isNegated(question.text) || isNegated(answer.text);
  if (negated && !isNegated(evidence.text)) {
    yield { criterion: 'no_hallucination', says: 'The pair denies what the evidence states.', sure: 0.85 };
    return;
  }
  if (negated) return;
  for (const clause of evidence.text.split(/[.;:¶]|, | because | which | when | if | and | but | until | so that /u)) {
    const stems = contentStems(clause);
    if (isNegated(clause) && stems.size >= 2 && overlap(stems, said) === 1) {
      yield { criterion: 'no_hallucination', says: 'The pair leaves out a “not” of the evidence.', sure: 0.85 };
      return;
    }
  }
}

function* questionIsMeant({ task, question, evidence, passage }: Case): Generator<Fault> {
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

const quantity =
  /^(?:how many|how much|how long|how often|how (?:deep|high|wide|tall|thick|old|heavy|far)|for how long|by how much|at what (?:pressure|temperature|voltage|speed|frequency))\b/u;
const vague =
  /\b(?:few|several|many|some|daily|weekly|monthly|yearly|annually|hourly|once|twice|always|most|half|quarter|dozen|hundreds|thousands|century|generation|forever|lifetime|indefinitely|every|until|an? (?:\p{L}+ )?(?:second|minute|hour|day|night|week|month|year|decade))\b/u;

function* kindOfAnswer({ question, answer }: Case): Generator<Fault> {
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

function* wholeAnswer({ answer, question, evidence }: Case): Generator<Fault> {
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

/** Verbatim answers to questions in the evidence's own words are the surest. */
function confidence({ answer, question, evidence }: Case): number {
  const verbatim = evidence.text.includes(answer.text) ? 1 : 0.7;
  return (
    0.5 +
    0.2 * verbatim +
    0.2 * overlap(question.stems, evidence.stems) +
    (answer.text.split(' ').length <= 30 ? 0.05 : 0)
  );
}

/** The sentence of the passage that shares most words with a quote. */
function nearest(passage: string, wanted: ReadonlySet<string>): string {
  let best = { text: '', share: -1 };
  for (const { start, end } of sentences(passage)) {
    const text = passage.slice(start, end);
    const share = overlap(wanted, contentStems(text));
    if (share > best.share) best = { text, share };
  }
  return best.text;
}

function short(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function round(value: number): number {
  return Math.round(Math.min(1, value) * 100) / 100;
}
