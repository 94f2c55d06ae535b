import { nounCore } from '../language/phrases';
import { isNoun, isPlural, type Range } from '../language/token';
import { inverted, join, words } from '../language/wording';
import { leadUse, trailingLead } from './candidate';
import type { Draft, Frame } from './frame';

const direct = 'One sentence of the passage states this directly.';
/** "The network is used for holidays" → "What is the network used for?" */
export function* uses(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  const first = clause && tokens[clause.tail.from];
  if (!clause || !verb || !first || clause.verb.negative) return;
  const shared = { difficulty: 'easy' as const, reasoning: direct, uses: [clause.subject, ...leadUse(frame)] };
  const nothing: Range = { from: 0, to: 0 };
  if (!clause.verb.passive) return;
  if (
    /^(?:call|name)$/u.test(verb.lemma) &&
    nounCore(tokens, clause.tail.from) === clause.tail.to &&
    isNoun(tokens[clause.tail.to - 1])
  ) {
    yield {
      ...shared,
      score: 0.85,
      answer: clause.tail,
      write: (replacements) =>
        join('what', inverted(sentence, clause, nothing, replacements), trailingLead(frame, replacements)),
    };
  }
  if (/^(?:for|from|with|as|into|of)$/u.test(first.lower) && asksWhat(frame, verb.lemma, first.lower)) {
    yield {
      ...shared,
      score: 0.8,
      answer: { from: clause.tail.from + 1, to: clause.tail.to },
      write: (replacements) =>
        join('what', inverted(sentence, clause, nothing, replacements), first.lower, trailingLead(frame, replacements)),
    };
  }
}

/** Verbs with the preposition that belongs to them when they are passive. */
const pairs = new Set(
  'use:for use:as make:of make:from make:with compose:of know:as know:for treat:as treat:with supply:from supply:with divide:into drive:by remove:with fill:with coat:with cover:with equip:with fit:with mix:with replace:with derive:from obtain:from extract:from build:from build:of regard:as split:into turn:into convert:into transform:into line:with feed:with clean:with sow:with prepare:from fix:with wrap:in',
);

function asksWhat(frame: Frame, verb: string, preposition: string): boolean {
  const { clause, sentence } = frame;
  if (!clause || !pairs.has(`${verb}:${preposition}`)) return false;
  const core = nounCore(sentence.tokens, clause.tail.from + 1);
  return (
    core > 0 &&
    isNoun(sentence.tokens[core - 1]) &&
    !/^(?:it|them|this|these)$/u.test(sentence.tokens[clause.tail.from + 1]?.lower ?? '')
  );
}

/** "12 percent of the water becomes …" → "What percentage of the water becomes …?"; "four thousand miles were dug" → "How many miles …?" */
export function* shares(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  if (!clause || clause.verb.negative) return;
  const { subject } = clause;
  const num = tokens.findIndex((token, i) => i >= subject.from && i < subject.to && token.pos === 'NUM');
  const modifiers = tokens.slice(subject.from, Math.max(num, subject.from));
  if (
    num < 0 ||
    modifiers.some(
      (token) =>
        !/^(?:only|about|nearly|almost|roughly|approximately|over|under|around|exactly|just|some|at|least|most|more|less|fewer|than|up|to)$/u.test(
          token.lower,
        ),
    )
  )
    return;
  let last = num;
  while (tokens[last + 1]?.pos === 'NUM') last += 1;
  const unit = tokens[last + 1];
  if (!unit || !isNoun(unit) || tokens[num]?.lower === 'one' || last + 1 >= subject.to) return;
  const predicate: Range = { from: clause.verb.from, to: clause.tail.to };
  const share =
    /^(?:percent|%|quarters|thirds|fifths|halves|tenths)$/u.test(unit.lower) && tokens[last + 2]?.lower === 'of';
  const rest: Range = { from: share ? last + 2 : last + 1, to: subject.to };
  if (!share && !isPlural(tokens[subject.to - 1] ?? unit) && !isPlural(unit)) return;
  if (!share && clause.verb.main < 0 && clause.tail.to - clause.tail.from < 2) return;
  yield {
    score: 0.9,
    difficulty: 'easy',
    reasoning: 'The sentence states the figure.',
    answer: { from: subject.from, to: share ? last + 2 : last + 1 },
    uses: [rest, predicate, ...leadUse(frame)],
    write: (replacements) =>
      join(
        share ? (/^(?:percent|%)$/u.test(unit.lower) ? 'what percentage' : 'what share') : 'how many',
        words(sentence, rest, replacements),
        words(sentence, predicate, replacements),
        trailingLead(frame, replacements),
      ),
  };
}

/** "Three things determine X: a, b and c" → "Which three things determine X?" */
export function* enumerations(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead } = frame;
  const { tokens } = sentence;
  const after = clause?.after;
  if (!clause || after?.kind !== 'hard' || tokens[after.at]?.text !== ':' || lead) return;
  const list: Range = { from: after.at + 1, to: tokens.length };
  if (!tokens.slice(list.from, list.to).some((token) => token.lower === 'and' || token.lower === 'or')) return;
  if (tokens.slice(list.from, list.to).some((token) => token.pos === 'AUX' || token.pos === 'PRON')) return;
  const shared = {
    score: 1,
    difficulty: 'medium' as const,
    reasoning: 'The sentence announces a number of things and lists them after the colon.',
    answer: list,
  };
  const subject = tokens[clause.subject.from];
  if (subject?.pos === 'NUM') {
    const body: Range = { from: clause.subject.from, to: clause.tail.to };
    yield { ...shared, uses: [body], write: (replacements) => join('which', words(sentence, body, replacements)) };
  } else if (
    tokens[clause.tail.from]?.pos === 'NUM' &&
    clause.verb.main >= 0 &&
    !/^(?:take|have|make|do|get)$/u.test(tokens[clause.verb.main]?.lemma ?? '')
  ) {
    const core = nounCore(tokens, clause.tail.from);
    const counted: Range = { from: clause.tail.from, to: core };
    const rest: Range = { from: core, to: clause.tail.to };
    if (core < 0) return;
    yield {
      ...shared,
      uses: [counted, clause.subject, rest],
      write: (replacements) =>
        join('which', words(sentence, counted, replacements), inverted(sentence, clause, rest, replacements)),
    };
  }
}
