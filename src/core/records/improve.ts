import { z } from 'zod';

/** Rows of an improve run (spec page 1). */

/** What the free checks found. One type for every row. */
export const improvedQuality = z.object({
  /** Mentions neither the mistake, nor who made it, nor the reference. */
  stands_alone: z.literal(true),
  final_number: z.enum(['matches', 'not_checked']),
  /** How many answers were asked for: 2 when the first was refused. */
  attempts: z.number().int().min(1).max(2),
});

export const improvedRow = z.object({
  instruction: z.string(),
  input: z.literal(''),
  output: z.string(),
  meta: z.object({
    id: z.string(),
    category: z.string(),
    teacher: z.string(),
    source: z.literal('improved_generation'),
    /** Empty when the row had none; so is `reference_answer`. */
    previous_output: z.string(),
    reference_answer: z.string(),
    quality: improvedQuality,
  }),
});
export type ImprovedRow = z.infer<typeof improvedRow>;
