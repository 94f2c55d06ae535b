import { partsOf } from '../language/parts';
import { isHave } from '../language/phrases';
import { verbForm } from '../language/token';
import { inverted, join, predicate, words } from '../language/wording';
import type { Draft, Frame } from './frame';
import { isSomebody } from './people';

/** Deeds that somebody is known for, so that "Who …?" has one answer. */
const deeds =
  /^(?:invent|discover|found|establish|design|build|write|compose|paint|draw|publish|introduce|patent|name|describe|develop|propose|recommend|donate|translate|construct|create|direct|lead|command|commission|order|win|plant|buy|purchase|sell|restore|map|survey|excavate|measure|prove|demonstrate|open|launch|pioneer|coin|edit|collect|engrave|carve|cast|weave|record|identify|isolate|explain|calculate|organise|organize|succeed|teach|convert|finance|fund|inherit|receive|study|earn|rebuild|replace|abolish|ban|allow|grant|award)$/u;

/** "Ann Fraser founded the distillery in 1825" → "Who founded the distillery in 1825?"; the same with "was founded by". */
export function* doers(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead, referent } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  if (!clause || !verb || clause.verb.negative || referent || !deeds.test(verb.lemma)) return;
  if (lead && lead.kind !== 'phrase') return;
  const parts = partsOf(tokens, clause);
  const shared = { difficulty: 'easy' as const, reasoning: 'The sentence says who did it.', parted: true };
  const object = parts?.find((part) => part.kind === 'object' || part.kind === 'that');
  if (!clause.verb.passive) {
    if (!parts || !object || clause.verb.aux >= 0 || isHave(verb) || verbForm(verb) !== 'past') return;
    if (!isSomebody(frame, clause.subject) || object.to - object.from < 2) return;
    const kept = parts.filter((part) => !part.loose);
    if (kept.some((part) => !/^(?:object|phrase|word|that)$/u.test(part.kind))) return;
    yield {
      ...shared,
      score: 0.85,
      answer: clause.subject,
      uses: [...kept, ...(lead ? [lead] : [])],
      write: (replacements) =>
        join(
          'who',
          predicate(sentence, clause, { from: 0, to: 0 }, replacements),
          ...kept.map((part) => words(sentence, part, replacements)),
          lead ? words(sentence, lead, replacements) : '',
        ),
    };
    return;
  }
  yield* agents(frame);
}

/** "She inherited two canoes and a debt" → "What did she inherit?" */
export function* deedsOf(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  const parts = clause && partsOf(tokens, clause);
  if (!clause || !verb || !parts || clause.verb.negative || clause.verb.passive || lead) return;
  if (!deeds.test(verb.lemma) || clause.verb.aux >= 0 || verbForm(verb) !== 'past') return;
  if (!frame.referent && !isSomebody(frame, clause.subject)) return;
  const firm = parts.filter((part) => !part.loose);
  const [object, ...rest] = firm;
  if (object?.kind !== 'object' || rest.some((part) => part.kind !== 'phrase') || object.to - object.from < 3) return;
  if (/^(?:PRON)$/u.test(tokens[object.from]?.pos ?? '') || tokens[object.from]?.lower === 'the') return;
  yield {
    score: rest.length > 0 || object.to - object.from > 5 ? 0.8 : 0.7,
    difficulty: 'easy',
    reasoning: 'The sentence says what was done.',
    parted: true,
    answer: object,
    uses: [clause.subject, ...rest],
    write: (replacements) =>
      join(
        'what',
        inverted(sentence, clause, { from: 0, to: 0 }, replacements),
        ...rest.map((part) => words(sentence, part, replacements)),
      ),
  };
}

/** "The hall was designed by Ann Fraser in 1825" → "By whom was the hall designed?" */
function* agents(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const parts = clause && partsOf(tokens, clause);
  const by = parts?.find((part) => part.kind === 'phrase' && part.opening === 'by' && !part.loose);
  if (!clause || !parts || !by || !/^(?:was|were)$/u.test(tokens[clause.verb.aux]?.lower ?? '')) return;
  const agent = { from: by.from + 1, to: by.to };
  const kept = parts.filter((part) => part !== by && !part.loose);
  if (!isSomebody(frame, agent) || kept.some((part) => part.kind !== 'phrase' && part.kind !== 'word')) return;
  yield {
    score: 0.85,
    difficulty: 'easy',
    reasoning: 'The sentence says by whom it was done.',
    parted: true,
    answer: agent,
    uses: [clause.subject, ...kept],
    write: (replacements) =>
      join(
        'who',
        predicateOfAgent(frame),
        words(sentence, clause.subject, replacements),
        ...kept.map((part) => words(sentence, part, replacements)),
      ),
  };
}

/** Regular participles are the past form too; of the others only those that are. */
function predicateOfAgent({ clause, sentence }: Frame): string {
  const verb = clause && sentence.tokens[clause.verb.main];
  const past = verb && Object.hasOwn(pastOf, verb.lower) ? pastOf[verb.lower] : verb?.lower;
  return past ?? '';
}

const pastOf: Readonly<Record<string, string>> = {
  written: 'wrote',
  drawn: 'drew',
  woven: 'wove',
  begun: 'began',
  given: 'gave',
  taken: 'took',
  chosen: 'chose',
};
