import { type Part, partsOf } from '../language/parts';
import { isBe, nounCore } from '../language/phrases';
import { isNoun, type Range, type Token, verbForm } from '../language/token';
import { inverted, join, words } from '../language/wording';
import { clockEnd, dateOf, isPlaceName } from '../language/when';
import type { Draft, Frame } from './frame';

/** Verbs whose place is worth asking for. */
const placed =
  /^(?:keep|hold|store|find|locate|build|place|fit|install|mount|bury|exhibit|display|situate|stand|lie|live|grow|hang|flow|sit|settle|nest|bear|die|drown|train|study|print|write|grow|found|open|begin|start|take|discover|work|teach|serve|meet|marry|return|retire|move|make|produce|crash|sink|land)$/u;
const places =
  /^(?:in|on|at|under|near|between|beneath|beside|behind|below|above|inside|outside|along|off|against|opposite)$/u;

/** A life has one such moment and one such place: the one does not help to ask for the other. */
const onceInALife = /^(?:bear|die|bury|marry|drown|baptise|baptize|kill)$/u;

interface Asked {
  readonly ask: string;
  readonly score: number;
  readonly reasoning: string;
  /** Where the answer begins, when it is not the whole part. */
  readonly from?: number;
}

/** Asks for each piece of time, place, length or reason that stands after the verb, keeping all the others in the question. */
export function* adjuncts(frame: Frame): Generator<Draft> {
  const { clause, sentence, lead } = frame;
  const { tokens } = sentence;
  if (!clause || (lead && lead.kind !== 'phrase')) return;
  const verb = tokens[clause.verb.main];
  const parts = partsOf(tokens, clause);
  if (!verb || !parts) return;
  const firm = parts.filter((part) => !part.loose);
  yield* openingDate(frame, firm);
  for (const part of parts) {
    const late =
      part.loose && part.kind !== 'reason' && !(part.kind === 'phrase' && dateOf(tokens, part) !== undefined);
    const asked = late ? undefined : askFor(frame, part, firm);
    if (!asked || (clause.verb.negative && !/^(?:why|for how long)$/u.test(asked.ask))) continue;
    const once = onceInALife.test(verb.lemma) && (asked.ask === 'when' || asked.ask === 'where');
    const to = asked.ask === 'where' ? placesEnd(tokens, firm, part) : part.to;
    const kept = firm.filter(
      (other) =>
        (other.to <= part.from || other.from >= to) &&
        other.kind !== 'reason' &&
        !isNamedAfter(tokens, parts, other) &&
        !(once && other.kind === 'phrase'),
    );
    if (kept.some((other) => !isKeepable(other, part) || (other.from >= to && hasOwn(tokens, other)))) continue;
    yield {
      score: asked.score,
      difficulty: part.kind === 'reason' || part.kind === 'purpose' ? 'medium' : 'easy',
      reasoning: asked.reasoning,
      answer: { from: asked.from ?? part.from, to },
      uses: [clause.subject, ...kept, ...(lead && !isDropped(tokens, lead, asked) ? [lead] : [])],
      parted: true,
      local: asked.ask === 'where' && clause.subject.from >= 0 && !hasName(tokens, clause.subject),
      write: (replacements) =>
        join(
          asked.ask,
          inverted(sentence, clause, { from: 0, to: 0 }, replacements),
          ...kept.map((range) => words(sentence, range, replacements)),
          lead && !isDropped(tokens, lead, asked) ? words(sentence, lead, replacements) : '',
        ),
    };
  }
}

/** "In 1895 she married …" → "When did she marry …?" */
function* openingDate({ clause, sentence, lead, ...frame }: Frame, firm: readonly Part[]): Generator<Draft> {
  const { tokens } = sentence;
  const date = lead && dateOf(tokens, lead);
  if (!clause || !lead || date === undefined || (date === 'season' && isPast({ clause, sentence, lead, ...frame })))
    return;
  if (firm.some((part) => !isKeepable(part, part) || (part.kind === 'phrase' && dateOf(tokens, part) !== undefined)))
    return;
  const opening = tokens[lead.from]?.lower ?? '';
  const bounded = /^(?:since|until|till|by)$/u.test(opening);
  yield {
    score: 0.95,
    difficulty: 'easy',
    reasoning: 'The sentence begins with the date.',
    answer: bounded ? { from: lead.from + 1, to: lead.to } : lead,
    uses: [clause.subject, ...firm],
    parted: true,
    write: (replacements) =>
      join(
        bounded ? `${opening} when` : 'when',
        inverted(sentence, clause, { from: 0, to: 0 }, replacements),
        ...firm.map((part) => words(sentence, part, replacements)),
      ),
  };
}

