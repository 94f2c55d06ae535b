import { isUnique, selecting } from '../language/mentions';
import { isBe, isHave, nounCore } from '../language/phrases';
import { verbForm } from '../language/token';
import { isPerson } from '../language/reference';
import { words } from '../language/wording';
import type { Draft, Frame } from './frame';

const calendar =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|[A-Z]+)$/u;

/** Whether the question has a name in it that says where or of whom it speaks; a month or a unit does not. */
export function isNamed(body: string): boolean {
  return [...body.matchAll(/(?<=\s)\p{Lu}[\p{L}\p{M}]+/gu)].some(([word]) => !calendar.test(word));
}

/** Whether the question needs to be placed for another reason than a bare "the noun". */
export function isUnplaced(frame: Frame, draft: Draft, body: string): boolean {
  const { clause, sentence, referent } = frame;
  if (draft.local === true) return true;
  if (isNamed(body)) return false;
  if (clause?.plural && isPlainPeople(frame)) return true;
  if (pointsAtThings(frame, draft) || namesSomebody(frame, draft)) return true;
  if (!clause) return false;
  if (happensOnce(frame) || isRule(frame)) return true;
  if (!draft.uses.includes(clause.subject)) return false;
  const opening = sentence.tokens[clause.subject.from];
  if (opening?.pos === 'NUM' && clause.subject.to - clause.subject.from <= 3) return true;
  if (dealings.test(sentence.tokens[clause.verb.main]?.lemma ?? '')) return true;
  const text = referent?.text ?? words(sentence, clause.subject);
  if (referent && selecting.test(/^the (\S+)/u.exec(text)?.[1] ?? '')) return true;
  if (/^(?:each|every|one) \S+$/iu.test(text)) return true;
  if (/^the \S+$/iu.test(text)) return referent !== undefined;
  return /^the (?:\S+ ){1,2}\S+$/iu.test(text) && !/ (?:of|that|which|who) /u.test(text);
}

/** "The big oven was built by …": a name elsewhere in the question does not say which oven. */
export function isVagueActor(frame: Frame, draft: Draft): boolean {
  const { clause, referent, sentence } = frame;
  if (!clause || !draft.uses.includes(clause.subject) || !happensOnce(frame)) return false;
  // "a Russian translation appeared": of what?
  if (!referent && /^an? /u.test(words(sentence, clause.subject))) return true;
  return (
    /^the (?:\p{Ll}\S* ){1,2}\p{Ll}\S*$/u.test(referent?.text ?? words(sentence, clause.subject)) &&
    !/ of /u.test(referent?.text ?? words(sentence, clause.subject))
  );
}

/** "modern customers": some of them, whom the passage knows. */
function isPlainPeople({ clause, sentence }: Frame): boolean {
  const head = clause && sentence.tokens[clause.head];
  return (
    clause !== undefined &&
    head?.pos === 'NOUN' &&
    clause.head > clause.subject.from &&
    isPerson(head, sentence, { from: clause.head, to: clause.head + 1 })
  );
}

/** What somebody pays, decides or opens, somebody in particular does. */
const dealings =
  /^(?:pay|cost|charge|decide|allocate|issue|refund|return|elect|appoint|hire|employ|insure|deliver|ship|offer|sell|accept|visit|collect|inspect|approve)$/u;

/** "the pier head", "the hired bicycle": a thing that the passage knows, with nothing after it that says which. */
function pointsAtThings({ sentence: { tokens } }: Frame, draft: Draft): boolean {
  return draft.uses.some(({ from, to }) => {
    for (let i = from; i < to; i += 1) {
      if (tokens[i]?.lower !== 'the' || (i > from && tokens[i - 1]?.lower === 'of')) continue;
      const end = nounCore(tokens, i);
      const head = tokens[end - 1];
      const told = end < to && /^(?:of|that|which|who|whose|'s|')$/u.test(tokens[end]?.lower ?? '');
      const best = tokens
        .slice(i + 1, Math.max(end, i + 1))
        .some((token) => token.pos === 'ADJ' && /.est$/u.test(token.lower));
      if (end < 0 || (head && !told && !best && !isUnique(head))) return true;
    }
    return false;
  });
}

/** "the committee", "the hirer" in the answer: somebody whom only the reader of the passage knows. */
function namesSomebody({ sentence }: Frame, { answer }: Draft): boolean {
  const { tokens } = sentence;
  for (let i = answer.from; i < answer.to; i += 1) {
    if (tokens[i]?.lower !== 'the') continue;
    const end = nounCore(tokens, i);
    const head = tokens[end - 1];
    if (end > 0 && head && isPerson(head, sentence, { from: i, to: end })) return true;
  }
  return false;
}

/** What happened once to nobody with a name: a title does not tell it from all else that happened. */
export function isUntold({ clause, mentions, sentence: { tokens } }: Frame, body: string): boolean {
  const finite = clause && tokens[clause.verb.aux >= 0 ? clause.verb.aux : clause.verb.main];
  if (!clause || !finite || mentions.subject !== undefined || isNamed(body)) return false;
  return (
    /^(?:was|were|did|had)$/u.test(finite.lower) ||
    (clause.verb.aux < 0 && verbForm(finite) === 'past' && finite.lower !== finite.lemma)
  );
}

/** What happened once or will happen, happens somewhere: unlike what is always so, it wants a name. */
function happensOnce({ clause, sentence: { tokens } }: Frame): boolean {
  const verb = clause?.verb;
  const finite = verb && tokens[verb.aux >= 0 ? verb.aux : verb.main];
  const main = verb && tokens[verb.main];
  if (!finite) return false;
  if (/^(?:was|were|did|had|will|could|would)$/u.test(finite.lower)) return true;
  if (verb.aux < 0) return verbForm(finite) === 'past' && finite.lower !== finite.lemma;
  return isHave(finite) || (isBe(finite) && main !== undefined && verbForm(main) === 'ing');
}

/** "The tenant must", "is allowed": a rule that somebody made holds where they made it; "grease must not" is nature's. */
function isRule({ clause, sentence }: Frame): boolean {
  const { tokens } = sentence;
  const head = clause && tokens[clause.head];
  if (!clause || !head) return false;
  const range = [...tokens.slice(clause.verb.from, clause.verb.to), tokens[clause.tail.from]];
  const somebody = isPerson(head, sentence, clause.subject) || /^(?:you|everyone|anyone)$/u.test(head.lower);
  return range.some((token) => (somebody ? duty : permission).test(token?.lower ?? ''));
}

const permission =
  /^(?:may|shall|allowed|permitted|forbidden|prohibited|required|entitled|obliged|due|payable|valid|liable|charged|free)$/u;
const duty =
  /^(?:must|may|shall|can|allowed|permitted|forbidden|prohibited|required|entitled|obliged|liable|charged)$/u;

/** How much a question without a place for its "the valve" is worth less. */
export function penalty(vague: number, vagueSubject: number, body: string): number {
  if (vagueSubject > 0 || !isNamed(body)) return 0.5;
  return vague > 0 ? 0.4 : 0.05;
}
