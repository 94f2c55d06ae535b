import { nounCore } from '../language/phrases';
import { isNoun, isPlural, type Range, type Token } from '../language/token';
import { inverted, join, words } from '../language/wording';
import { leadUse, trailingLead } from './candidate';
import type { Draft, Frame } from './frame';

const timeUnits = /^(?:second|minute|hour|day|week|month|year|decade|centur|fortnight|night)/u;
const scales: readonly (readonly [RegExp, string])[] = [
  [/^(?:bar|psi|pascals?|kilopascals?|kpa|mpa|atmospheres?)$/u, 'at what pressure'],
  [/^(?:°[cf]|degrees?|kelvin)$/u, 'at what temperature'],
  [/^(?:volts?|kilovolts?|v|kv)$/u, 'at what voltage'],
  [/^(?:hertz|kilohertz|megahertz|gigahertz|hz|khz|mhz|ghz)$/u, 'at what frequency'],
  [/^(?:km\/h|kph|mph|knots?|m\/s|rpm)$/u, 'at what speed'],
];
const howVerbs: Readonly<Record<string, string>> = {
  weigh: 'how much',
  cost: 'how much',
  last: 'how long',
  take: 'how long',
};
const extents = /^(?:deep|high|wide|long|tall|thick|old|broad|heavy|far)$/u;

/** Questions whose answer is a number with its unit. */
export function* quantities(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  if (!clause || clause.verb.negative) return;
  const { tokens } = sentence;
  if (clause.verb.main < 0) {
    yield* extent(frame);
    return;
  }
  yield* measured(frame);
  yield* counted(frame);
  yield* attribute(frame);
  for (let i = clause.tail.from; i < clause.tail.to; i += 1) {
    const word = tokens[i]?.lower;
    if (word === 'at') yield* adjunct(frame, i, scaleOf(frame, i));
    if (word === 'for') yield* adjunct(frame, i, isTime(frame, i) ? 'for how long' : undefined);
    if (word === 'within') yield* adjunct(frame, i, withinOf(frame, i));
    if (word === 'every') yield* adjunct(frame, i, isTime(frame, i) ? 'how often' : undefined);
    if (word === 'by' && i === clause.tail.from)
      yield* adjunct(frame, i, isAmount(frame, i) ? 'by how much' : undefined);
  }
}

/** The number phrase that starts at `from`: its end, the index of the number and of the first noun after it. */
function number(
  frame: Frame,
  from: number,
): { readonly to: number; readonly num: Token; readonly noun: number } | undefined {
  const { tokens } = frame.sentence;
  const core = nounCore(tokens, from);
  if (core < 0) return undefined;
  let at = tokens.findIndex((token, i) => i >= from && i < core && token.pos === 'NUM');
  if (at < 0 || tokens.slice(from, at).some((token) => /^(?:NOUN|DET|PRON)$/u.test(token.pos) || token.pos === 'PROPN'))
    return undefined;
  const num = tokens[at];
  if (!num) return undefined;
  let to = core;
  if (/^(?:to|and|by|or)$/u.test(tokens[core]?.lower ?? '') && tokens[core + 1]?.pos === 'NUM') {
    const other = nounCore(tokens, core + 1);
    if (other > 0) [to, at] = [other, core + 1];
  }
  while (tokens[at + 1]?.pos === 'NUM') at += 1;
  return { to, num, noun: at + 1 };
}

function isTime(frame: Frame, at: number): boolean {
  const found = number(frame, at + 1);
  return found !== undefined && timeUnits.test(frame.sentence.tokens[found.noun]?.lower ?? '') && found.noun < found.to;
}

const changes =
  /^(?:rise|fall|increase|decrease|grow|shrink|drop|gain|lose|reduce|cut|raise|lower|improve|exceed|expand|decline|climb|shorten|lengthen|widen|extend|slow|give)$/u;

function withinOf(frame: Frame, at: number): string | undefined {
  const found = number(frame, at + 1);
  const unit = found && frame.sentence.tokens[found.noun];
  return unit && isPlural(unit) && isTime(frame, at) ? `within how many ${unit.text}` : undefined;
}