function hasName(tokens: readonly Token[], { from, to }: Range): boolean {
  return tokens.slice(from, to).some((token) => token.pos === 'PROPN' || token.pos === 'PRON');
}

function isDropped(tokens: readonly Token[], lead: Range, { ask }: Asked): boolean {
  return ask === 'when' && dateOf(tokens, lead) !== undefined;
}

/** Whether a piece can stay in the question after the asked one was taken out. */
function isKeepable(other: Part, asked: Part): boolean {
  switch (other.kind) {
    case 'object':
    case 'phrase':
    case 'word':
      return true;
    case 'infinitive':
      return asked.kind !== 'phrase' || other.from < asked.from;
    case 'occasion':
      return asked.kind === 'reason';
    default:
      return false;
  }
}

/** "by a Huguenot, Pierre Lamotte": without the name that follows, the phrase says less than nothing. */
function isNamedAfter(tokens: readonly Token[], parts: readonly Part[], part: Part): boolean {
  const next = parts[parts.indexOf(part) + 1];
  return (
    part.kind === 'phrase' &&
    next?.kind === 'aside' &&
    /^an?$/u.test(tokens[part.from + 1]?.lower ?? '') &&
    tokens[next.from]?.pos === 'PROPN'
  );
}

/** "in a cabinet with its own drain": belongs to the answer. */
function hasOwn(tokens: readonly Token[], { from, to }: Range): boolean {
  return tokens.slice(from, to).some((token) => /^(?:its|their)$/u.test(token.lower));
}

/** "in the museum of the Séminaire in Quebec": places that follow one another are one answer. */
function placesEnd(tokens: readonly Token[], all: readonly Part[], first: Part): number {
  let { to } = first;
  for (let i = all.indexOf(first) + 1; i < all.length; i += 1) {
    const next = all[i];
    if (next?.kind !== 'phrase' || !places.test(next.opening) || dateOf(tokens, next) !== undefined) break;
    to = next.to;
  }
  return to;
}

function askFor(frame: Frame, part: Part, all: readonly Part[]): Asked | undefined {
  switch (part.kind) {
    case 'phrase':
      // "for two years and the membrane for one year": two statements in one.
      if (
        part.opening === 'for' &&
        all.some(
          (other) =>
            other !== part && other.kind === 'phrase' && other.opening === part.opening && isMeasured(frame, other),
        )
      )
        return undefined;
      return timeOf(frame, part, all) ?? lengthOf(frame, part) ?? placeOf(frame, part, all);
    case 'reason':
      return part.to - part.from >= 4 && !/^(?:said|says|say)$/u.test(saidIn(frame, part))
        ? { ask: 'why', score: 1, reasoning: `One sentence gives the fact and, after “${part.opening}”, its reason.` }
        : undefined;
    case 'purpose':
      return part.to - part.from >= 5
        ? {
            ask: 'why',
            score: 0.95,
            reasoning: `One sentence gives the fact and, after “${part.opening}”, its purpose.`,
          }
        : undefined;
    default:
      return undefined;
  }
}

/** "because, she said, it was warm": somebody's word, not the sentence's. */
function saidIn({ sentence: { tokens } }: Frame, part: Part): string {
  return tokens.slice(part.from, part.to).find((token) => /^(?:said|says|say)$/u.test(token.lower))?.lower ?? '';
}

function timeOf(frame: Frame, part: Part, all: readonly Part[]): Asked | undefined {
  const { tokens } = frame.sentence;
  const reasoning = 'The sentence gives the time.';
  const clock = clockEnd(tokens, part.from);
  if (clock === part.to && !isPast(frame)) return { ask: 'at what time', score: 0.9, reasoning, from: part.from + 1 };
  const age =
    /^(?:at|by)$/u.test(part.opening) &&
    tokens[part.from + 2]?.lower === 'age' &&
    tokens[part.from + 3]?.lower === 'of';
  if (age && tokens[part.from + 4]?.pos === 'NUM' && part.to === part.from + 5)
    return { ask: `${part.opening} what age`, score: 0.95, reasoning, from: part.from + 4 };
  const date = dateOf(tokens, part);
  if (date === undefined || (date === 'season' && (isPast(frame) || isPlanned(frame)))) return undefined;
  // "When did … in 1853": a second date in the question would already say it.
  if (all.some((other) => other !== part && other.kind === 'phrase' && dateOf(tokens, other) !== undefined))
    return undefined;
  // "Since when has it saved 319 people?": the count is the news, not the date.
  if (part.opening === 'since' && all.some((other) => other !== part && isMeasured(frame, other))) return undefined;
  const ask = /^(?:since|until|till|by)$/u.test(part.opening) ? `${part.opening} when` : 'when';
  return { ask, score: 0.95, reasoning, ...(ask === 'when' ? {} : { from: part.from + 1 }) };
}

