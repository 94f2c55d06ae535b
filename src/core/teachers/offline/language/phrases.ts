import { isNoun, isPlural, isUnchanging, type Range, type Token, verbForm } from './token';

const possessives = new Set('its their his her my our your'.split(' '));
const approximators = new Set(
  'about only nearly almost roughly approximately over under around exactly just some'.split(' '),
);

/** A noun phrase without what follows its head: "the first 20-micron cartridge". Returns its end, or -1. */
export function nounCore(tokens: readonly Token[], from: number): number {
  let i = from;
  while (tokens[i]?.pos === 'ADV' && approximators.has(tokens[i]?.lower ?? '')) i += 1;
  if (tokens[i]?.lower === 'at' && /^(?:least|most)$/u.test(tokens[i + 1]?.lower ?? '')) i += 2;
  if (/^(?:more|less|fewer)$/u.test(tokens[i]?.lower ?? '') && tokens[i + 1]?.lower === 'than') i += 2;
  if (tokens[i]?.lower === 'up' && tokens[i + 1]?.lower === 'to') i += 2;
  if (tokens[i]?.lower === 'all' || tokens[i]?.lower === 'both' || tokens[i]?.lower === 'half') i += 1;
  const first = tokens[i];
  if (first?.pos === 'PRON' && !possessives.has(first.lower)) return i + 1;
  const determined = first?.pos === 'DET' || possessives.has(first?.lower ?? '');
  if (determined) i += 1;
  let head = -1;
  for (; i < tokens.length; i += 1) {
    const token = tokens[i];
    const next = tokens[i + 1];
    if (!token) break;
    if (isNoun(token) || (token.pos === 'NUM' && !isDateTail(tokens, i))) head = i;
    else if (token.lower === "'s" || token.lower === "'") {
      if (head !== i - 1) break;
      head = -1;
    } else if (!isModifier(tokens, i, determined || i === from)) break;
    else if (!next) break;
  }
  return head < 0 ? -1 : head + 1;
}

/** "on 4 May 1931": a number straight after a name is still the phrase's. */
function isDateTail(tokens: readonly Token[], i: number): boolean {
  return (
    tokens[i - 1]?.pos === 'NOUN' &&
    tokens[i]?.pos === 'NUM' &&
    isNoun(tokens[i + 1]) &&
    isPlural(tokens[i + 1] as Token)
  );
}

function isModifier(tokens: readonly Token[], i: number, open: boolean): boolean {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (!token || !next) return false;
  const leadsOn = isNoun(next) || next.pos === 'ADJ' || next.pos === 'NUM';
  switch (token.pos) {
    case 'ADJ':
      return leadsOn || next.pos === 'VERB' || next.pos === 'CCONJ' || next.text === ',';
    case 'VERB':
      return leadsOn && open && !isNoun(tokens[i - 1]) && (verbForm(token) === 'past' || verbForm(token) === 'ing');
    case 'ADV':
      return next.pos === 'ADJ' || (next.pos === 'VERB' && verbForm(next) === 'past' && isNoun(tokens[i + 2]));
    case 'CCONJ':
      return tokens[i - 1]?.pos === 'ADJ' && next.pos === 'ADJ' && isNoun(tokens[i + 2]);
    case 'PUNCT':
      return token.text === ',' && tokens[i - 1]?.pos === 'ADJ' && next.pos === 'ADJ';
    case 'SYM':
    case 'X':
      return open && leadsOn;
    default:
      return false;
  }
}

/** A noun phrase with its prepositional phrases and coordinations. Returns its end, or -1. */
export function nounPhrase(tokens: readonly Token[], from: number): number {
  let end = nounCore(tokens, from);
  if (end < 0) return -1;
  for (;;) {
    const next = tokens[end];
    if (next?.pos === 'ADP' || next?.lower === 'of' || next?.lower === 'to') {
      const object = nounCore(tokens, end + 1);
      if (object < 0) return end;
      end = object;
    } else if (next?.pos === 'CCONJ' && (next.lower === 'and' || next.lower === 'or')) {
      const other = nounCore(tokens, end + 1);
      if (other < 0) return end;
      end = other;
    } else if (next?.text === ',') {
      const list = listEnd(tokens, end);
      if (list < 0) return end;
      end = list;
    } else return end;
  }
}

