import { hasRelative } from '../language/clause';
import { inverted, join, words } from '../language/wording';
import type { Range } from '../language/token';
import { leadUse, trailingLead } from './candidate';
import type { Draft, Frame } from './frame';

/** "X does Y because Z" → "Why does X do Y?" */
export function* causes(frame: Frame): Generator<Draft> {
  const { sentence, clause, lead } = frame;
  if (lead?.kind === 'because' && clause) {
    yield why(frame, { from: lead.from, to: lead.to });
  }
  if (clause && !lead) yield* aims(frame);
  const after = clause?.after;
  if (!clause || !after || (after.kind !== 'because' && after.kind !== 'purpose')) return;
  if (after.to - after.at < 3 || lead?.kind === 'because' || hasRelative(sentence.tokens, clause.tail)) return;
  if (sentence.tokens[clause.head]?.lower === 'you') return;
  const only = /^(?:solely|only|mainly|partly|largely|just|simply|merely|precisely|probably|perhaps)$/u.test(
    sentence.tokens[clause.tail.to - 1]?.lower ?? '',
  );
  const from = only && clause.tail.to > clause.tail.from ? clause.tail.to - 1 : after.at;
  // "Why did the bridge survive?": what, the passage says elsewhere.
  if (clause.tail.to === clause.tail.from && clause.verb.main >= 0 && clause.verb.aux < 0) return;
  if (sentence.tokens.slice(from, after.to).some((token) => token.lower === 'said')) return;
  yield why(frame, { from, to: after.to }, { from: clause.tail.from, to: Math.min(clause.tail.to, from) });
}

/** "The railway was built to carry ore" → "Why was the railway built?" */
function* aims(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  if (
    !clause?.verb.passive ||
    !verb ||
    !/^(?:build|design|add|install|introduce|found|create|fit|develop|invent|erect|construct|establish|hire|close|open|send)$/u.test(
      verb.lemma,
    )
  )
    return;
  const to = clause.tail.from;
  if (tokens[to]?.lower !== 'to' || tokens[to + 1]?.pos !== 'VERB') return;
  yield why(frame, { from: to, to: clause.tail.to }, { from: to, to });
}

function why(frame: Frame, answer: Range, tail = frame.clause?.tail ?? answer): Draft {
  const { clause, sentence } = frame;
  const uses = clause ? [clause.subject, tail, ...leadUse(frame)] : [];
  const linking = sentence.tokens[answer.from]?.text ?? '';
  return {
    score: 1,
    difficulty: 'medium',
    reasoning: `One sentence gives the fact and its reason; the answer is the part that begins with “${linking}”.`,
    answer,
    uses,
    write: (replacements) =>
      clause ? join('why', inverted(sentence, clause, tail, replacements), trailingLead(frame, replacements)) : '',
  };
}

/** "Do X because Y" → "Why should you do X?" */
export function* commandCauses(frame: Frame): Generator<Draft> {
  const command = commandOf(frame);
  if (!command || frame.lead) return;
  const { sentence } = frame;
  const at = sentence.tokens.findIndex(
    (token, i) =>
      i > command.verb.from &&
      (token.lower === 'because' ||
        (token.lower === 'since' && sentence.tokens[i - 1]?.text === ',') ||
        (token.lower === 'so' && sentence.tokens[i + 1]?.lower === 'that')),
  );
  if (at < 0 || sentence.tokens[at + 1]?.lower === 'of') return;
  const to = sentence.tokens[at - 1]?.text === ',' ? at - 1 : at;
  const what = { from: command.verb.from, to };
  if (what.to - what.from < 2) return;
  yield {
    score: 1,
    difficulty: 'medium',
    reasoning: `The instruction gives its own reason after “${sentence.tokens[at]?.text ?? ''}”.`,
    answer: { from: at, to: sentence.tokens.length },
    local: frame.mentions.subject !== undefined,
    uses: [what],
    write: (replacements) => join('why should you', command.word, words(sentence, what, replacements)),
  };
}

export interface Command {
  /** "not", "never", "always" or nothing. */
  readonly word: string;
  /** From the verb to the end of the sentence. */
  readonly verb: Range;
}

export function commandOf(frame: Frame): Command | undefined {
  if (!frame.imperative) return undefined;
  const { tokens } = frame.sentence;
  const first = tokens[frame.main]?.lower;
  const skip = first === 'do' ? 2 : first === 'never' || first === 'always' ? 1 : 0;
  const word = first === 'do' ? 'not' : skip === 1 ? (first ?? '') : '';
  return { word, verb: { from: frame.main + skip, to: tokens.length } };
}
