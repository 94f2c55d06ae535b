import { listEnd, nounCore, type VerbGroup, verbGroup } from './phrases';
import { isPlural, isUnchanging, type Range, type Token, verbForm } from './token';

/** Subject, verb and what follows up to the first break. */
export interface Clause {
  readonly subject: Range;
  /** Index of the subject's head noun or pronoun. */
  readonly head: number;
  readonly plural: boolean;
  readonly verb: VerbGroup;
  /** The complement: from the verb to the first break or the end. */
  readonly tail: Range;
  /** What follows the tail. */
  readonly after: Break | undefined;
}

export type BreakKind = 'because' | 'purpose' | 'if' | 'when' | 'contrast' | 'relative' | 'and' | 'hard' | 'comma';

export interface Break {
  readonly kind: BreakKind;
  /** Index of the word or mark that breaks. */
  readonly at: number;
  /** Where the broken-off part ends: the next hard mark or the end of the sentence. */
  readonly to: number;
}

const breakWords: Readonly<Record<string, BreakKind>> = {
  because: 'because',
  since: 'because',
  if: 'if',
  unless: 'if',
  provided: 'if',
  when: 'when',
  whenever: 'when',
  while: 'when',
  until: 'when',
  before: 'when',
  after: 'when',
  once: 'when',
  whereas: 'contrast',
  although: 'contrast',
  though: 'contrast',
  which: 'relative',
  who: 'relative',
  whose: 'relative',
  where: 'relative',
  as: 'contrast',
};

const plurals = new Set('they we you i these those both many few several'.split(' '));

/** The clause whose subject begins at `from`, or undefined when its structure is not plain. */
export function parseClause(tokens: readonly Token[], from: number, end = tokens.length): Clause | undefined {
  const core = nounCore(tokens, from);
  if (core < 0 || core >= end) return undefined;
  const found = findVerb(tokens, core, end);
  if (!found) return undefined;
  const { subjectEnd, verb, coordinated } = found;
  const head = core - 1;
  const headToken = tokens[head];
  if (!headToken) return undefined;
  const plural = coordinated || isPlural(headToken) || plurals.has(headToken.lower);
  if (!agrees(tokens, verb, plural, headToken)) return undefined;
  const after = firstBreak(tokens, verb.to, end);
  const tailEnd = after ? (tokens[after.at - 1]?.text === ',' ? after.at - 1 : after.at) : end;
  if (tailEnd < verb.to) return undefined;
  return { subject: { from, to: subjectEnd }, head, plural, verb, tail: { from: verb.to, to: tailEnd }, after };
}

/** Walks from the subject's core over its prepositional phrases, relatives and appositions to the first verb group. */
function findVerb(
  tokens: readonly Token[],
  core: number,
  limit: number,
): { subjectEnd: number; verb: VerbGroup; coordinated: boolean } | undefined {
  let end = core;
  let coordinated = false;
  for (let steps = 0; steps < 8; steps += 1) {
    if (end >= limit) return undefined;
    const verb = verbGroup(tokens, end);
    if (verb && verb.to <= limit) {
      const finite = reducedRelative(tokens, verb, limit);
      return finite ? { subjectEnd: finite.from, verb: finite, coordinated } : { subjectEnd: end, verb, coordinated };
    }
    const next = tokens[end];
    if (!next) return undefined;
    if (next.pos === 'ADP') {
      end = nounCore(tokens, end + 1);
    } else if (next.pos === 'CCONJ') {
      coordinated ||= next.lower === 'and';
      end = nounCore(tokens, end + 1);
    } else if (/^(?:that|which|who)$/u.test(next.lower)) {
      end = relativeEnd(tokens, end);
    } else if (next.text === ',') {
      const list = listEnd(tokens, end);
      if (list > 0 && verbGroup(tokens, list)) {
        coordinated = true;
        end = list;
      } else {
        const close = tokens.findIndex((token, i) => i > end && token.text === ',');
        const verbAfter = close > 0 && close - end < 16 && close < limit ? verbGroup(tokens, close + 1) : undefined;
        if (!verbAfter || tokens[end + 1]?.pos === 'CCONJ') return undefined;
        return { subjectEnd: end, verb: verbAfter, coordinated };
      }
    } else return undefined;
    if (end < 0) return undefined;
  }
  return undefined;
}