/** ", B, C and D": the end of a list whose first member ends at the comma, or -1 when no "and" closes it. */
export function listEnd(tokens: readonly Token[], comma: number): number {
  let i = comma;
  while (tokens[i]?.text === ',') {
    const conjunction = tokens[i + 1]?.pos === 'CCONJ';
    let end = nounCore(tokens, i + (conjunction ? 2 : 1));
    if (end < 0) return -1;
    end = withPrepositions(tokens, end);
    if (conjunction) return tokens[i + 1]?.lower === 'but' ? -1 : end;
    if (tokens[end]?.pos === 'CCONJ' && tokens[end]?.lower !== 'but') {
      const last = nounCore(tokens, end + 1);
      return last < 0 ? -1 : withPrepositions(tokens, last);
    }
    i = end;
  }
  return -1;
}

function withPrepositions(tokens: readonly Token[], from: number): number {
  let end = from;
  while (tokens[end]?.pos === 'ADP') {
    const object = nounCore(tokens, end + 1);
    if (object < 0) return end;
    end = object;
  }
  return end;
}

/** The words that carry a clause's tense: auxiliaries, adverbs between them, the verb. */
export interface VerbGroup extends Range {
  /** Index of the first auxiliary; -1 when the verb itself is finite. "have" and "be" as main verbs count as below. */
  readonly aux: number;
  /** Index of the full verb; -1 for a bare copula ("is", "must be"). */
  readonly main: number;
  readonly negative: boolean;
  readonly passive: boolean;
}

const forms = {
  be: new Set('be is are was were been being am'.split(' ')),
  have: new Set('have has had having'.split(' ')),
  do: new Set('do does did'.split(' ')),
};
const modals = new Set('can could will would may might must shall should cannot ca wo'.split(' '));

export function isBe(token: Token | undefined): boolean {
  return token !== undefined && forms.be.has(token.lower);
}

export function isHave(token: Token | undefined): boolean {
  return token !== undefined && forms.have.has(token.lower);
}

export function isModal(token: Token | undefined): boolean {
  return token !== undefined && modals.has(token.lower);
}

/** The verb group that starts at `from` (adverbs may come first), or undefined. */
export function verbGroup(tokens: readonly Token[], from: number): VerbGroup | undefined {
  let i = skipAdverbs(tokens, from);
  const first = tokens[i];
  if (!first) return undefined;
  if (!isBe(first) && !isHave(first) && !isModal(first) && !forms.do.has(first.lower)) {
    const finite = first.pos === 'VERB' && verbForm(first) !== 'ing';
    return finite ? { from, to: i + 1, aux: -1, main: i, negative: false, passive: false } : undefined;
  }
  const aux = i;
  let negative = first.lower === 'cannot';
  let last = i;
  let passive = false;
  for (i += 1; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (!token) break;
    if (token.lower === 'not' || token.lower === "n't" || token.lower === 'never') negative = true;
    else if (
      token.pos === 'ADV' &&
      !/^(?:as|so|more|most|there|here|well|about|only|back|up|down|out)$/u.test(token.lower)
    )
      continue;
    else if (isBe(token) || (isHave(token) && isModal(first))) {
      if (isHave(tokens[last]) && token.lower !== 'been') break;
      last = i;
    } else if (completes(tokens[last], token)) {
      passive = isBe(tokens[last]) && verbForm(token) !== 'ing';
      return { from, to: i + 1, aux, main: i, negative, passive };
    } else break;
  }
  if (isHave(first) && last === aux) return { from, to: aux + 1, aux: -1, main: aux, negative: false, passive: false };
  if (forms.do.has(first.lower) && last === aux)
    return { from, to: aux + 1, aux: -1, main: aux, negative: false, passive: false };
  if (isModal(tokens[last])) return undefined;
  const to = negative && /^(?:not|n't|never)$/u.test(tokens[last + 1]?.lower ?? '') ? last + 2 : last + 1;
  if (isHave(tokens[last]) && last !== aux) return { from, to, aux, main: last, negative, passive: false };
  return isBe(tokens[last]) ? { from, to, aux, main: -1, negative, passive: false } : undefined;
}

function completes(helper: Token | undefined, token: Token): boolean {
  if (!helper || (token.pos !== 'VERB' && !(token.pos === 'ADJ' && /ed$/u.test(token.lower)))) return false;
  const form = verbForm(token);
  if (isBe(helper))
    return (
      form === 'past' || form === 'ing' || isUnchanging(token) || /^(?:become|come|run|overcome)$/u.test(token.lower)
    );
  if (isHave(helper))
    return form === 'past' || isUnchanging(token) || /^(?:become|come|run|overcome)$/u.test(token.lower);
  return form === 'base';
}

function skipAdverbs(tokens: readonly Token[], from: number): number {
  let i = from;
  while (tokens[i]?.pos === 'ADV' && !/^(?:when|where|why|how|there|here)$/u.test(tokens[i]?.lower ?? '')) i += 1;
  return i;
}
