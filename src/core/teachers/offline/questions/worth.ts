import type { Range, Token } from '../language/token';
import type { Draft, Frame } from './frame';

/** Whether the answer says something by itself, and the question says enough to have just that answer. */
export function isWorthwhile(frame: Frame, draft: Draft): boolean {
  const { tokens } = frame.sentence;
  const said = tokens.slice(draft.answer.from, draft.answer.to);
  // "Sigrid Moe, a schoolteacher who translated her articles": whose?
  if (draft.apart === true) return !said.some((token) => /^(?:his|her|their|its)$/u.test(token.lower));
  if (frame.second === true && said.some((token) => /^(?:it|they|them|its|their|he|she)$/u.test(token.lower)))
    return false;
  return !leansBack(said) && !runsOn(said) && !isEmpty(said) && asksEnough(tokens, draft, frame);
}

/** "gales behind it": a thing or a place that only the question's own sentence names. A reason may say "because it …". */
function leansBack(said: readonly Token[]): boolean {
  const opening = said[0];
  if (!opening || /^(?:SCONJ|VERB|AUX|PART)$/u.test(opening.pos) || said.some((token) => token.pos === 'AUX'))
    return false;
  if (/^(?:so|because|since|if|when|by|to)$/u.test(opening.lower)) return false;
  return said.some(
    (token, i) =>
      /^(?:it|they|them|he|she|him)$/u.test(token.lower) || (i === 0 && /^(?:its|their|his|her)$/u.test(token.lower)),
  );
}

/** "with the valley and rises through fourteen locks": a verb taken for a noun. */
function runsOn(said: readonly Token[]): boolean {
  return said.some(
    (token, i) =>
      token.pos === 'CCONJ' &&
      said[i + 1]?.pos === 'NOUN' &&
      /[^s]s$/u.test(said[i + 1]?.lower ?? '') &&
      /^(?:through|into|from|at|across|over|towards?|along|up|down|out|off)$/u.test(said[i + 2]?.lower ?? ''),
  );
}

/** "the rest", "a number of them": nothing that anybody wanted to know. */
function isEmpty(said: readonly Token[]): boolean {
  const nouns = said.filter((token) => /^(?:NOUN|PROPN|NUM|ADJ|VERB)$/u.test(token.pos));
  if (/^(?:more|less|fewer)$/u.test(said[0]?.lower ?? '') && said[1]?.lower !== 'than') return true;
  // "four parts": which?
  if (
    said[0]?.pos === 'NUM' &&
    said.length <= 3 &&
    /^(?:parts|steps|stages|things|elements|ways|kinds|types|pieces|components|sections|groups)$/u.test(
      said.at(-1)?.lower ?? '',
    )
  )
    return true;
  if (/^(?:both|all|each|another)$/u.test(said[0]?.lower ?? '') && nouns.length < 2) return true;
  return nouns.length === 0 || (nouns.length === 1 && hollow.test(nouns[0]?.lower ?? ''));
}

const hollow =
  /^(?:thing|things|way|ways|part|parts|place|places|kind|kinds|sort|number|lot|rest|other|others|one|ones|same|case|cases|example|something|anything|everything|work|problem|problems|reason|reasons|result|results|success|time|use|good|great|small|large|own|new|old)$/u;

/** A question of nothing but a verb and "the thing" has as many answers as the document has sentences. */
function asksEnough(tokens: readonly Token[], draft: Draft, { clause, referent, imperative }: Frame): boolean {
  if (!clause || imperative) return true;
  const kept = draft.uses.flatMap(({ from, to }: Range) => tokens.slice(from, to));
  const meaning = kept.filter((token) => /^(?:NOUN|PROPN|NUM|ADJ|VERB)$/u.test(token.pos) && !hollow.test(token.lower));
  const verb = tokens[clause.verb.main];
  const plain =
    verb !== undefined &&
    /^(?:be|have|do|go|come|get|make|take|put|give|become|remain|seem|use|need)$/u.test(verb.lemma);
  // "For how long did she stay?": a person does a thousand things; something beside the person must say which.
  const beside = meaning.filter((token) => !tokens.slice(clause.subject.from, clause.subject.to).includes(token));
  const ofSomebody = referent !== undefined || tokens[clause.head]?.pos === 'PROPN';
  if (
    ofSomebody &&
    beside.length === 0 &&
    clause.verb.main >= 0 &&
    !/^(?:bear|die|marry|retire|bury|found|build|open|invent)$/u.test(verb?.lemma ?? '')
  )
    return false;
  return meaning.length + (referent ? 1 : 0) + (verb && !plain ? 1 : 0) >= 2 || clause.verb.main < 0;
}
