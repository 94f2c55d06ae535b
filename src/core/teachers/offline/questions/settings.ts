import { type Range, type Token } from '../language/token';
import { inverted, join, words } from '../language/wording';
import { type Draft, type Frame } from './candidate';

const months =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?$/u;

/** "… was founded in 1848" → "When was X founded?"; "… was born in Shrewsbury" → "Where …?" */
export function* settings(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead } = frame;
  const { tokens } = sentence;
  if (!clause || clause.verb.main < 0 || clause.verb.negative) return;
  for (let i = clause.tail.from; i < clause.tail.to; i += 1) {
    if (!/^(?:in|on|at|near|around|between|from)$/u.test(tokens[i]?.lower ?? '')) continue;
    const date = dateEnd(tokens, i);
    const place = date < 0 && /^(?:in|at|near)$/u.test(tokens[i]?.lower ?? '') ? placeEnd(tokens, i) : -1;
    const to = Math.max(date, place);
    if (to < 0 || to > clause.tail.to || (place > 0 && to < clause.tail.to && dateEnd(tokens, to) < 0)) continue;
    const before: Range = { from: clause.tail.from, to: i };
    if (place > 0 && tokens.slice(before.from, before.to).some((token) => token.pos === 'ADP' || token.pos === 'PART'))
      continue;
    const rest: Range = { from: to, to: clause.tail.to };
    yield {
      score: date > 0 ? 0.95 : 0.85,
      difficulty: 'easy',
      reasoning: date > 0 ? 'The sentence gives the date.' : 'The sentence names the place.',
      answer: { from: i, to },
      uses: [clause.subject, before, rest],
      write: (replacements) =>
        join(
          date > 0 ? 'when' : 'where',
          inverted(sentence, clause, before, replacements),
          words(sentence, rest, replacements),
        ),
    };
  }
  if (
    lead?.kind === 'phrase' &&
    /^(?:in|on|around|between|from)$/u.test(tokens[lead.from]?.lower ?? '') &&
    dateEnd(tokens, lead.from) === lead.to
  ) {
    yield {
      score: 0.95,
      difficulty: 'easy',
      reasoning: 'The sentence begins with the date.',
      answer: lead,
      uses: [clause.subject, clause.tail],
      write: (replacements) => join('when', inverted(sentence, clause, clause.tail, replacements)),
    };
  }
}

/** End of "in 1848", "in May 1848", "on 12 February 1809", "on March 4, 1861", or -1. */
function dateEnd(tokens: readonly Token[], at: number): number {
  if (/^(?:between|from)$/u.test(tokens[at]?.lower ?? '')) {
    const years = [at + 1, at + 3].every((i) => /^(?:1\d|20)\d\d$/u.test(tokens[i]?.text ?? ''));
    return years && /^(?:and|to|until)$/u.test(tokens[at + 2]?.lower ?? '') ? at + 4 : -1;
  }
  if (!/^(?:in|on|around)$/u.test(tokens[at]?.lower ?? '')) return -1;
  let i = at + 1;
  let dated = false;
  for (; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (!token) break;
    const year = /^(?:1\d|20)\d\d$/u.test(token.text);
    if (months.test(token.lower) || year) dated = true;
    else if (
      !/^\d{1,2}(?:st|nd|rd|th)?$/u.test(token.text) &&
      !(token.text === ',' && /^(?:1\d|20)\d\d$/u.test(tokens[i + 1]?.text ?? '')) &&
      !/^(?:early|late|mid|spring|summer|autumn|winter|of|the)$/u.test(token.lower)
    )
      break;
    if (year) {
      i += 1;
      break;
    }
  }
  return dated ? i : -1;
}

function placeEnd(tokens: readonly Token[], at: number): number {
  let i = at + 1;
  while (tokens[i]?.pos === 'PROPN' && /^\p{Lu}/u.test(tokens[i]?.text ?? '') && !months.test(tokens[i]?.lower ?? ''))
    i += 1;
  return i > at + 1 && tokens[i]?.pos !== 'NOUN' && tokens[i]?.text !== "'s" ? i : -1;
}
