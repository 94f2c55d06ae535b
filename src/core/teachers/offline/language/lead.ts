import { isBe, isHave, nounCore } from './phrases';
import { isNoun, type Range, type Token, verbForm } from './token';

import { parsesAsClause } from './clause';
export interface Lead extends Range {
  readonly kind: 'if' | 'when' | 'because' | 'phrase' | 'contrast';
  /** Where the main clause begins. */
  readonly next: number;
}

const leadWords: Readonly<Record<string, Lead['kind']>> = {
  if: 'if',
  unless: 'if',
  when: 'when',
  whenever: 'when',
  while: 'when',
  before: 'when',
  after: 'when',
  until: 'when',
  once: 'when',
  because: 'because',
  since: 'because',
  although: 'contrast',
  though: 'contrast',
  whereas: 'contrast',
  as: 'contrast',
};

/** A clause or phrase before the main clause: "If …,", "At 25 °C". */
export function parseLead(tokens: readonly Token[], from: number): Lead | undefined {
  const first = tokens[from];
  if (!first) return undefined;
  const kind = Object.hasOwn(leadWords, first.lower) ? leadWords[first.lower] : undefined;
  if (kind && parsesAsClause(tokens, from + 1)) {
    const comma = mainComma(tokens, from + 1);
    return comma < 0 ? undefined : { kind, from, to: comma, next: comma + 1 };
  }
  if (first.lower === 'to' && tokens[from + 1]?.pos === 'VERB') {
    const end = tokens.findIndex((token, i) => i > from && token.text === ',');
    return end > 0 && isImperative(tokens, end + 1) ? { kind: 'phrase', from, to: end, next: end + 1 } : undefined;
  }
  if (first.pos !== 'ADP' && !kind) return undefined;
  const core = nounCore(tokens, from + (tokens[from + 1]?.lower === 'to' ? 2 : 1));
  if (core < 0) return undefined;
  const comma = tokens.findIndex((token, i) => i >= core && token.text === ',');
  if (comma > 0 && comma - from < 12 && startsMain(tokens, comma + 1))
    return { kind: 'phrase', from, to: comma, next: comma + 1 };
  return parsesAsClause(tokens, core) ? { kind: 'phrase', from, to: core, next: core } : undefined;
}

/** The comma after which the main clause starts; commas of a list inside the lead are passed over. */
function mainComma(tokens: readonly Token[], from: number): number {
  for (let i = from; i < tokens.length; i += 1) {
    if (/^[;:—]$/u.test(tokens[i]?.text ?? '')) return -1;
    if (tokens[i]?.text === ',' && startsMain(tokens, i + 1)) return i;
  }
  return -1;
}

function startsMain(tokens: readonly Token[], from: number): boolean {
  return isImperative(tokens, from) || parsesAsClause(tokens, from);
}

/** Whether a command begins at `from`: "stop the pump", "do not open it", "never tighten …". */
export function isImperative(tokens: readonly Token[], from: number): boolean {
  const first = tokens[from];
  const next = tokens[from + 1];
  if (!first) return false;
  if (first.lower === 'do') return next?.lower === 'not' && tokens[from + 2]?.pos === 'VERB';
  if (first.lower === 'never' || first.lower === 'always') return next?.pos === 'VERB' && verbForm(next) === 'base';
  if (first.pos !== 'VERB' || verbForm(first) !== 'base' || first.lower === 'see' || isBe(first) || isHave(first))
    return false;
  return (
    next === undefined ||
    (next.pos !== 'AUX' && !(next.pos === 'VERB' && verbForm(next) === 's') && !isNounVerb(tokens, from))
  );
}

/** "mix water is …": a noun that the tagger took for a verb, with a verb of its own. */
function isNounVerb(tokens: readonly Token[], from: number): boolean {
  const next = tokens[from + 1];
  return isNoun(next) && tokens[from + 2]?.pos === 'AUX';
}
