import { sentences } from '../../../documents/sentences';
import { contentStems, isNegated, overlap, Said } from '../lexical';
import { type Case, type Fault, short } from './case';

export function* evidenceIsThere({ task, passage }: Case): Generator<Fault> {
  if (task.evidence.every((quote) => quote.trim() === '')) {
    yield { criterion: 'grounded', says: 'No evidence is quoted.', sure: 0.95 };
  }
  for (const quote of task.evidence) {
    const said = new Said(quote);
    if (said.text === '' || passage.text.includes(said.text)) continue;
    const near =
      overlap(said.stems, passage.stems) === 1 &&
      overlap(said.numbers, passage.numbers) === 1 &&
      isNegated(said.text) === isNegated(nearest(passage.text, said.stems));
    if (!near) yield { criterion: 'grounded', says: `The passage does not say “${short(quote)}”.`, sure: 0.95 };
  }
}

export function* wordsAreThere({ answer, evidence, passage }: Case): Generator<Fault> {
  if (evidence.text.includes(answer.text)) return;
  const said = evidence.stems;
  const around = passage.stems;
  const wanted = [...answer.stems];
  const foreign = wanted.filter((word) => !around.has(word));
  const unquoted = wanted.filter((word) => around.has(word) && !said.has(word));
  if (foreign.length > 0) {
    const share = foreign.length / wanted.length;
    yield {
      criterion: 'no_hallucination',
      says: `The passage has nothing of “${foreign.slice(0, 3).join('”, “')}”.`,
      sure: 0.7 + 0.25 * share,
    };
    if (share >= 0.3)
      yield { criterion: 'grounded', says: 'Much of the answer is not in the passage.', sure: 0.7 + 0.25 * share };
  }
  if (unquoted.length / Math.max(1, wanted.length) > 0.4) {
    yield { criterion: 'grounded', says: 'The evidence does not support the answer.', sure: 0.75 };
  }
}

export function* negationAgrees({ answer, question, evidence }: Case): Generator<Fault> {
  const said = new Set([...question.stems, ...answer.stems]);
  const negated = isNegated(question.text) || isNegated(answer.text);
  if (negated && !isNegated(evidence.text)) {
    yield { criterion: 'no_hallucination', says: 'The pair denies what the evidence states.', sure: 0.85 };
    return;
  }
  if (negated) return;
  for (const clause of evidence.text.split(/[.;:¶]|, | because | which | when | if | and | but | until | so that /u)) {
    const stems = contentStems(clause);
    if (isNegated(clause) && stems.size >= 2 && overlap(stems, said) === 1) {
      yield { criterion: 'no_hallucination', says: 'The pair leaves out a “not” of the evidence.', sure: 0.85 };
      return;
    }
  }
}

/** The sentence of the passage that shares most words with a quote. */
function nearest(passage: string, wanted: ReadonlySet<string>): string {
  let best = { text: '', share: -1 };
  for (const { start, end } of sentences(passage)) {
    const text = passage.slice(start, end);
    const share = overlap(wanted, contentStems(text));
    if (share > best.share) best = { text, share };
  }
  return best.text;
}