/** "that is shared with the engine": the end of a restrictive relative clause, or -1. */
function relativeEnd(tokens: readonly Token[], at: number): number {
  const subject = verbGroup(tokens, at + 1) ? at + 1 : nounCore(tokens, at + 1);
  const verb = subject < 0 ? undefined : verbGroup(tokens, subject);
  if (!verb) return -1;
  let end = verb.to;
  for (let steps = 0; steps < 6; steps += 1) {
    const next = tokens[end];
    if (!next) return -1;
    if (end > verb.to && verbGroup(tokens, end)) return end;
    const phrase = nounCore(tokens, next.pos === 'ADP' ? end + 1 : end);
    if (phrase > 0) end = phrase;
    else if (next.pos === 'ADV' || next.pos === 'ADJ' || next.pos === 'PART') end += 1;
    else if (verbGroup(tokens, end)) return end;
    else return -1;
  }
  return -1;
}

/** "The ship built in 1920 was sold": a past form without auxiliary before a finite auxiliary belongs to the subject. */
function reducedRelative(tokens: readonly Token[], verb: VerbGroup, limit: number): VerbGroup | undefined {
  const main = tokens[verb.main];
  if (verb.aux >= 0 || !main || verbForm(main) !== 'past') return undefined;
  for (let i = verb.to; i < limit; i += 1) {
    const token = tokens[i];
    if (!token || token.pos === 'PUNCT' || token.pos === 'CCONJ' || token.pos === 'SCONJ' || token.pos === 'PRON')
      return undefined;
    if (token.pos === 'AUX') return verbGroup(tokens, i);
  }
  return undefined;
}

/** Whether a verb can be the subject's. */
export function agrees(tokens: readonly Token[], verb: VerbGroup, plural: boolean, head: Token): boolean {
  const finite = tokens[verb.aux >= 0 ? verb.aux : verb.main];
  if (!finite) return false;
  // A past form that the model does not know as one: no question can be built from it.
  if (verb.aux < 0 && finite.lower === finite.lemma && /[^e]ed$/u.test(finite.lower)) return false;
  if (head.pos === 'PROPN' && /^\p{Lu}/u.test(head.text))
    return verb.aux >= 0 || verbForm(finite) !== 'base' || isUnchanging(finite);
  if (/^(?:is|was|has|does)$/u.test(finite.lower)) return !plural || head.pos === 'NUM';
  if (/^(?:are|were|do|have)$/u.test(finite.lower)) return plural || head.pos === 'NUM' || head.pos === 'PRON';
  if (verb.aux >= 0) return true;
  const form = verbForm(finite);
  if (form === 's') return !plural;
  return form !== 'base' || plural || isUnchanging(finite);
}

/** The first word or mark after `from` that ends the plain complement. */
export function firstBreak(tokens: readonly Token[], from: number, end: number): Break | undefined {
  for (let i = from; i < end; i += 1) {
    const kind = breakAt(tokens, i, from);
    if (kind === 'skip') {
      const list = listEnd(tokens, i);
      if (list > 0) i = list - 1;
    } else if (kind) return { kind, at: i, to: breakEnd(tokens, i, kind, end) };
  }
  return undefined;
}

