import { InvalidReply, type Stage } from '../../engine/pipeline';
import { critiqueEnvelope } from '../../records/ensemble';
import {
  answerPrompt,
  answerPromptVersion,
  type Criticised,
  type Instruction,
  judgePrompt,
  judgePromptVersion,
  letterOf,
  synthesizePrompt,
  synthesizePromptVersion,
} from '../prompts/ensemble';

export interface Judging extends Instruction {
  /** Of the others, in the order in which this judge is shown them. */
  readonly answers: readonly string[];
}

export interface Synthesis extends Instruction {
  readonly answers: readonly Criticised[];
}

/** A score and a comment for each answer, in the order in which they were shown. */
export type Critiques = readonly { readonly score: number; readonly comment: string }[];

export interface EnsembleStages {
  readonly answer: Stage<Instruction, string>;
  readonly judge: Stage<Judging, Critiques>;
  readonly synthesize: Stage<Synthesis, string>;
}

/** The three stages. One role: whoever answers also judges the others. */
export function ensembleStages(rubric: string): EnsembleStages {
  return {
    answer: {
      name: 'answer',
      role: 'answerer',
      promptVersion: answerPromptVersion,
      parserVersion: 1,
      temperature: 0.7,
      maxTokens: () => 6000,
      prompt: (instruction) => ({ messages: answerPrompt(instruction) }),
      parse: (value) => text(value),
    },
    judge: {
      name: 'judge',
      role: 'answerer',
      promptVersion: judgePromptVersion,
      parserVersion: 1,
      temperature: 0.1,
      maxTokens: () => 3000,
      schema: { name: 'critiques', zod: critiqueEnvelope },
      prompt: ({ answers, ...instruction }) => ({ messages: judgePrompt(instruction, answers, rubric) }),
      parse: (value, { answers }) => readCritiques(value, answers.length),
    },
    synthesize: {
      name: 'synthesize',
      role: 'answerer',
      promptVersion: synthesizePromptVersion,
      parserVersion: 1,
      temperature: 0.2,
      maxTokens: () => 6000,
      prompt: ({ answers, ...instruction }) => ({ messages: synthesizePrompt(instruction, answers) }),
      parse: (value) => text(value),
    },
  };
}

function text(value: unknown): string {
  const answer = String(value).trim();
  if (answer === '') throw new InvalidReply('The answer is empty.');
  return answer;
}

/** One critique for each letter, once; their order on the wire does not count. */
function readCritiques(value: unknown, count: number): Critiques {
  const { critiques } = critiqueEnvelope.parse(value);
  const byLetter = new Map(critiques.map((critique) => [letterIn(critique.answer), critique]));
  const wanted = Array.from({ length: count }, (_, at) => letterOf(at));
  const found = wanted.map((letter) => byLetter.get(letter));
  if (critiques.length !== count || found.includes(undefined)) {
    throw new InvalidReply(`Give exactly one critique for each of the answers ${wanted.join(', ')}.`);
  }
  return found.flatMap((critique) => (critique ? [{ score: critique.score, comment: critique.comment.trim() }] : []));
}

/** “A”, “a”, “Answer A”. */
function letterIn(name: string): string {
  return name
    .trim()
    .replace(/^answer\s+/i, '')
    .toUpperCase();
}
