import { agrees, type Clause, firstBreak, parseClause, parsesAsClause } from './clause';
import type { Lead } from './lead';
import { verbGroup } from './phrases';
import { isPronoun } from './reference';
import type { Token } from './token';
import { dateOf } from './when';

/** "In the summer of 1899 she travelled", "From 1887 to 1895, he was": a date before the main clause. */
export function dateLead(tokens: readonly Token[], from: number): Lead | undefined {
  for (let to = Math.min(from + 9, tokens.length - 2); to > from + 1; to -= 1) {
    if (tokens[to - 1]?.text === ',' || dateOf(tokens, { from, to }) === undefined) continue;
    const next = tokens[to]?.text === ',' ? to + 1 : to;
    if (parsesAsClause(tokens, next)) return { kind: 'phrase', from, to, next };
  }
  return undefined;
}

/** Further predicates of the same subject: "He returned to Norway in 1869 and opened a workshop". */
export function furtherPredicates(tokens: readonly Token[], main: Clause): readonly Clause[] {
  const found: Clause[] = [];
  const helped = main.verb.aux >= 0;
  for (let i = main.verb.to; i < tokens.length - 2; i += 1) {
    const token = tokens[i];
    if (!token || /^[;:—–]$/u.test(token.text)) break;
    // Inside a clause of its own the predicate may be that clause's.
    if (token.pos === 'SCONJ' || /^(?:that|which|who|whose|where|when|what|how)$/u.test(token.lower)) break;
    if (token.lower !== 'and') continue;
    const verb = verbGroup(tokens, i + 1);
    if (!verb) continue;
    const finite = tokens[verb.aux >= 0 ? verb.aux : verb.main];
    const subject = tokens[main.head];
    // "was cut and dried": the helper is shared, and the form alone does not tell.
    if (!finite || !subject || (helped && verb.aux < 0) || !agrees(tokens, verb, main.plural, subject)) continue;
    const after = firstBreak(tokens, verb.to, tokens.length);
    const to = after ? (tokens[after.at - 1]?.text === ',' ? after.at - 1 : after.at) : tokens.length;
    if (to > verb.to) found.push({ ...main, verb, tail: { from: verb.to, to }, after });
  }
  return found;
}

/** The further main clauses of a sentence that name their own subject: "…, and one tree was planted in 1783", "…; the price fell". */
export function furtherClauses(
  tokens: readonly Token[],
  main: Clause,
): readonly { readonly clause: Clause; readonly from: number }[] {
  const found: { clause: Clause; from: number }[] = [];
  for (let i = main.verb.to; i < tokens.length - 3; i += 1) {
    const token = tokens[i];
    const joint =
      token?.text === ';' ||
      (token?.pos === 'CCONJ' && /^(?:and|but)$/u.test(token.lower) && tokens[i - 1]?.text === ',');
    if (!joint) continue;
    const from = i + (token.text === ';' && /^(?:and|but)$/u.test(tokens[i + 1]?.lower ?? '') ? 2 : 1);
    const clause = parseClause(tokens, from);
    if (clause && !isPronoun(tokens[clause.head])) found.push({ clause, from });
  }
  return found;
}
