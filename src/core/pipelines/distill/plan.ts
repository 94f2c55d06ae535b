import { requestOf } from '../../engine/request';
import type { PlannedAsk } from '../../engine/pipeline';
import type { DistillOptions } from './options';
import type { Passages } from './passages';
import { generate, validate } from './stages';

/** Output tokens of one pair as a teacher writes it, seen over ordinary prose: question, answer, reasoning, quotes. */
const pairTokens = { low: 80, likely: 140, high: 260 };
/** Characters of a passage that carry a pair: from a short passage comes less than was asked for. */
const textOfPair = 110;
/** A verdict with its errors; thinking models think before it. */
const verdictTokens = { low: 40, likely: 90, high: 400 };
/** A typical pair, in the size of its text, for the validator's prompts that do not exist yet. */
const typicalPair = {
  question: 'What must be checked before the main valve is opened after a shutdown?',
  answer: 'The pressure in the return line must be below 2 bar and the drain must be closed.',
  evidence: [
    'Before the main valve is opened, check that the return line is below 2 bar and that the drain is closed.',
  ],
};

/** What a whole run asks: every passage once, and a verdict on every pair that is likely to pass the free checks. */
export function* plannedAsks(passages: Passages, options: DistillOptions): Iterable<PlannedAsk> {
  const { questions } = options;
  // A vote is decided by the majority: with n votes that agree, (n + 1) / 2 are asked.
  const votes = Math.ceil((options.votes + 1) / 2);
  for (let index = 0; index < passages.count; index++) {
    const { chunk } = passages.at(index);
    const pairs = Math.min(questions, Math.max(1, chunk.text.length / textOfPair));
    const verdicts = pairs * options.validateFraction * votes;
    yield {
      stage: generate.name,
      role: generate.role,
      request: requestOf(generate, { text: chunk.text, section: chunk.section, questions }),
      count: 1,
      output: { ...scaled(pairTokens, pairs), high: pairTokens.high * questions },
    };
    yield {
      stage: validate.name,
      role: validate.role,
      request: requestOf(validate, { passage: chunk.text, section: chunk.section, ...typicalPair }),
      count: verdicts,
      // Pairs that fail a free check, or are twins, cost no verdict.
      least: verdicts / 2,
      output: verdictTokens,
    };
  }
}

function scaled(range: { low: number; likely: number; high: number }, by: number) {
  return { low: range.low * by, likely: range.likely * by, high: range.high * by };
}