const timeUnits = /^(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|nights?)$/u;

function isMeasured({ sentence: { tokens } }: Frame, part: Part): boolean {
  return tokens.slice(part.from, part.to).some((token) => token.pos === 'NUM');
}

function lengthOf(frame: Frame, part: Part): Asked | undefined {
  const { tokens } = frame.sentence;
  const last = tokens[part.to - 1];
  const first = tokens[part.from + 1];
  if (part.opening !== 'for' || !last || !timeUnits.test(last.lower) || !first) return undefined;
  const counted =
    tokens.slice(part.from + 1, part.to).some((token) => token.pos === 'NUM') || /^an?$/u.test(first.lower);
  return counted
    ? { ask: 'for how long', score: 0.95, reasoning: 'The sentence gives the length of time.', from: part.from + 1 }
    : undefined;
}

function placeOf(frame: Frame, part: Part, all: readonly Part[]): Asked | undefined {
  const { clause, sentence } = frame;
  const { tokens } = sentence;
  const verb = clause && tokens[clause.verb.main];
  if (!clause || !verb || !places.test(part.opening) || isCounted(frame)) return undefined;
  const core = nounCore(tokens, part.from + 1);
  const head = tokens[core - 1];
  if (core < 0 || !head || !isNoun(head) || tokens[part.from + 1]?.pos === 'PRON' || noPlace.test(head.lemma))
    return undefined;
  const asked = { ask: 'where', score: 0.85, reasoning: 'The sentence names the place.' };
  const named = isPlaceName(tokens, part);
  const previous = all[all.indexOf(part) - 1];
  if (
    previous?.kind === 'phrase' &&
    (places.test(previous.opening) || /^(?:to|into|towards?)$/u.test(previous.opening))
  )
    return undefined;
  if (named && part.opening !== 'on' && placed.test(verb.lemma)) return asked;
  const first = all.find((other) => other.kind !== 'word') === part;
  // "keeps bees in the garden": with an object before it the phrase may belong to that.
  return first && stays.test(verb.lemma) && tokens[part.from + 1]?.pos !== 'NUM' && !isAbstract(head)
    ? asked
    : undefined;
}

const stays =
  /^(?:keep|hold|store|find|locate|build|place|fit|install|mount|bury|exhibit|display|situate|stand|lie|live|grow|hang|sit|settle|nest|sleep|hide|print|stack|park)$/u;
const noPlace =
  /^(?:time|year|month|week|day|hour|century|summer|winter|spring|autumn|way|case|order|fact|turn|addition|general|part|january|february|march|april|may|june|july|august|september|october|november|december|night|morning|evening|noon|midnight|average|own|silence|contrast|place|line|shape|row|pair|group|number|end|side|top|condition|state|form|zone|belt|layer|column|list|class|total|use|trade|debt|poverty|demand|weather|term|size|length|width|height|one|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?$/u;

function isAbstract(head: Token): boolean {
  return (
    /(?:tion|ment|ness|ity|ance|ence|ship|ism|ing)$/u.test(head.lower) &&
    !/^(?:building|station|apartment|basement|clearing|entrance|fence)$/u.test(head.lower)
  );
}

/** "about 600 people live": of a number nobody asks where. */
function isCounted({ clause, sentence: { tokens } }: Frame): boolean {
  return (
    clause !== undefined && tokens.slice(clause.subject.from, clause.subject.to).some((token) => token.pos === 'NUM')
  );
}

/** "will vote in March": of one year, which the sentence does not say. */
function isPlanned({ clause, sentence: { tokens } }: Frame): boolean {
  const verb = tokens[clause?.verb.main ?? -1]?.lemma ?? '';
  return (
    /^(?:will|would|has|have)$/u.test(tokens[clause?.verb.aux ?? -1]?.lower ?? '') ||
    /^(?:expect|plan|schedule|hope|propose|intend)$/u.test(verb)
  );
}

/** Told of the past: a season or an hour says nothing without its year or day. */
export function isPast({ clause, sentence: { tokens } }: Frame): boolean {
  const finite = clause && tokens[clause.verb.aux >= 0 ? clause.verb.aux : clause.verb.main];
  if (!finite) return false;
  return /^(?:was|were|did|had)$/u.test(finite.lower) || (!isBe(finite) && verbForm(finite) === 'past');
}
