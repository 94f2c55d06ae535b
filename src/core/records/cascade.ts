import { z } from 'zod';
import { difficulty } from './envelopes';

/** What a cascade is asked for (spec page 3), and its rows (spec page 1). */

/** The domains that ship with Distillery. */
export const builtInDomains = ['medical', 'legal', 'scientific', 'financial'] as const;
export type BuiltInDomain = (typeof builtInDomains)[number];

/** A run this large is refused with its estimate: no single run should be. */
export const mostSamples = 1_000_000;

/** Each stage's part of the budget (spec page 3: $100 = A 25 + B 25 + C 25 + reserve 25); the rest is in reserve. */
export const cascadeShares = { raw: 0.25, format: 0.25, golden: 0.25 } as const;

/** n = min(N, max(100, ⌊N/10⌋)): how many samples are checked for the golden test set. */
export function goldenCount(samples: number): number {
  return Math.min(samples, Math.max(100, Math.floor(samples / 10)));
}

export const stageARow = z.object({
  /** `stage_a_%06d`, from 0. */
  sample_id: z.string(),
  domain: z.string(),
  prompt: z.string(),
  /** The whole trace: the thinking, where the teacher shows it, and the answer. */
  raw_reasoning: z.string(),
  reasoning_tokens: z.number().int(),
  timestamp: z.string(),
  cost_estimate: z.number(),
});
export type StageARow = z.infer<typeof stageARow>;

export const trinaryLogic = z.strictObject({
  premise_a: z.string(),
  premise_b: z.string(),
  premise_c: z.string(),
  resolution: z.string(),
});

/** The formatter's reply on the wire. */
export const formattedEnvelope = z.strictObject({
  instruction: z.string(),
  reasoning_chain: z.string(),
  trinary_logic: trinaryLogic,
  confidence: z.number().min(0).max(1),
  citations: z.array(z.string()),
  difficulty,
});
export type Formatted = z.infer<typeof formattedEnvelope>;

export const stageBRow = z.object({
  sample_id: z.string(),
  source_domain: z.string(),
  instruction: z.string(),
  reasoning_chain: z.string(),
  trinary_logic: trinaryLogic,
  confidence: z.number(),
  citations: z.array(z.string()),
  metadata: z.object({ domain: z.string(), difficulty }),
  cost_estimate: z.number(),
  timestamp: z.string(),
});
export type StageBRow = z.infer<typeof stageBRow>;

/** The golden check's reply on the wire, and in the rows. */
export const goldenVerdict = z.strictObject({
  logically_sound: z.boolean(),
  premises_exhaustive: z.boolean(),
  resolution_valid: z.boolean(),
  corrections: z.string().nullable(),
  approved: z.boolean(),
  explanation: z.string(),
});
export type GoldenVerdict = z.infer<typeof goldenVerdict>;

export const cascadeValidationRow = z.object({
  sample_id: z.string(),
  validation: goldenVerdict,
  approved: z.boolean(),
  cost_estimate: z.number(),
});
export type CascadeValidationRow = z.infer<typeof cascadeValidationRow>;

export const goldenTestRow = stageBRow.extend({ validation: goldenVerdict, golden_approved: z.literal(true) });
export type GoldenTestRow = z.infer<typeof goldenTestRow>;
