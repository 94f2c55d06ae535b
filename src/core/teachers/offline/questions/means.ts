import { type Range, verbForm } from '../language/token';
import { inverted, join, words } from '../language/wording';
import { commandOf } from './causes';
import { leadUse, trailingLead } from './candidate';
import type { Draft, Frame } from './frame';

/** "Disinfect the knife by dipping it into …" → "How should you disinfect the knife?" */
export function* commandMeans(frame: Frame): Generator<Draft> {
  const command = commandOf(frame);
  if (!command || frame.lead || command.word !== '') return;
  const { tokens } = frame.sentence;
  const by = tokens.findIndex(
    (token, i) =>
      i > command.verb.from + 1 && token.lower === 'by' && /[^aeiou].*ing$/u.test(tokens[i + 1]?.lower ?? ''),
  );
  const what: Range = { from: command.verb.from, to: by };
  if (
    by < 0 ||
    tokens
      .slice(what.from, what.to)
      .some((token) => token.pos === 'PUNCT' || token.pos === 'CCONJ' || token.pos === 'SCONJ')
  )
    return;
  yield {
    score: 0.9,
    difficulty: 'medium',
    reasoning: 'The instruction says what to do and, after “by”, how.',
    answer: { from: by, to: tokens.length },
    uses: [what],
    write: (replacements) => join('how should you', words(frame.sentence, what, replacements)),
  };
}

/** "… by removing oxygen" → "How does X …?" */
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
  }
}
