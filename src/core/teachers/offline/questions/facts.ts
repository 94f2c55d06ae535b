import { selecting } from '../language/mentions';
import { partsOf } from '../language/parts';
import { isHave, nounCore } from '../language/phrases';
import { isPerson } from '../language/reference';
import { type Token, verbForm } from '../language/token';
import { inverted, join, predicate } from '../language/wording';
import { plainVerbs } from './plainVerbs';
import { leadUse, trailingLead } from './candidate';
import type { Draft, Frame } from './frame';

const direct = 'One sentence of the passage states this directly.';

const particles = /^(?:of|on|from|in|to|as|with|for|against|into)$/u;
const bound: Readonly<Record<string, string>> = {
  consist: 'of',
  depend: 'on',
  rely: 'on',
  result: 'in',
  lead: 'to',
  refer: 'to',
  belong: 'to',
  contribute: 'to',
  serve: 'as',
  act: 'as',
  respond: 'to',
  focus: 'on',
  react: 'to',
  derive: 'from',
  suffer: 'from',
  deal: 'with',
  protect: 'against',
  apply: 'to',
  specialise: 'in',
  specialize: 'in',
};
/** "X catches Y" → "What does X catch?" */
export function* objects(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  const head = clause && tokens[clause.head];
  if (!clause || !verb || clause.verb.negative || clause.verb.passive || !plainVerbs.has(verb.lemma)) return;
  if (
    tokens
      .slice(clause.verb.from, clause.verb.to)
      .some((token) => /^(?:never|seldom|rarely|hardly)$/u.test(token.lower))
  )
    return;
  // "What did Adair carry?": when, and in what, only the passage knows.
  if (clause.verb.aux < 0 && verbForm(verb) === 'past') return;
  if (!isWhole(frame) || clause.tail.to - clause.tail.from < 2) return;
  const first = tokens[clause.tail.from];
  if (!first) return;
  const particle = bound[verb.lemma] === first.lower && particles.test(first.lower) ? first.lower : '';
  const from = clause.tail.from + (particle ? 1 : 0);
  const core = nounCore(tokens, from);
  const object = tokens[from];
  if (!isAlone(frame)) return;
  if (core < 0 || !object || object.pos === 'PRON' || object.pos === 'ADP' || object.pos === 'ADV') return;
  if (object.lower === 'the' && core - from === 2 && core === clause.tail.to) return;
  if (
    /^(?:night|day|morning|evening|week|month|year|time|summer|winter|spring|autumn)$/u.test(
      tokens[core - 1]?.lemma ?? '',
    ) ||
    isUnclear(object)
  )
    return;
  if (tokens[core]?.pos === 'VERB' || tokens[core]?.pos === 'PRON' || tokens[core]?.pos === 'ADJ') return;
  const person = isPerson(tokens[core - 1] ?? object, sentence, { from, to: core });
  if (
    isGeneral(frame) ||
    (/^(?:off|up|out|down|back|away|over|on|in)$/u.test(tokens[core]?.lower ?? '') && nounCore(tokens, core + 1) < 0)
  )
    return;
  if (/^(?:off|up|out|down|back|away)$/u.test(tokens[core]?.lower ?? '')) return;
  yield {
    local:
      object.lower === 'the' &&
      head?.pos !== 'PROPN' &&
      !/^(?:the|its|their)$/u.test(tokens[clause.subject.from]?.lower ?? ''),
    score: (particle ? 0.85 : 0.75) - (frame.lead ? 0.05 : 0),
    difficulty: 'easy',
    reasoning: direct,
    answer: { from, to: clause.tail.to },
    uses: [clause.subject, ...leadUse(frame)],
    write: (replacements) =>
      join(
        person ? 'whom' : 'what',
        inverted(sentence, clause, { from: clause.tail.from, to: from }, replacements),
        trailingLead(frame, replacements),
      ),
  };
}