function isAmount(frame: Frame, at: number): boolean {
  const verb = frame.sentence.tokens[frame.clause?.verb.main ?? -1];
  return verb !== undefined && changes.test(verb.lemma) && number(frame, at + 1) !== undefined;
}

function scaleOf(frame: Frame, at: number): string | undefined {
  const found = number(frame, at + 1);
  const unit = found && frame.sentence.tokens[found.noun]?.lower;
  return unit === undefined ? undefined : scales.find(([pattern]) => pattern.test(unit))?.[1];
}

/** "opens at 69 bar" → "At what pressure does X open?" */
function* adjunct(frame: Frame, at: number, ask: string | undefined): Generator<Draft> {
  const { clause, sentence } = frame;
  const found = number(frame, at + 1);
  if (!clause || ask === undefined || !found) return;
  const before: Range = { from: clause.tail.from, to: at };
  let end = perUnit(frame, found.to);
  if (ask.startsWith('within') && sentence.tokens[end]?.lower === 'of')
    end = Math.max(end, nounCore(sentence.tokens, end + 1));
  const rest: Range = { from: end, to: clause.tail.to };
  if (rest.to > rest.from && /^(?:of|and|or|to|,)$/u.test(sentence.tokens[rest.from]?.lower ?? '')) return;
  if (
    sentence.tokens
      .slice(before.from, before.to)
      .some(
        (token) =>
          token.pos === 'CCONJ' ||
          /^(?:by|that|which|who|whether|how|if|what)$/u.test(token.lower) ||
          /ing$/u.test(token.lower) ||
          token.lower === sentence.tokens[at]?.lower,
      )
  )
    return;
  const bounded =
    rest.to === rest.from &&
    clause.after?.kind === 'when' &&
    clause.after.at === rest.to &&
    /^(?:after|before)$/u.test(sentence.tokens[clause.after.at]?.lower ?? '');
  yield {
    score: 0.95,
    difficulty: 'easy',
    reasoning: 'The sentence states the figure with its unit.',
    answer: { from: ask === 'how often' ? at : at + 1, to: bounded ? clause.after.to : rest.from },
    uses: [clause.subject, before, rest, ...leadUse(frame)],
    write: (replacements) =>
      join(
        ask,
        inverted(sentence, clause, before, replacements),
        words(sentence, rest, replacements),
        trailingLead(frame, replacements),
      ),
  };
}

/** "weighs 68 kilograms" → "How much does X weigh?" */
function* measured(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const verb = clause && sentence.tokens[clause.verb.main];
  const found = clause && number(frame, clause.tail.from);
  if (!verb || !found || !Object.hasOwn(howVerbs, verb.lemma)) return;
  const unit = sentence.tokens[found.noun]?.lower ?? '';
  if (verb.lemma === 'take' && !timeUnits.test(unit)) return;
  if (verb.lemma === 'last' && !timeUnits.test(unit)) return;
  const rest: Range = { from: found.to, to: clause.tail.to };
  if (/^(?:as|more|less|times|and|or)$/u.test(sentence.tokens[rest.from]?.lower ?? '') || unit === 'times') return;
  if (sentence.tokens.slice(rest.from, rest.to).some((token) => token.lower === 'than')) return;
  yield figure(frame, { from: clause.tail.from, to: found.to }, howVerbs[verb.lemma] ?? 'how much', rest, 0.95);
}

function figure(frame: Frame, answer: Range, ask: string, rest: Range, score: number): Draft {
  const { clause, sentence } = frame;
  return {
    score,
    difficulty: 'easy',
    reasoning: 'The sentence states the figure with its unit.',
    answer,
    uses: clause ? [clause.subject, rest, ...leadUse(frame)] : [],
    write: (replacements) =>
      clause ? join(ask, inverted(sentence, clause, rest, replacements), trailingLead(frame, replacements)) : '',
  };
}

