import { contentStems, numbers, overlap } from './lexical';

/** What a question and its answer lack to make sense, as a sentence for the person; nothing when they seem to. */
export function* nonsense(question: string, answer: string): Generator<string> {
  const line = question.trim().replace(/[?!.\s]+$/u, '');
  if (/\b(?:and|or|nor|but|than|the|an?|also|because|if|unless|which|whose|very|its|their|every)$/iu.test(line))
    yield 'The question breaks off.';
  if (dangling.test(line)) yield 'The question does not say who or what its pronoun stands for.';
  if (/\b(\p{L}+) \1\b/iu.test(line.replace(/\b(?:that|had) (?:that|had)\b/giu, '')))
    yield 'The question repeats a word.';
  if (isVerbless(line)) yield 'The question has no verb.';
  if (repeats(line, answer)) yield 'The question already contains its answer.';
}

const auxiliary = '(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|might|must|shall|should)';

/** "What does it do?", "Why is this so?", "When was he born?": a pronoun as subject with nothing before it that it could mean. */
const dangling = new RegExp(
  `^(?:(?:when|where|why|how|what|whom?|which)(?: (?:much|many|long|often|far))? )?${auxiliary}(?:n't)? (?:it|he|she|they|these|those|this|that|his|her|its|their)\\b(?! (?:possible|necessary|important|allowed|true|safe|legal|advisable|better|best|take|rain|snow|mean|called)\\b)`,
  'iu',
);

/** Only what nobody could take for a question: a question word with nothing that could be a verb after it. */
function isVerbless(line: string): boolean {
  const said = line.toLowerCase().split(/\s+/u);
  if (said.length < 2) return true;
  if (!/^(?:what|who|whom|which|when|where|why|how)$/u.test(said[0] ?? '')) return false;
  const rest = said.slice(1);
  if (rest.some((word) => new RegExp(`^${auxiliary}(?:n't|not)?$`, 'u').test(word))) return false;
  return !rest.some((word) => /(?:[^s]s|ed|'s)$/u.test(word) || Object.hasOwn(pasts, word));
}

const pasts: Readonly<Record<string, true>> = Object.fromEntries(
  'began bought brought broke built came caught chose drew drove fell felt found gave went grew held kept knew laid led left lost made meant met paid ran rose said saw sent sold spent spoke stood taught thought threw took told won wore wrote bore became fought cut put set hit let read'
    .split(' ')
    .map((word) => [word, true as const]),
);

/** Whether all that the answer says is in the question; a choice ("… or …") may repeat what it offers. */
function repeats(line: string, answer: string): boolean {
  const said = contentStems(answer);
  if (said.size === 0 || / or /iu.test(line) || /^how (?:many|much)\b/iu.test(line)) return false;
  return overlap(said, contentStems(line)) === 1 && overlap(numbers(answer), numbers(line)) === 1;
}
