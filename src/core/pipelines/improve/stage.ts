import { InvalidReply, type Stage } from '../../engine/pipeline';
import { type HardFailure, improvePrompt, improvePromptVersion } from '../prompts/improve';
import { type Guidance, guidanceFor } from './guidance';

/** A failure, and what a free check had against the first attempt. */
export interface Attempt {
  readonly failure: HardFailure;
  readonly refused?: string;
}

export type ImproveStage = Stage<Attempt, string>;

export function improveStage(guidance: Guidance): ImproveStage {
  return {
    name: 'improve',
    role: 'generator',
    promptVersion: improvePromptVersion,
    parserVersion: 1,
    temperature: 0.4,
    maxTokens: () => 6000,
    prompt: ({ failure, refused }) => ({
      messages: improvePrompt(failure, guidanceFor(guidance, failure.category).text, refused),
    }),
    parse: (value) => {
      const answer = String(value).trim();
      if (answer === '') throw new InvalidReply('The answer is empty.');
      return answer;
    },
  };
}