/** "holds 0.6 litres of oil" → "How many litres of oil does X hold?" */
function* counted(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const found = clause && number(frame, clause.tail.from);
  const verb = clause && tokens[clause.verb.main];
  if (!clause || !found || !verb || Object.hasOwn(howVerbs, verb.lemma) || found.noun >= found.to) return;
  const noun = tokens[found.to - 1];
  if (
    !noun ||
    !(isPlural(noun) || /^(?:percent|kg|km|mm|cm|m|l|g)$/u.test(noun.lower)) ||
    (found.num.lower === 'one' && tokens[found.noun - 2]?.pos !== 'NUM')
  )
    return;
  if (/^\d{4}$/u.test(found.num.text) && !isPlural(noun)) return;
  if (/^(?:halves|thirds|quarters|fifths|tenths|times)$/u.test(tokens[found.noun]?.lower ?? '')) return;
  // "has two methods: …" announces them; their number is not what it tells.
  if (clause.after?.kind === 'hard') return;
  let to = found.to;
  while (tokens[to]?.lower === 'of' && nounCore(tokens, to + 1) > 0) to = nounCore(tokens, to + 1);
  to = perUnit(frame, to);
  const what: Range = { from: found.noun, to };
  const rest: Range = { from: to, to: clause.tail.to };
  // "120 people standing or 80 seated", "41 people in Selham and 300 along the coast": several figures for several cases.
  const choice = tokens
    .slice(clause.tail.from, found.to)
    .some((token, i) => token.pos === 'CCONJ' && tokens[clause.tail.from + i - 1]?.pos !== 'NUM');
  if (
    choice ||
    tokens.slice(rest.from, rest.to).some((token, i) => token.pos === 'CCONJ' && hasFigure(tokens, rest.from + i + 1))
  )
    return;
  if (clause.verb.passive || (rest.to > rest.from && /^(?:,|and|or)$/u.test(tokens[rest.from]?.lower ?? ''))) return;
  yield {
    score: 0.95,
    difficulty: 'easy',
    reasoning: 'The sentence states the figure with its unit.',
    answer: { from: clause.tail.from, to: found.to },
    uses: [clause.subject, what, rest, ...leadUse(frame)],
    write: (replacements) =>
      join(
        'how many',
        words(sentence, what, replacements),
        inverted(sentence, clause, rest, replacements),
        trailingLead(frame, replacements),
      ),
  };
}

function hasFigure(tokens: readonly Token[], at: number): boolean {
  return tokens.slice(at, at + 4).some((token) => token.pos === 'NUM');
}

/** "… an hour", "… per day", "… a year". */
function perUnit(frame: Frame, at: number): number {
  const { tokens } = frame.sentence;
  const next = tokens[at + 1];
  return /^(?:an?|per)$/u.test(tokens[at]?.lower ?? '') && next && timeUnits.test(next.lower) && isNoun(next)
    ? at + 2
    : at;
}

/** "has a diameter of 19 millimetres" → "What is the diameter of X?" */
function* attribute(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  if (!clause || tokens[clause.verb.main]?.lemma !== 'have' || clause.verb.aux >= 0) return;
  const start = clause.tail.from;
  if (!/^an?$/u.test(tokens[start]?.lower ?? '')) return;
  const core = nounCore(tokens, start);
  if (core < 0 || tokens[core]?.lower !== 'of') return;
  const found = number(frame, core + 1);
  if (!found) return;
  const past = tokens[clause.verb.main]?.lower === 'had';
  const name: Range = { from: start + 1, to: core };
  yield {
    score: 0.95,
    difficulty: 'easy',
    reasoning: 'The sentence states the figure with its unit.',
    answer: { from: core + 1, to: perUnit(frame, found.to) },
    uses: [clause.subject, name, ...leadUse(frame)],
    write: (replacements) =>
      join(
        'what',
        past ? 'was' : 'is',
        'the',
        words(sentence, name),
        'of',
        words(sentence, clause.subject, replacements),
        trailingLead(frame, replacements),
      ),
  };
}

/** "is 3½ m deep at the weir" → "How deep is X at the weir?" */
function* extent(frame: Frame): Generator<Draft> {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const found = clause && number(frame, clause.tail.from);
  if (!clause || !found) return;
  const word = tokens[found.to]?.lower ?? '';
  if (!extents.test(word)) return;
  // An age is of one moment: "was eighteen years old" says nothing without it.
  if (word === 'old' && found.to + 1 >= clause.tail.to && tokens[clause.verb.aux]?.lower !== 'is') return;
  yield figure(
    frame,
    { from: clause.tail.from, to: found.to + 1 },
    `how ${word}`,
    { from: found.to + 1, to: clause.tail.to },
    0.95,
  );
}
