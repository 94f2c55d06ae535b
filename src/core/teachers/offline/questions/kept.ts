import { partsOf } from '../language/parts';
import { type Range, type Token, verbForm } from '../language/token';
import type { Draft, Frame } from './frame';

/** Words that bound what a sentence claims; a question and answer without them would claim more than it does. */
const bounding =
  /^(?:if|unless|only|except|excepting|provided|until|till|after|before|when|whenever|once|while|whereas|without|unlike|otherwise|rarely|seldom|hardly|usually|often|sometimes|perhaps|probably|possibly|allegedly|supposedly|reportedly|almost|nearly|least|most|more|less|fewer|than|instead|besides|despite|although|though|said|says|claims|claimed|believe|believed|no|not|never|neither|nor)$/u;

/** What after a comma still takes something back of what stands before it. */
const limiting = /^(?:if|unless|until|till|only|except|excepting|but|not|without|provided|never|when|while|whereas)$/u;

/** Where a sentence starts to say something else, so that what bounds that does not bound this. */
const turning = /^(?:;|but|yet|because|since)$/u;

/** Whether every condition, exception and negation of the asked part of the sentence is in the question or the answer. */
export function keepsConditions(frame: Frame, draft: Draft): boolean {
  const { clause, lead, sentence } = frame;
  const kept: Range[] = [...draft.uses, draft.answer];
  if (clause) kept.push(clause.verb);
  else kept.push({ from: frame.main, to: frame.main + 2 });
  if (lead && lead.kind !== 'contrast' && lead.kind !== 'because' && !isKept(kept, lead)) return false;
  const [from, to] = bare(frame, draft) ?? asked(sentence.tokens, draft.answer.from);
  for (let i = from; i < to; i += 1) {
    if (bounding.test(sentence.tokens[i]?.lower ?? '') && !kept.some((range) => i >= range.from && i < range.to))
      return false;
  }
  return true;
}

/** From the subject to the end of what cannot be left out, when the pieces of the clause are known. */
function bare({ clause, sentence }: Frame, { answer }: Draft): readonly [number, number] | undefined {
  const parts = clause && partsOf(sentence.tokens, clause);
  if (!clause || !parts || answer.from < clause.subject.from) return undefined;
  const bound = parts.filter((part) => !part.loose || limiting.test(part.opening));
  const to = Math.max(clause.verb.to, ...bound.map((part) => part.to));
  return [
    clause.subject.from,
    /^(?:because|since|so)$/u.test(sentence.tokens[answer.from]?.lower ?? '')
      ? Math.min(to, answer.from)
      : Math.max(to, answer.to),
  ];
}

/** Whether the answer stops where its phrase does: no list goes on after it, and no clause of another subject is caught in it. */
export function isWholeAnswer({ clause, sentence }: Frame, answer: Range): boolean {
  const { tokens } = sentence;
  if (leansOn(sentence, answer) || isHalfCompared(tokens.slice(answer.from, answer.to))) return false;
  if (clause && answer.to === clause.tail.to && clause.after?.kind === 'comma') return false;
  if (!clause || answer.from < clause.tail.from || answer.to > clause.tail.to) return true;
  const said = tokens.slice(answer.from, answer.to);
  if (/^(?:by|how|because|so|since|as|if|when|before|after|whenever)$/u.test(said[0]?.lower ?? '')) return true;
  const joint = said.findIndex((token, i) => token.text === ',' && said[i + 1]?.pos === 'CCONJ');
  return joint < 0 || !said.slice(joint).some((token) => token.pos === 'AUX' || token.pos === 'VERB');
}

/** Whether a clause of its own is caught in what the question keeps of the complement: "how long is A, and B measures". */
export function hasSecondClause({ clause, sentence: { tokens } }: Frame, { uses }: Draft): boolean {
  return uses.some(({ from, to }) => {
    if (!clause || from < clause.tail.from || to > clause.tail.to) return false;
    const kept = tokens.slice(from, to);
    const joint = kept.findIndex((token) => token.text === ',' || token.pos === 'CCONJ');
    if (joint < 0 || kept.slice(0, joint).some((token) => /^(?:that|which|who|whose)$/u.test(token.lower)))
      return false;
    return kept.slice(joint).some((token) => token.pos === 'AUX' || (token.pos === 'VERB' && verbForm(token) === 's'));
  });
}

/** "had bought", and "Flamingos arrived", whose capital may be only the sentence's: not told for their own sake. */
export function isBackground({ clause, sentence: { tokens } }: Frame): boolean {
  if (!clause) return false;
  const { from, to } = clause.subject;
  const plural = from === 0 && to === 1 && tokens[0]?.pos === 'PROPN' && /[^s]s$/u.test(tokens[0].lower);
  return plural || tokens[clause.verb.aux]?.lower === 'had';
}

/** "the firm of Werner" of "Werner and Pfleiderer". */
export function cutsNames({ clause, sentence: { tokens } }: Frame, { answer, uses }: Draft): boolean {
  const after = clause?.after;
  if (after?.kind !== 'and' || tokens[after.at - 1]?.pos !== 'PROPN' || tokens[after.at + 1]?.pos !== 'PROPN')
    return false;
  return [answer, ...uses].some(({ to }) => to === after.at);
}

/** "heating the leaves soon": a word that leans on what follows it. */
function leansOn({ tokens }: Frame['sentence'], { to }: Range): boolean {
  const last = tokens[to - 1];
  return (
    /^(?:ADP|CCONJ|SCONJ|DET)$/u.test(last?.pos ?? '') ||
    (to < tokens.length &&
      /^(?:soon|shortly|immediately|long|just|right|even|straight|directly|well|only|so|very)$/u.test(
        last?.lower ?? '',
      ))
  );
}

/** "a quarter as much": as what? */
function isHalfCompared(said: readonly Token[]): boolean {
  const at = said.findIndex(
    (token, i) => token.lower === 'as' && /^(?:much|many|long|often|large)$/u.test(said[i + 1]?.lower ?? ''),
  );
  return at >= 0 && !said.slice(at + 1).some((token) => token.lower === 'as');
}

function isKept(kept: readonly Range[], { from, to }: Range): boolean {
  return kept.some((range) => range.from <= from && range.to >= to);
}

/** The part of the sentence around the answer, up to a turn to something else on either side. */
function asked(tokens: readonly Token[], answer: number): readonly [number, number] {
  const reason = /^(?:because|since|so)$/u.test(tokens[answer]?.lower ?? '');
  const before = tokens.findLastIndex((token, i) => i < answer && /^(?:;|but|yet)$/u.test(token.lower));
  const after = reason ? -1 : tokens.findIndex((token, i) => i > answer && turning.test(token.lower));
  return [before + 1, after < 0 ? tokens.length : after];
}
