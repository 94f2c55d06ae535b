import { contentStems, numbers } from './lexical';

/** What is judged here: only words, so that it judges whoever wrote them alike. */
interface Pair {
  readonly question: string;
  readonly answer: string;
  readonly evidence: string;
}

/** What keeps somebody who has only question and answer from understanding them, as sentences for the person. */
export function* unclear({ question, answer, evidence }: Pair): Generator<string> {
  const line = question.trim().replace(/[?.\s]+$/u, '');
  const said = answer.trim();
  if (leansBack(line, said)) yield 'The answer has a pronoun, and nothing says what it stands for.';
  const twice = /(\p{Lu}[\p{L}'-]+ \p{Lu}[\p{L}'-]+)(?!\p{L}).*(?<!\p{L})\1(?!\p{L})/u.exec(line)?.[1];
  if (twice !== undefined) yield `The question names “${twice}” twice.`;
  const small = smallName(line, evidence);
  if (small !== undefined) yield `“${small}” is a name and wants a capital.`;
  if (!saysWhat(line)) yield 'The question does not say what it is about.';
  if (
    /\b(?:last|next|this) (?:night|morning|week|month|year|spring|summer|autumn|winter)\b|\bso far\b|\bby now\b/iu.test(
      line,
    )
  )
    yield 'The question is about a time that only the passage knows.';
  if (/\b(?:do|does|did) .* and [\p{Ll}]{2,}[^s]s (?:less|more|than|through|into)\b/u.test(line))
    yield 'The question runs on into a second statement.';
  if (/\b(?:have|has|need|store|get|give|do|does) enough$/u.test(line))
    yield 'The question does not say enough of what.';
  if (/^(?:when|where|why|how)\b.*\b(?:is|are|was|were)\b.* what (?:you|one|we|people) \p{Ll}+$/iu.test(line))
    yield 'The question turns a saying into a riddle.';
  if (
    /\b(?:do|does|did|was|were|is|are) \p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+ (?:best|well|least|most|better|lesser) known\b/u.test(
      line,
    )
  )
    yield 'The question lacks a possessive.';
}

/** Where the answer is of another kind or from another place than the question wants, as sentences for the person. */
export function* misplaced({ question, answer, evidence }: Pair): Generator<string> {
  const line = question.trim();
  const said = answer.trim();
  if (
    /^(?:where)\b/iu.test(line) &&
    /^(?:in|at|on) (?:\p{L}+ ){0,2}(?:places?|ways?|cases?|parts?|turns?|order|time|general|fact|all|\d{4}|trouble|danger|use|debt|silence)$/iu.test(
      said,
    )
  )
    yield 'The question asks for a place and the answer names none.';
  if (isRemark(line, said)) yield 'The answer tells something about the thing instead of what it is.';
  if (isHalf(line, said, evidence)) yield 'The answer stops before the evidence has said which.';
  if (isOfAnother(line, said, evidence)) yield 'The figure in the answer belongs to something else in the evidence.';
  if (isNobody(line, evidence)) yield 'The evidence speaks of a person, the question of an institution.';
  if (runsOn(line, said)) yield 'The answer runs on into a second statement.';
}

const clausal = /^(?:because|since|so|if|unless|when|whenever|while|before|after|until|by|to|as|for|due)\b/iu;

/** "Northerly gales behind it", "her two pounds", "that it was a chain": a thing that leans on a sentence nobody shows. */
function leansBack(question: string, answer: string): boolean {
  if (
    clausal.test(answer) ||
    /^(?:why|how (?:do|does|did|can|should)\b|what (?:happens|happened|should|will happen))/iu.test(question)
  )
    return false;
  if (/\b(?:he|she|it|they|his|her|its|their)\b/iu.test(question)) return false;
  if (/^that (?:it|he|she|they)\b/iu.test(answer) || /^(?:his|her|their|its|my|our)\b/iu.test(answer)) return true;
  return (
    /^(?:what|who|which|where|how many|how much)\b/iu.test(question) &&
    answer.split(/\s+/u).length < 12 &&
    /\b(?:it|them|him)$/iu.test(answer)
  );
}

