import { nounCore } from '../language/phrases';
import { isPerson } from '../language/reference';
import { type Range, verbForm } from '../language/token';
import { inverted, join } from '../language/wording';
import { type Draft, type Frame, leadUse, trailingLead } from './candidate';

const direct = 'One sentence of the passage states this directly.';

/** "X is driven by Y" → "What is X driven by?"; "by removing oxygen" → "How does X …?" */
export function* means(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  if (!clause || clause.verb.main < 0 || clause.verb.negative) return;
  const by = tokens.findIndex((token, i) => i >= clause.tail.from && i < clause.tail.to && token.lower === 'by');
  const next = tokens[by + 1];
  if (by < 0 || !next) return;
  const before: Range = { from: clause.tail.from, to: by };
  if (
    (next.pos === 'VERB' && verbForm(next) === 'ing') ||
    (next.pos === 'NOUN' &&
      /[^aeiou].*ing$/u.test(next.lower) &&
      (!clause.verb.passive || /^(?:NOUN|DET|ADJ|PRON)$/u.test(tokens[by + 2]?.pos ?? '')))
  ) {
    yield {
      score: 0.95,
      difficulty: 'medium',
      reasoning: 'The sentence names the result and, after “by”, the way it is reached.',
      answer: { from: by, to: clause.tail.to },
      uses: [clause.subject, before, ...leadUse(frame)],
      write: (replacements) =>
        join('how', inverted(sentence, clause, before, replacements), trailingLead(frame, replacements)),
    };
  } else if (
    clause.verb.passive &&
    by === clause.tail.from &&
    next.pos !== 'NUM' &&
    next.pos !== 'ADV' &&
    !/^(?:hand|law|then|accident|now|way|far|means)$/u.test(next.lower) &&
    !tokens
      .slice(by + 1, clause.tail.to)
      .some((token) => /^(?:for|since|during|after|before|at|on|within|until|to|in)$/u.test(token.lower))
  ) {
    const person =
      tokens.slice(by + 1, clause.tail.to).some((token) => token.pos === 'PROPN') ||
      isPerson(tokens[nounCore(tokens, by + 1) - 1] ?? next, sentence, { from: by + 1, to: clause.tail.to });
    if (
      person &&
      !isPerson(tokens[nounCore(tokens, by + 1) - 1] ?? next, sentence, { from: by + 1, to: clause.tail.to }) &&
      clause.tail.to - by < 3
    )
      return;
    yield {
      score: 0.8,
      difficulty: 'easy',
      reasoning: direct,
      answer: { from: by + 1, to: clause.tail.to },
      uses: [clause.subject, ...leadUse(frame)],
      write: (replacements) =>
        join(
          person ? 'who' : 'what',
          inverted(sentence, clause, { from: 0, to: 0 }, replacements),
          'by',
          trailingLead(frame, replacements),
        ),
    };
  }
}
