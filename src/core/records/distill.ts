import { z } from 'zod';
import { difficulty, validationEnvelope } from './envelopes';

/**
 * Rows of a distillation run (spec page 1). `start`/`end` are UTF-16 code-unit offsets into the decoded document, end
 * exclusive; lines are 1-based. These schemas are the only definition: writers, readers and panels derive from them.
 */

export const chunkRow = z.object({
  /** `chunk_%06d`, from 0, unique in the run. */
  chunk_id: z.string(),
  text: z.string(),
  source: z.object({
    /** Relative to the run's workspace folder where possible, with forward slashes. */
    file: z.string(),
    sha256: z.string(),
    start: z.number().int(),
    end: z.number().int(),
    line_start: z.number().int(),
    line_end: z.number().int(),
  }),
  /** Heading path, outermost first. */
  section: z.array(z.string()),
  char_count: z.number().int(),
});
export type ChunkRow = z.infer<typeof chunkRow>;

export const evidenceRow = z.object({ quote: z.string(), start: z.number().int(), end: z.number().int() });
export type EvidenceRow = z.infer<typeof evidenceRow>;

export const qaRow = z.object({
  /** `<chunk_id>_qa_<k>`. */
  qa_id: z.string(),
  question: z.string(),
  answer: z.string(),
  reasoning: z.string(),
  difficulty,
  evidence: z.array(evidenceRow),
  source: z.object({
    file: z.string(),
    sha256: z.string(),
    chunk_id: z.string(),
    start: z.number().int(),
    end: z.number().int(),
  }),
  confidence: z.number(),
  teacher: z.string(),
  cost_estimate: z.number(),
  timestamp: z.string(),
});
export type QaRow = z.infer<typeof qaRow>;

export const rowStatus = z.enum(['approved', 'rejected', 'unvalidated', 'failed']);
export type RowStatus = z.infer<typeof rowStatus>;

export const validationRow = z.object({
  qa_id: z.string(),
  /** The free checks: name → `ok` or what is wrong. One type for every row. */
  checks: z.object({
    evidence: z.enum(['verified', 'repaired', 'unverified', 'missing', 'not_run']),
    not_empty: z.boolean(),
    stands_alone: z.boolean(),
    /** The qa_id of the twin that was kept, or null. */
    duplicate_of: z.string().nullable(),
  }),
  validation: validationEnvelope.nullable(),
  status: rowStatus,
  /** Reason code: empty for approved rows. */
  reason: z.string(),
  cost_estimate: z.number(),
});
export type ValidationRow = z.infer<typeof validationRow>;

export const goldenRow = z.object({
  instruction: z.string(),
  input: z.literal(''),
  output: z.string(),
  reasoning: z.string(),
  difficulty,
  /** The chunk's id. */
  source: z.string(),
});
export type GoldenRow = z.infer<typeof goldenRow>;