/** Whether the object ends with the clause: no "to …" that it is a part of, no second object, no measure, no remark after a comma. */
function isWhole({ clause, sentence }: Frame): boolean {
  if (!clause || clause.after?.kind === 'comma' || clause.after?.kind === 'contrast') return false;
  const tail = sentence.tokens.slice(clause.tail.from, clause.tail.to);
  return !tail.some(
    (token, i) =>
      (token.pos === 'PART' && token.lower === 'to') ||
      (token.lower === 'to' && tail[i + 1]?.pos === 'VERB') ||
      (token.lower === 'by' && tail[i + 1]?.pos !== 'DET') ||
      /^(?:each|every|per|since|for|during)$/u.test(token.lower),
  );
}

/** Whether nothing but the object follows the verb; "connects the town with the coalfields" needs both. */
function isAlone({ clause, sentence: { tokens } }: Frame): boolean {
  const parts = clause && partsOf(tokens, clause);
  if (!clause || !parts) return true;
  const firm = parts.filter((part) => !part.loose);
  return (
    firm.length <= 1 ||
    (firm.length === 2 &&
      /^(?:connect|link|join|combine|compare|supply|provide|separate|divide)$/u.test(
        tokens[clause.verb.main]?.lemma ?? '',
      ))
  );
}

function isUnclear(token: Token): boolean {
  return /^(?:this|these|that|those|such|its|their|his|her|it|them|what|how|why|which|when|where|so|no|nothing)$/u.test(
    token.lower,
  );
}

/** Subjects of whom nothing particular is asked: "you can store …", "few women attended …". */
function isGeneral({ clause, sentence }: Frame): boolean {
  if (!clause) return true;
  const first = sentence.tokens[clause.subject.from]?.lower ?? '';
  const finite = sentence.tokens[clause.verb.aux]?.lower ?? '';
  return (
    /^(?:you|one|few|many|most|some|several|much|more|anyone|everyone|someone|nobody|people|others?)$/u.test(first) ||
    /^(?:can|may|could|might)$/u.test(finite)
  );
}

/** "Chlorine destroys polyamide" → "What destroys polyamide?" */
export function* subjects(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  const head = clause && tokens[clause.head];
  if (!clause || !verb || !head || clause.verb.negative || head.pos === 'PRON' || frame.lead) return;
  if (clause.verb.passive || isHave(verb) || !plainVerbs.has(verb.lemma) || verbForm(verb) === 'ing' || !isWhole(frame))
    return;
  const object = nounCore(tokens, clause.tail.from);
  if (object < 0 || tokens[clause.tail.from]?.pos === 'PRON' || clause.tail.to - clause.tail.from < 3) return;
  const definite = tokens[clause.subject.from]?.lower === 'the';
  const bare =
    definite &&
    (clause.subject.to - clause.subject.from === 2 || selecting.test(tokens[clause.subject.from + 1]?.lower ?? ''));
  if (
    bare ||
    tokens.slice(clause.subject.from, clause.subject.to).some((token) => token.pos === 'NUM') ||
    isGeneral(frame) ||
    /^(?:each|every|one)$/u.test(tokens[clause.subject.from]?.lower ?? '') ||
    /^(?:this|these|that|those|its|their|his|her|my|our|your|many|most|some|several|such|no|residents|users|readers|visitors)$/u.test(
      tokens[clause.subject.from]?.lower ?? '',
    )
  )
    return;
  const person = isPerson(head, sentence, clause.subject);
  if (head.pos === 'PROPN' && !person) return;
  if (clause.plural && (person || /(?:ers|ors|ists|ians|men|women|people)$/u.test(head.lower))) return;
  yield {
    score: 0.7,
    difficulty: 'easy',
    reasoning: direct,
    answer: clause.subject,
    uses: [clause.tail],
    write: (replacements) => join(person ? 'who' : 'what', predicate(sentence, clause, clause.tail, replacements)),
  };
}
