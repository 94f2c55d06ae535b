import { type Clause, parsesAsClause } from './clause';
import { listEnd, nounCore, verbGroup } from './phrases';
import { dateOf } from './when';
import { isNoun, type Range, type Token, verbForm } from './token';

/** A piece of what follows a verb, that can be asked for or kept as a whole. */
export interface Part extends Range {
  readonly kind: 'object' | 'phrase' | 'reason' | 'purpose' | 'occasion' | 'that' | 'infinitive' | 'word' | 'aside';
  /** Of a phrase: its preposition. Of a clause: the word that opens it. */
  readonly opening: string;
  /** Stands after a comma, so that the sentence is whole without it. */
  readonly loose: boolean;
}

/** What follows the verb up to the next clause of its own, in pieces; undefined where the pieces cannot be told apart. */
export function partsOf(tokens: readonly Token[], clause: Clause): readonly Part[] | undefined {
  if (!known.has(clause)) known.set(clause, readParts(tokens, clause));
  return known.get(clause);
}

/** Every way to ask looks at the pieces of the same clause. */
const known = new WeakMap<Clause, readonly Part[] | undefined>();

function readParts(tokens: readonly Token[], clause: Clause): readonly Part[] | undefined {
  const end = nextClause(tokens, clause.verb.to);
  const found: Part[] = [];
  let loose = false;
  for (let at = clause.verb.to; at < end;) {
    if (tokens[at]?.text === ',') {
      loose = true;
      at += 1;
      continue;
    }
    const part = partAt(tokens, at, end, { loose, before: found.at(-1), verb: tokens[clause.verb.main] });
    if (!part || part.to <= at || part.to > end) return undefined;
    found.push(part);
    at = part.to;
  }
  return found;
}

