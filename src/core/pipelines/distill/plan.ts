import { requestOf } from '../../engine/request';
import type { PlannedAsk } from '../../engine/pipeline';
import type { DistillOptions } from './options';
import type { Passages } from './passages';
import { generate, validate } from './stages';

/** Output tokens of one pair as a teacher writes it, seen over ordinary prose: question, answer, reasoning, quotes. */
const pairTokens = { low: 80, likely: 140, high: 260 };
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
  const pairsKept = questions * options.validateFraction;
  // A vote is decided by the majority: with n votes that agree, (n + 1) / 2 are asked.
  const votes = Math.ceil((options.votes + 1) / 2);
  for (let index = 0; index < passages.count; index++) {
    const { chunk } = passages.at(index);
    yield {
      stage: generate.name,
      role: generate.role,
      request: requestOf(generate, { text: chunk.text, section: chunk.section, questions }),
      count: 1,
      output: scaled(pairTokens, questions),
    };
    yield {
      stage: validate.name,
      role: validate.role,
      request: requestOf(validate, { passage: chunk.text, section: chunk.section, ...typicalPair }),
      count: pairsKept * votes,
      output: verdictTokens,
    };
  }
}

function scaled(range: { low: number; likely: number; high: number }, by: number) {
  return { low: range.low * by, likely: range.likely * by, high: range.high * by };
}
