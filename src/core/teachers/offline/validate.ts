import type { Validation } from '../../records/envelopes';
import type { Case, Criterion, Fault } from './checks/case';
import { numbersAgree } from './checks/figures';
import { isClear, kindOfAnswer, makesSense, somethingSaid, wholeAnswer } from './checks/form';
import { questionIsMeant } from './checks/subject';
import { evidenceIsThere, negationAgrees, wordsAreThere } from './checks/words';
import { correction } from './correct';
import { overlap, Said } from './lexical';
import type { ValidateTask } from './tasks';

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

function round(value: number): number {
  return Math.round(Math.min(1, value) * 100) / 100;
}