/** "josephine Adair" where the evidence has "Josephine Adair". */
function smallName(question: string, evidence: string): string | undefined {
  for (const [both, first = ''] of question.matchAll(/(?<!\p{L})(\p{Ll}{3,}) \p{Lu}\p{Ll}+/gu)) {
    const proper = both.charAt(0).toUpperCase() + both.slice(1);
    const opens = new RegExp(`(?<!\\p{L})${first}(?!\\p{L})`, 'u').test(evidence);
    const ordinary =
      /^(?:the|of|in|at|on|for|and|did|does|was|were|is|are|has|had|have|to|by|with|from|can|could|will|would|should|may|must|that|which|who|most|many|some|all|both|each|when|where|why|how|what|do|near|under|between|after|before|during|since|until)$/u;
    if (evidence.includes(proper) && !opens && !ordinary.test(first)) return both;
  }
  return undefined;
}

const idle = contentStems(
  'before after during while go going start begin begun finish finished leave left use used take taken make made get got do done work come continue proceed try happen need want become happens found find thing something way mean',
);

/** Whether a word of the question is about anything: "What should you do before you go on?" has none. */
function saysWhat(question: string): boolean {
  if (/\p{Lu}/u.test(question.slice(1)) || numbers(question).size > 0) return true;
  return [...contentStems(question)].some((stem) => !idle.has(stem));
}

const pasts =
  'took|made|went|came|gave|found|began|became|brought|built|bought|caught|chose|cost|fell|felt|got|grew|had|held|kept|knew|led|left|lost|met|paid|ran|rose|said|saw|sent|sold|spent|stood|thought|told|won|wrote|needed|wanted|started|ended|changed|surprised';

/** "What is a water mill?" "a machine that took a thousand years to perfect"; "… that everybody has an opinion about". */
function isRemark(question: string, answer: string): boolean {
  if (!/^what (?:is|are) (?!the\b)/iu.test(question)) return false;
  return (
    new RegExp(`\\b(?:that|which|who) (?:${pasts})\\b`, 'iu').test(answer) ||
    /\b(?:everybody|everyone|nobody|anybody|anyone|almost|luckily|sadly|unfortunately|surprisingly)\b/iu.test(answer)
  );
}

/** "120 people standing or 80 people" of "… or 80 people seated at tables". */
function isHalf(question: string, answer: string, evidence: string): boolean {
  const at = evidence.indexOf(answer);
  if (at < 0 || !/\b(?:and|or)\b/u.test(answer) || numbers(answer).size < 2) return false;
  const next = /^ (\p{Ll}+(?:ed|ing|n)) /u.exec(evidence.slice(at + answer.length))?.[1];
  return next !== undefined && !question.includes(next);
}

/** "for two years and the membrane for one year": a figure of the answer's own unit is in the question, apart from the answer's. */
function isOfAnother(question: string, answer: string, evidence: string): boolean {
  const unit =
    /^(?:about |only |at least )?[\p{L}\d.,]+ (seconds?|minutes?|hours?|days?|weeks?|months?|years?|percent|pounds?|dollars?|euros?)$/iu.exec(
      answer,
    )?.[1];
  if (unit === undefined || !/^(?:for )?how (?:long|much|many)/iu.test(question)) return false;
  const root = unit.replace(/s$/u, '');
  const other = new RegExp(`\\bfor [\\p{L}\\d.,]+ ${root}s?\\b`, 'u').exec(question)?.[0];
  const at = other === undefined ? -1 : evidence.indexOf(other);
  return other !== undefined && at >= 0 && evidence.indexOf(answer, at + other.length) >= 0;
}

/** "When did Laval University work as a draughtswoman?" of "she worked". */
function isNobody(question: string, evidence: string): boolean {
  const name =
    /\b(?:do|does|did|was|is|has|had) (?:the )?((?:\p{Lu}[\p{L}'-]+ ){0,3}(?:University|College|School|Society|Company|Council|Survey|Museum|Institute|Government|Committee|Church|Hospital|Bank|Army|Court))\b/u.exec(
      question,
    )?.[1];
  if (name === undefined) return false;
  const last = evidence.split(/(?<=[.!?])\s+/u).at(-1) ?? evidence;
  return !last.includes(name) && /\b(?:he|she)\b/iu.test(last);
}

/** "the town with the coalfields and rises through fourteen locks". */
function runsOn(question: string, answer: string): boolean {
  return (
    /^(?:what|who|whom|where|how (?:many|much|long))\b/iu.test(question) &&
    /\band \p{Ll}+[^s]s (?:through|into|across|less|more)\b/u.test(answer)
  );
}
