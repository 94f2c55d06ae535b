import { contentStems, numbers, overlap } from './lexical';

/** What a question (without its setting) and its answer lack to make sense, as a sentence for the person; nothing when they seem to. */
export function* nonsense(question: string, answer: string): Generator<string> {
  const line = question.trim().replace(/[?!.\s]+$/u, '');
  if (/\b(?:and|or|nor|but|than|the|an?|also|because|if|unless|which|whose|very|its|their|every)$/iu.test(line))
    yield 'The question breaks off.';
  if (dangling.test(line)) yield 'The question does not say who or what its pronoun stands for.';
  if (/\b(\p{L}+) \1\b/iu.test(line.replace(/\b(?:that|had) (?:that|had)\b/giu, '')))
    yield 'The question repeats a word.';
  if (isVerbless(line)) yield 'The question has no verb.';
  if (repeats(line, answer)) yield 'The question already contains its answer.';
  yield* mismatch(line, answer.trim());
}

const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const figure = '(?:\\d[\\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen)';

/** An answer of another kind than its question asks for: the sentence was taken apart at the wrong place. */
function* mismatch(line: string, answer: string): Generator<string> {
  if (/\b(?:before|after|when|until) (?:and|or)\b/iu.test(line)) yield 'The question breaks off in the middle.';
  if (
    /\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b/u.test(line) &&
    new RegExp(`^in (?:${months})\\b`, 'u').test(answer)
  )
    yield 'Half of the date is left in the question.';
  if (new RegExp(`\\b(?!how )\\w+ ${figure} (?:or|to) ${figure}$`, 'iu').test(line))
    yield 'The question breaks off at a number.';
  if (/\bwhen (?:you|they|it|we) (?:have|are|has|is) (?:finished|done|ready)$/iu.test(line))
    yield 'The question does not say what is finished.';
  if (
    new RegExp(`^(?:about |some |up to )?${figure}(?: (?:or|to) ${figure})?$`, 'iu').test(answer) &&
    !/^how\b/iu.test(line)
  )
    yield 'The answer is a number of nothing.';
  if (/^how often\b.*\bat (?:least|most)(?: (?:once|twice))?$/iu.test(line))
    yield 'Half of the frequency is left in the question.';
  if (/^why\b/iu.test(line)) yield* noReason(line, answer);
  if (
    /^where\b/iu.test(line) &&
    /^(?:on|with|by|in|from) an? [^,]*\b(?:press|machine|engine|device|tool|computer|lathe|loom|kiln|instrument)\b/iu.test(
      answer,
    )
  )
    yield 'The answer is a thing, and no place.';
  if (/^who (?:is|was)\b/iu.test(line) && /^the [\p{L}'-]+(?: [\p{L}'-]+)?$/u.test(answer))
    yield 'The answer does not say of what.';
}

/** "since 2011" is a time, "set so that they touch" a way, and what follows "…, and the" another fact. */
function* noReason(line: string, answer: string): Generator<string> {
  if (/^why (?:has|have)\b/iu.test(line) && /^since\b/iu.test(answer)) yield 'The answer may be a time.';
  if (/\b(?:set|adjusted|placed|positioned|arranged|shaped|cut|laid)$/iu.test(line) && /^so that\b/iu.test(answer))
    yield 'The answer is a way, and no reason.';
  if (/^(?:since|because|as)\b.*, and (?:the|an?|it|he|she|they|its|their)\b/iu.test(answer))
    yield 'The answer runs on.';
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
