import { partsOf } from '../language/parts';
import { isNoun, verbForm } from '../language/token';
import { inverted, join } from '../language/wording';
import type { Draft, Frame } from './frame';

/** Verbs after which "that …" is the news: what was found, said, decided. */
const telling =
  /^(?:find|show|conclude|discover|prove|demonstrate|report|argue|believe|claim|suggest|warn|estimate|predict|observe|notice|note|calculate|establish|maintain|propose|recommend|state|announce|reveal|confirm|explain|reckon|realise|realize|hold|provide|require|decide|learn|recognise|recognize)$/u;

/** "The report concluded that the wall would fail" → "What did the report conclude?" */
export function* reports(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  if (!clause || !verb || clause.verb.negative || clause.verb.passive || lead || !telling.test(verb.lemma)) return;
  const parts = partsOf(tokens, clause);
  const what = parts?.[0];
  if (what?.kind !== 'that' || what.opening !== 'that' || parts?.length !== 1 || what.to - what.from < 6) return;
  if (tokens[what.from + 1]?.pos === 'PRON') return;
  // "What did she find?" has as many answers as she had days: who tells must be told apart by more than a name.
  const said = tokens
    .slice(clause.subject.from, clause.subject.to)
    .filter((token) => isNoun(token) || token.pos === 'ADJ' || token.pos === 'NUM');
  if (
    frame.referent ||
    (said.length < 2 && !/^(?:research|studies|experiments|surveys|tests)$/u.test(said[0]?.lower ?? '')) ||
    said.every((token) => token.pos === 'PROPN')
  )
    return;
  // Who tells must be somebody in particular, or the question is about nothing.
  if (
    /^(?:an?|some|many|few|most|one|others?|people|you|critics|experts)$/u.test(
      tokens[clause.subject.from]?.lower ?? '',
    ) &&
    clause.subject.to - clause.subject.from < 4
  )
    return;
  yield {
    score: verbForm(verb) === 'past' || clause.verb.aux >= 0 ? 0.85 : 0.8,
    difficulty: 'medium',
    reasoning: 'The sentence says who tells it and, after “that”, what.',
    answer: what,
    uses: [clause.subject],
    parted: true,
    write: (replacements) => join('what', inverted(sentence, clause, { from: 0, to: 0 }, replacements)),
  };
}
