import type { Stage } from '../../engine/pipeline';
import { type GeneratedPair, generationEnvelope, type Validation, validationEnvelope } from '../../records/envelopes';
import { generatePrompt, generatePromptVersion, validatePrompt, validatePromptVersion } from '../prompts/distill';

export interface Passage {
  readonly text: string;
  readonly section: readonly string[];
  readonly questions: number;
}

/** About 230 output tokens a pair are seen in practice; the limit leaves room for long quotes and for thinking. */
const tokensPerPair = 450;
const thinkingRoom = 2000;

export const generate: Stage<Passage, readonly GeneratedPair[]> = {
  name: 'generate',
  role: 'generator',
  promptVersion: generatePromptVersion,
  parserVersion: 1,
  temperature: 0.7,
  maxTokens: (passage) => thinkingRoom + tokensPerPair * passage.questions,
  schema: { name: 'pairs', zod: generationEnvelope },
  prompt: ({ text, section, questions }) => ({
    messages: generatePrompt(text, section, questions),
    task: { kind: 'distill.generate', passage: text, section, questions },
  }),
  parse: (value, { questions }) => generationEnvelope.parse(value).pairs.slice(0, questions),
};

export interface Candidate {
  readonly passage: string;
  /** Heading path: a question may name what only the headings name. */
  readonly section: readonly string[];
  readonly question: string;
  readonly answer: string;
  readonly evidence: readonly string[];
}

export const validate: Stage<Candidate, Validation> = {
  name: 'validate',
  role: 'validator',
  promptVersion: validatePromptVersion,
  parserVersion: 1,
  temperature: 0.1,
  maxTokens: () => 1200,
  schema: { name: 'verdict', zod: validationEnvelope },
  prompt: ({ passage, section, question, answer, evidence }) => ({
    messages: validatePrompt(passage, section, { question, answer, evidence }),
    task: { kind: 'distill.validate', passage, section, question, answer, evidence },
  }),
  parse: (value) => validationEnvelope.parse(value),
};

/** Approved = all three criteria and the validator's own verdict. */
export function isApproved(verdict: Validation): boolean {
  return verdict.approved && verdict.grounded && verdict.no_hallucination && verdict.complete;
}
