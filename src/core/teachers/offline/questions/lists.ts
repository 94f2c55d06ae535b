import { gerund } from '../language/morphology';
import { isImperative } from '../language/lead';
import { words } from '../language/wording';
import type { Tagger } from '../language/tagger';
import { type Token, verbForm } from '../language/token';
import type { Passage, Step } from '../passage';
import { join } from './candidate';
import type { Candidate, Span } from './frame';
import { asQuestion } from '../language/wording';

/** Questions about numbered procedures: what to do after a step, and all steps of a short one. */
export function* procedures(passage: Passage, tagger: Tagger): Generator<Candidate> {
  for (const [number, steps] of passage.procedures.entries()) {
    const goal = goalOf(passage, steps, tagger);
    if (goal === undefined) continue;
    const first = steps[0];
    const last = steps.at(-1);
    if (!first || !last) continue;
    if (first.number === 1 && steps.length >= 3 && steps.every((step) => isImperative(step.sentence.tokens, 0))) {
      yield {
        question: asQuestion('what are the steps for', goal),
        answer: { start: first.start, end: span(last).end },
        evidence: [{ start: first.start, end: span(last).end }],
        reasoning: `The numbered list gives the ${steps.length} steps in order.`,
        difficulty: 'hard',
        score: 0.95,
        origin: `p${number}`,
      };
    }
    for (let i = 1; i < steps.length; i += 1) {
      const before = steps[i - 1];
      const after = steps[i];
      if (before && after) yield* following(before, after, goal, number);
    }
  }
}

function* following(before: Step, after: Step, goal: string, number: number): Generator<Candidate> {
  const { sentence } = before;
  if (!isImperative(sentence.tokens, 0) || !isImperative(after.sentence.tokens, 0)) return;
  // Only a reason or a manner may be left out; a step of several commands or sentences is not done after its first.
  const cut = sentence.tokens.findIndex((token, i) => i > 2 && /^(?:because|so|by|until)$/u.test(token.lower));
  const whole = cut < 0 ? sentence.tokens.length : cut;
  const to = sentence.tokens[whole - 1]?.text === ',' ? whole - 1 : whole;
  if (
    to > 16 ||
    before.last !== sentence ||
    sentence.tokens.slice(0, to).some((token) => /^(?:[,;:]|then)$/u.test(token.lower)) ||
    sentence.tokens.slice(0, to).some((token) => /^(?:it|them|this|that|these|those|not|never|do)$/u.test(token.lower))
  )
    return;
  yield {
    question: asQuestion('when', `${goal}, what do you do after you`, words(sentence, { from: 0, to })),
    answer: span(after),
    evidence: [span(before), span(after)],
    reasoning: 'The step asked for follows the step named in the numbered list.',
    difficulty: 'hard',
    score: 0.85 - 0.01 * after.number,
    origin: `p${number}.${after.number}`,
  };
}

function span(step: Step): Span {
  return step.sentence.prose.span(step.sentence.start, step.last.end);
}

/** What a procedure achieves, as an "-ing" phrase, from the line that introduces it or the heading above it. */
function goalOf(passage: Passage, steps: readonly Step[], tagger: Tagger): string | undefined {
  const block = steps[0]?.sentence.block ?? 0;
  const intro = passage.sentences.find(
    (sentence) =>
      sentence.block === block - 1 &&
      /:$/u.test(sentence.prose.text.trim()) &&
      sentence.end >= sentence.prose.text.length - 1,
  );
  const fromIntro = intro && /\bto (\p{Ll}+) (.+):$/iu.exec(intro.prose.text);
  if (intro && fromIntro?.[1] && fromIntro[2] && intro.prose.text.length < 80)
    return `${gerund(fromIntro[1])} ${fromIntro[2]}`;
  const heading = steps[0] && passage.headingOf(steps[0].sentence.prose.source(steps[0].sentence.start));
  if (heading === undefined) return undefined;
  return goalFromHeading(heading.replace(/^(?:chapter\s+)?[\d.]+\s*/iu, '').trim(), tagger);
}

/** "Replacing the membrane" stays; "How to reset the lock" and "Reset the lock" become "resetting the lock". */
function goalFromHeading(heading: string, tagger: Tagger): string | undefined {
  const plain = heading.replace(/^how to\s+/iu, '');
  const lower = `${plain.charAt(0).toLowerCase()}${plain.slice(1)}`;
  const tokens = tagger.tag(`to ${lower}`, 0).slice(1);
  const first: Token | undefined = tokens[0];
  if (!first || !/^[\p{L}\s'’-]+$/u.test(plain) || plain.length > 70) return undefined;
  const rest = lower.slice(first.text.length).trim();
  if (/ing$/u.test(first.lower) && first.lower.length > 5) return join(first.lower, rest);
  if (rest !== '' && first.pos === 'VERB' && verbForm(first) === 'base' && /^how to/iu.test(heading))
    return join(gerund(first.lower), rest);
  return undefined;
}