function breakAt(tokens: readonly Token[], i: number, from: number): BreakKind | 'skip' | undefined {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (!token) return undefined;
  if (/^(?:[;:()—–]|\.\.\.|…|["“”])$/u.test(token.text)) return 'hard';
  if (token.lower === 'so' && next?.lower === 'that') return 'purpose';
  if (token.lower === 'in' && next?.lower === 'order') return 'purpose';
  if (token.lower === 'so' && tokens[i - 1]?.text === ',') return 'and';
  if (token.lower === 'because' && next?.lower === 'of') return 'because';
  if (token.lower === 'as' || token.lower === 'provided' || token.lower === 'once') {
    return i > from && (token.pos !== 'ADV' || token.lower === 'once') && parsesAsClause(tokens, i + 1)
      ? breakWords[token.lower]
      : undefined;
  }
  if (token.lower === 'since' && (next?.pos === 'NUM' || !parsesAsClause(tokens, i + 1))) return undefined;
  const word = Object.hasOwn(breakWords, token.lower) ? breakWords[token.lower] : undefined;
  if (word === 'relative') return tokens[i - 1]?.text === ',' ? 'relative' : undefined;
  if (word) return word;
  if (token.pos === 'CCONJ') {
    if (tokens[i - 1]?.text !== ',' && inRelative(tokens, from, i)) return undefined;
    if (verbGroup(tokens, i + 1) && next?.pos !== 'ADJ') return 'and';
    const core = nounCore(tokens, i + 1);
    return core > 0 && parsesAsClause(tokens, i + 1) ? 'and' : undefined;
  }
  if (token.text === ',') return commaBreak(tokens, i);
  return undefined;
}

/** Whether a restrictive relative clause is open at `i`: its verbs may be coordinated. */
function inRelative(tokens: readonly Token[], from: number, i: number): boolean {
  for (let k = i - 1; k >= from; k -= 1) {
    if (tokens[k]?.text === ',') return false;
    if (/^(?:that|which|who|whose)$/u.test(tokens[k]?.lower ?? '')) return true;
  }
  return false;
}

function commaBreak(tokens: readonly Token[], i: number): BreakKind | 'skip' | undefined {
  const next = tokens[i + 1];
  if (next?.pos === 'CCONJ' && (parsesAsClause(tokens, i + 2) || verbGroup(tokens, i + 2))) return 'and';
  if (listEnd(tokens, i) > 0) return 'skip';
  if (!next) return 'comma';
  if (
    next.pos === 'SCONJ' ||
    /^(?:which|who|whose|where|because|since|so|when|if|while|before|after|until)$/u.test(next.lower)
  )
    return undefined;
  if (next.pos === 'CCONJ') return undefined;
  if (tokens[i - 1]?.pos === 'ADJ' && next.pos === 'ADJ') return undefined;
  return 'comma';
}

export function parsesAsClause(tokens: readonly Token[], from: number): boolean {
  const core = nounCore(tokens, from);
  return core > 0 && findVerb(tokens, core, tokens.length) !== undefined;
}

/** Where a broken-off part ends: at a hard mark, and unless it is a reason also where the sentence turns to something else. */
function breakEnd(tokens: readonly Token[], at: number, kind: BreakKind, end: number): number {
  const hard = hardEnd(tokens, at + 1, end);
  if (kind !== 'if' && kind !== 'when' && kind !== 'because' && kind !== 'purpose') return hard;
  const phrase = /^(?:before|after|until)$/u.test(tokens[at]?.lower ?? '') && !parsesAsClause(tokens, at + 1);
  for (let i = at + 1; i < hard; i += 1) {
    const next = tokens[i + 1];
    if (
      tokens[i]?.text === ',' &&
      next &&
      /^(?:so|but|because|since|which|who|although|though|whereas|while|yet|therefore)$/u.test(next.lower)
    )
      return i;
    if (kind !== 'because' && tokens[i]?.text === ',' && next?.pos === 'CCONJ' && parsesAsClause(tokens, i + 2))
      return i;
    if (phrase && tokens[i]?.pos === 'CCONJ' && verbGroup(tokens, i + 1)) return i;
  }
  return hard;
}

function hardEnd(tokens: readonly Token[], from: number, end: number): number {
  for (let i = from; i < end; i += 1) if (/^(?:[;:()—–]|["“”])$/u.test(tokens[i]?.text ?? '')) return i;
  return end;
}

/** Whether a "that", "which" or "who" stands among the words: what follows may belong to its clause. */
export function hasRelative(tokens: readonly Token[], { from, to }: Range): boolean {
  return tokens.slice(from, to).some((token) => /^(?:that|which|who|whose|where)$/u.test(token.lower));
}
