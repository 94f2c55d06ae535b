import { bareDefinites, replacementsFor } from '../language/mentions';
import { personsIn } from '../language/persons';
import type { Range } from '../language/token';
import { asQuestion, join, type Replacement, words } from '../language/wording';
import { nonsense } from '../sense';
import type { Candidate, Draft, Frame } from './frame';
import { isClear, isPointing, isWellFormed } from './clear';
import { cutsNames, hasSecondClause, isBackground, isWholeAnswer, keepsConditions } from './kept';
import { isWorthwhile } from './worth';
import { isUnplaced, isUntold, isVagueActor, penalty } from './placed';

/** Words that point out of the answer, to the writer or to another sentence. */
const pointing =
  /^(?:i|me|my|this|these|those|such|here|aforementioned|former|latter|following|previous|yesterday|today|tomorrow|ago)$/u;

/** A draft becomes a candidate when every word of its question is clear without the passage. */
export function finish(frame: Frame, draft: Draft): Candidate | undefined {
  const { sentence } = frame;
  if (draft.answer.to <= draft.answer.from || !isKept(frame, draft)) return undefined;
  const body = draft.write(replacementsOf(frame, draft));
  if (!isWellFormed(body) || !isWorthwhile(frame, draft) || (draft.apart !== true && isUntold(frame, body)))
    return undefined;
  if (isOfSomebodyElse(frame, body)) return undefined;
  const { context, loss } = placing(frame, draft, body);
  const question = asQuestion(context === '' ? body : `${context}, ${body}`);
  const first = sentence.tokens[draft.answer.from];
  const last = sentence.tokens[draft.answer.to - 1];
  if (!first || !last || pointsAway(frame, draft.answer)) return undefined;
  const answer = sentence.prose.span(first.start, last.end);
  if (!nonsense(asQuestion(body), sentence.prose.text.slice(first.start, last.end)).next().done) return undefined;
  const evidence = [sentence.prose.span(sentence.start, sentence.end)];
  const earlier = draft.apart === true ? undefined : frame.referent?.sentence;
  if (earlier && earlier !== sentence) evidence.unshift(earlier.prose.span(earlier.start, earlier.end));
  return {
    question,
    answer,
    evidence,
    reasoning: earlier ? `${draft.reasoning} The sentence before it names what is meant.` : draft.reasoning,
    difficulty: earlier && draft.difficulty === 'easy' ? 'medium' : draft.difficulty,
    score: draft.score - loss - Math.max(0, body.length - 110) / 200,
    origin: `s${sentence.index}`,
  };
}

/** Whether question and answer together keep what the sentence says, and every word of the question is clear. */
function isKept(frame: Frame, draft: Draft): boolean {
  if (draft.apart === true) return true;
  if (draft.parted !== true && !isWholeAnswer(frame, draft.answer)) return false;
  if (!keepsConditions(frame, draft) || isBackground(frame) || cutsNames(frame, draft)) return false;
  // "…, and the key hangs in the office": the key of what the first clause speaks of.
  if (frame.second === true && frame.clause && bareDefinites(frame.sentence, frame.clause.subject).length > 0)
    return false;
  if ([...draft.uses, draft.answer].some((range) => endsBeforeOr(frame, range))) return false;
  const uses = frame.clause ? [...draft.uses, frame.clause.verb] : draft.uses;
  return uses.every((range) => isClear(frame, range)) && !hasSecondClause(frame, draft);
}

/** "absent from rocky" of "rocky or heavily canalised streams". */
function endsBeforeOr({ sentence: { tokens } }: Frame, { from, to }: Range): boolean {
  return (
    to > from &&
    tokens[to - 1]?.pos === 'ADJ' &&
    tokens[to]?.pos === 'CCONJ' &&
    /^(?:ADJ|ADV)$/u.test(tokens[to + 1]?.pos ?? '')
  );
}

function replacementsOf(frame: Frame, draft: Draft): readonly Replacement[] {
  const { sentence, clause, referent, mentions } = frame;
  const { list } = replacementsFor(sentence, draft.uses, mentions);
  const persons = personsIn(sentence, clause, draft.uses, mentions);
  const head = clause && referent ? [{ from: clause.head, to: clause.head + 1, text: referent.text }] : [];
  return [...head, ...persons, ...list];
}

/** In a life story: a question that names neither its person nor two others is about nobody knows which day of it. */
function isOfSomebodyElse({ mentions: { protagonist } }: Frame, body: string): boolean {
  if (!protagonist || protagonist.referent.sentence !== undefined || body.includes(protagonist.surname)) return false;
  const names = body.match(/\p{Lu}[\p{L}'-]+(?: (?:of |the )*\p{Lu}[\p{L}'-]+)*/gu) ?? [];
  return !/^(?:what|who) (?:is|was)\b/u.test(body) && names.length < 2;
}

/** What has to stand before the question to say where it belongs, and what it loses by needing that. */
function placing(frame: Frame, draft: Draft, body: string): { readonly context: string; readonly loss: number } {
  if (draft.apart === true) return { context: '', loss: 0 };
  const { mentions, clause, sentence } = frame;
  const { vague } = replacementsFor(sentence, draft.uses, mentions);
  const unplaced = vague + (isVagueActor(frame, draft) || isUnplaced(frame, draft, body) ? 1 : 0);
  const context = mentions.setting(body);
  if (unplaced === 0) {
    const clear =
      namesSubject(frame, draft) || mentions.isOnTopic(body) || /^(?:what|who) (?:is|are|was|were) /u.test(body);
    return { context: clear && !frame.imperative ? '' : context, loss: 0 };
  }
  if (context !== '' || body.includes(mentions.subject ?? '\n')) return { context, loss: 0.05 };
  const subjectUsed = clause !== undefined && draft.uses.includes(clause.subject);
  const vagueSubject = subjectUsed ? replacementsFor(sentence, [clause.subject], mentions).vague : 0;
  const bare = isBareReferent(frame) || isVagueActor(frame, draft) ? 1 : 0;
  return { context, loss: penalty(vague, vagueSubject + bare, body) };
}

/** A full name as the subject: "Ann Fraser", "the Cathedral of Santa Lucia"; a surname alone is many people's. */
function namesSubject(frame: Frame, draft: Draft): boolean {
  const { clause, sentence, referent } = frame;
  if (!clause) return false;
  const subject = referent?.text ?? words(sentence, clause.subject, replacementsOf(frame, draft));
  return /\p{Lu}[\p{L}\p{M}'’.-]+ (?:(?:of|the|de|da|di|van|von|for|and) ){0,2}\p{Lu}\p{L}/u.test(subject);
}

/** "these", "here", "my": words of the answer that point out of it. */
function pointsAway({ sentence: { tokens } }: Frame, { from, to }: Range): boolean {
  return tokens.slice(from, to).some((token, i) => pointing.test(token.lower) || isPointing(tokens, from + i));
}

function isBareReferent({ referent }: Frame): boolean {
  return referent !== undefined && /^the \p{Ll}+$/u.test(referent.text);
}

/** The lead as it stands at the end of a question: " at 25 °C", " if the water is brackish". */
export function trailingLead(frame: Frame, replacements: readonly Replacement[]): string {
  const { lead } = frame;
  if (!lead || lead.kind === 'contrast' || lead.kind === 'because') return '';
  return words(frame.sentence, lead, replacements);
}

export function leadUse(frame: Frame): readonly Range[] {
  const { lead } = frame;
  return lead && lead.kind !== 'contrast' && lead.kind !== 'because' ? [lead] : [];
}

export { join };