/** Where another main clause begins, or the sentence ends: at "; the …", ", and the … was", "and was …". */
function nextClause(tokens: readonly Token[], from: number): number {
  let subordinate = false;
  for (let i = from; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (!token) break;
    if (/^[;:()—–"“”]$/u.test(token.text)) return i;
    if (token.pos === 'SCONJ' || /^(?:which|who|that|whose|where|when)$/u.test(token.lower)) subordinate = true;
    if (token.pos !== 'CCONJ') continue;
    const comma = tokens[i - 1]?.text === ',';
    if (comma) subordinate = false;
    if (subordinate) continue;
    if (verbGroup(tokens, i + 1) || parsesAsClause(tokens, i + 1)) return comma ? i - 1 : i;
  }
  return tokens.length;
}

interface Place {
  readonly loose: boolean;
  readonly before: Part | undefined;
  readonly verb: Token | undefined;
}

function partAt(tokens: readonly Token[], at: number, end: number, { loose, before, verb }: Place): Part | undefined {
  const token = tokens[at];
  const next = tokens[at + 1];
  if (!token) return undefined;
  const part = (kind: Part['kind'], to: number): Part => ({ kind, from: at, to, opening: token.lower, loose });
  if (opensReason(tokens, at)) return part('reason', subordinateEnd(tokens, at + 1, end));
  if ((token.lower === 'so' && next?.lower === 'that') || (token.lower === 'in' && next?.lower === 'order'))
    return part('purpose', subordinateEnd(tokens, at + 2, end));
  if (occasions.test(token.lower) && parsesAsClause(tokens, at + 1))
    return part('occasion', subordinateEnd(tokens, at + 1, end));
  if (/^(?:that|whether|how)$/u.test(token.lower) && !before && parsesAsClause(tokens, at + 1))
    return part('that', end);
  if (loose && token.pos === 'ADP') {
    const to = phraseEnd(tokens, at + 1, end);
    if (to > 0 && (to >= end || tokens[to]?.text === ',') && dateOf(tokens, { from: at, to }) !== undefined)
      return part('phrase', to);
  }
  if (loose) return part('aside', asideEnd(tokens, at, end));
  if (token.lower === 'to' && next?.pos === 'VERB' && verbForm(next) === 'base')
    return part('infinitive', commaOr(tokens, at, end));
  if (token.pos === 'ADP' && /[^aeiou].*ing$/u.test(next?.lower ?? '') && tokens[at + 2]?.pos !== 'ADP')
    return part('phrase', commaOr(tokens, at, end));
  const since = /^(?:since|until|till)$/u.test(token.lower) && /^(?:NUM|DET|PROPN)$/u.test(next?.pos ?? '');
  if (token.pos === 'ADP' || token.lower === 'to' || since) {
    const to = phraseEnd(tokens, at + 1, end);
    return to > 0 ? part('phrase', to) : undefined;
  }
  if (/^(?:her|him|it|them)$/u.test(token.lower) && /^(?:DET|NUM|ADP)$/u.test(next?.pos ?? 'ADP'))
    return part('object', at + 1);
  const core = nounCore(tokens, at);
  if (core > 0) {
    if (before?.kind === 'object' && !(before.to - before.from < 4 && isGiving(verb))) return undefined;
    const to = extend(tokens, core, end);
    return to > 0 ? part('object', to) : undefined;
  }
  return token.pos === 'ADV' || token.pos === 'ADJ' ? part('word', at + 1) : undefined;
}

/** "gave her a doctorate": two objects. */
function isGiving(verb: Token | undefined): boolean {
  return /^(?:give|offer|award|send|pay|teach|show|lend|sell|grant|leave|tell|bring|hand|buy|owe|promise)$/u.test(
    verb?.lemma ?? '',
  );
}

const occasions = /^(?:when|whenever|if|unless|while|until|before|after|once|although|though|whereas|as|wherever)$/u;

function opensReason(tokens: readonly Token[], at: number): boolean {
  const lower = tokens[at]?.lower;
  return lower === 'because' || (lower === 'since' && tokens[at + 1]?.pos !== 'NUM' && parsesAsClause(tokens, at + 1));
}

/** The end of a noun phrase after its preposition, with what "of" hangs on it and what "and" adds to it. */
function phraseEnd(tokens: readonly Token[], from: number, end: number): number {
  const core = nounCore(tokens, from);
  return core < 0 ? -1 : extend(tokens, core, end);
}

function extend(tokens: readonly Token[], core: number, limit: number): number {
  let end = core;
  while (end < limit) {
    const token = tokens[end];
    if (token?.lower === 'of' || (/^(?:and|or)$/u.test(token?.lower ?? '') && !verbGroup(tokens, end + 1))) {
      const more = nounCore(tokens, end + 1);
      if (more < 0) return end;
      end = more;
    } else if (token?.text === ',') {
      const list = listEnd(tokens, end);
      if (isWithin(tokens, end)) end += 2;
      else if (list > 0) end = list;
      else return end;
    } else if (/^(?:that|who|which)$/u.test(token?.lower ?? '') || isReduced(tokens, end)) {
      // A relative clause goes on to the next comma: only there can we be sure that it is over.
      return commaOr(tokens, end, limit);
    } else return end;
  }
  return end;
}

/** "in Rimouski, Quebec": a place within a place. */
function isWithin(tokens: readonly Token[], comma: number): boolean {
  const after = tokens[comma + 2];
  const closed = after === undefined || after.text === ',';
  return (
    closed &&
    tokens[comma - 1]?.pos === 'PROPN' &&
    tokens[comma + 1]?.pos === 'PROPN' &&
    tokens[comma + 3]?.pos !== 'PROPN'
  );
}

/** "a heap left beside the road" */
function isReduced(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.pos === 'VERB' && isNoun(tokens[at - 1]) && verbForm(token) !== 'base';
}

function subordinateEnd(tokens: readonly Token[], from: number, end: number): number {
  for (let i = from; i < end; i += 1) {
    if (tokens[i]?.text !== ',') continue;
    if (listEnd(tokens, i) > 0) continue;
    return i;
  }
  return end;
}

function asideEnd(tokens: readonly Token[], at: number, end: number): number {
  return commaOr(tokens, at, end);
}

function commaOr(tokens: readonly Token[], at: number, end: number): number {
  for (let i = at; i < end; i += 1) if (tokens[i]?.text === ',' && listEnd(tokens, i) < 0) return i;
  return end;
}
