import { z } from 'zod';

/** What replies look like on the wire (spec page 6). Strict schemas: every key required, no others. */

export const difficulty = z.enum(['easy', 'medium', 'hard']);
export type Difficulty = z.infer<typeof difficulty>;

export const generatedPair = z.strictObject({
  question: z.string(),
  answer: z.string(),
  reasoning: z.string(),
  difficulty,
  /** Verbatim quotes from the passage. */
  evidence: z.array(z.string()),
});
export type GeneratedPair = z.infer<typeof generatedPair>;

export const generationEnvelope = z.strictObject({ pairs: z.array(generatedPair) });

export const corrections = z.strictObject({ question: z.string(), answer: z.string() });

export const validationEnvelope = z.strictObject({
  grounded: z.boolean(),
  no_hallucination: z.boolean(),
  complete: z.boolean(),
  approved: z.boolean(),
  errors: z.array(z.string()),
  corrections: corrections.nullable(),
  confidence: z.number().min(0).max(1),
});
export type Validation = z.infer<typeof validationEnvelope>;
