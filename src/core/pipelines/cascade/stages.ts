import { InvalidReply, type Stage } from '../../engine/pipeline';
import {
  type Formatted,
  formattedEnvelope,
  type GoldenVerdict,
  goldenVerdict,
  type StageBRow,
} from '../../records/cascade';
import {
  correctionPrompt,
  formatPrompt,
  formatPromptVersion,
  goldenPrompt,
  goldenPromptVersion,
  rawPrompt,
  rawPromptVersion,
} from '../prompts/cascade';
import type { Domain } from './domain';
import type { Point } from './points';

/** The raw trace: the thinking, where the teacher shows it, and the answer. */
export interface Trace {
  readonly text: string;
  readonly reasoningTokens: number;
}

/** Less than this is no reasoned case. */
const leastCharacters = 200;

export interface CascadeStages {
  readonly raw: Stage<Point, Trace>;
  readonly format: Stage<Formatting, Formatted>;
  readonly golden: Stage<StageBRow, GoldenVerdict>;
}

/** What stage B is given: a trace, or its own row with the checker's verdict. */
export type Formatting =
  | { readonly trace: string; readonly point: Point }
  | { readonly row: StageBRow; readonly verdict: GoldenVerdict; readonly trace: string; readonly point: Point };

/** The three stages of spec page 3, for one domain. */
export function cascadeStages(domain: Domain): CascadeStages {
  return {
    raw: {
      name: 'raw',
      role: 'generator',
      promptVersion: rawPromptVersion,
      parserVersion: 1,
      temperature: 0.7,
      maxTokens: () => 6000,
      prompt: (point) => ({
        messages: rawPrompt(domain, point),
        task: { kind: 'cascade.raw', domain: domain.name, values: point.values, difficulty: point.difficulty },
      }),
      parse: (value, _point, reply) => {
        const answer = String(value).trim();
        if (answer.length < leastCharacters)
          throw new InvalidReply('The case is missing or too short: write all five parts.');
        const text = reply.reasoning === undefined ? answer : `${reply.reasoning.trim()}\n\n${answer}`;
        return { text, reasoningTokens: reply.usage.reasoning || reply.usage.output };
      },
    },
    format: {
      name: 'format',
      role: 'formatter',
      promptVersion: formatPromptVersion,
      parserVersion: 1,
      temperature: 0.2,
      maxTokens: () => 3000,
      schema: { name: 'example', zod: formattedEnvelope },
      prompt: (input) => ({
        messages:
          'row' in input ? correctionPrompt(domain, input.row, input.verdict) : formatPrompt(domain, input.trace),
        task: { kind: 'cascade.format', trace: input.trace, difficulty: input.point.difficulty },
      }),
      parse: (value) => {
        const row = formattedEnvelope.parse(value);
        const { premise_a, premise_b, premise_c, resolution } = row.trinary_logic;
        const said = [row.instruction, row.reasoning_chain, premise_a, premise_b, premise_c, resolution];
        if (said.some((part) => part.trim() === '')) throw new InvalidReply('No field may be empty.');
        if (new Set([premise_a, premise_b, premise_c]).size < 3)
          throw new InvalidReply('The three premises must differ.');
        return row;
      },
    },
    golden: {
      name: 'golden',
      role: 'validator',
      promptVersion: goldenPromptVersion,
      parserVersion: 1,
      temperature: 0.1,
      maxTokens: () => 1500,
      schema: { name: 'verdict', zod: goldenVerdict },
      prompt: ({ instruction, reasoning_chain, trinary_logic, confidence, citations }) => ({
        messages: goldenPrompt(domain, { instruction, reasoning_chain, trinary_logic, confidence, citations }),
        task: { kind: 'cascade.golden', instruction, reasoning_chain, trinary_logic },
      }),
      parse: (value) => goldenVerdict.parse(value),
    },
  };
}

/** Approved = the three criteria and the verdict. */
export function isGolden(verdict: GoldenVerdict): boolean {
  return verdict.approved && verdict.logically_sound && verdict.premises_exhaustive && verdict.resolution_valid;
}
