import { z } from 'zod';

/** Rows of an ensemble run (spec page 1). */

/** A judge's reply on the wire: answers are anonymous, named by letter. */
export const critiqueEnvelope = z.strictObject({
  critiques: z.array(z.strictObject({ answer: z.string(), score: z.number().min(0).max(1), comment: z.string() })),
});

export const critiqueRow = z.object({
  /** The judge, `provider/model`. */
  by: z.string(),
  score: z.number(),
  comment: z.string(),
  /** Where the answer stood among those that this judge was shown, from 0. */
  position: z.number().int(),
});
export type CritiqueRow = z.infer<typeof critiqueRow>;

/** Every teacher has an entry in every row: a column has one type over the whole file. */
export const completionRow = z.object({
  /** Null when the teacher gave none. */
  answer: z.string().nullable(),
  /** The mean of the others' scores; null when nobody scored it. */
  score: z.number().nullable(),
  critiques: z.array(critiqueRow),
});
export type CompletionRow = z.infer<typeof completionRow>;

export const consensusMethod = z.enum(['vote', 'best', 'synthesis']);
export type ConsensusMethod = z.infer<typeof consensusMethod>;

/** Why a person should look at the row; empty when nobody needs to. */
export const reviewReason = z.enum(['', 'one_answer', 'not_scored', 'low_agreement', 'low_score', 'synthesis_failed']);
export type ReviewReason = z.infer<typeof reviewReason>;

export const ensembleRow = z.object({
  id: z.string(),
  instruction: z.string(),
  input: z.string(),
  completions: z.record(z.string(), completionRow),
  avg_score: z.number().nullable(),
  consensus: z.string(),
  consensus_method: consensusMethod,
  agreement: z.number().min(0).max(1),
  cost: z.number(),
  needs_review: z.boolean(),
  review_reason: reviewReason,
});
export type EnsembleRow = z.infer<typeof ensembleRow>;

export const ensembleTrainingRow = z.object({
  instruction: z.string(),
  input: z.string(),
  output: z.string(),
  meta: z.object({
    id: z.string(),
    source: z.literal('ensemble'),
    consensus_method: consensusMethod,
    agreement: z.number(),
    avg_score: z.number().nullable(),
  }),
});
export type EnsembleTrainingRow = z.infer<typeof ensembleTrainingRow>;

export const preferenceRow = z.object({
  prompt: z.string(),
  chosen: z.string(),
  rejected: z.string(),
  /** The difference of the two scores. */
  margin: z.number(),
});
export type PreferenceRow = z.infer<typeof preferenceRow>;

/** How a judge scores, apart from what the answers deserve. */
export const judgeBiasRow = z.object({
  judge: z.string(),
  /**
   * - `position`: scores given at a place in the list, against the judge's own mean;
   * - `teacher`: scores given to a teacher's answers, against what the other judges gave the same answers;
   * - `all`: all its scores, against what the other judges gave the same answers.
   */
  kind: z.enum(['position', 'teacher', 'all']),
  /** The letter of the place, the teacher, or empty. */
  of: z.string(),
  scores: z.number().int(),
  mean: z.number(),
  /** Above 0: favoured. Null when there is nothing to compare with. */
  bias: z.number().nullable(),
  /** Of `bias`: twice this much and less is noise. */
  standard_error: z.number().nullable(),
});
export type JudgeBiasRow = z.infer<typeof judgeBiasRow>;
