import { z } from 'zod';

/** Everything that stands in the folder of an evaluation (spec page 5): base against tuned model on held-out tests. */

/** How a judge replies: the reason first, so that the verdict follows from it. */
export const gradeEnvelope = z.strictObject({ reason: z.string(), pass: z.boolean() });

const graded = z.object({
  answer: z.string(),
  pass: z.boolean(),
  reason: z.string(),
  /** The limit of tokens cut it. */
  cut: z.boolean(),
});

/** `evaluation_rows.jsonl`: a test, what both models answered, and how each answer was judged. */
export const evaluationRow = z.object({
  id: z.string(),
  /** Empty where the test has none. */
  category: z.string(),
  instruction: z.string(),
  input: z.string(),
  reference: z.string(),
  base: graded,
  tuned: graded,
  cost_estimate: z.number(),
});
export type EvaluationRow = z.infer<typeof evaluationRow>;

const side = z.enum(['base', 'tuned']);
export type Side = z.infer<typeof side>;

/** `speed.jsonl`: one prompt, asked of one model while it had nothing else to do. */
export const speedRow = z.object({
  id: z.string(),
  model: side,
  first_token_ms: z.number().nullable(),
  total_ms: z.number(),
  output_tokens: z.number().int(),
});
export type SpeedRow = z.infer<typeof speedRow>;

/** A share of passes with its Wilson interval, 95 %. */
const passRate = z.object({ passes: z.number().int(), rate: z.number(), low: z.number(), high: z.number() });
export type PassRate = z.infer<typeof passRate>;

export const verdict = z.enum(['better', 'worse', 'no_difference_shown']);
export type Verdict = z.infer<typeof verdict>;

export const mcnemar = z.object({
  /** Exact below 25 tests that tell the models apart, from there on with continuity correction. */
  method: z.enum(['exact_binomial', 'chi_square_corrected']),
  /** Chi-square; of the exact test the smaller of the two counts. */
  statistic: z.number(),
  /** Two-sided. */
  p_value: z.number(),
  /** Tests that only the tuned model passes, and that only the base model passes. */
  gained: z.number().int(),
  lost: z.number().int(),
});
export type McNemar = z.infer<typeof mcnemar>;

const category = z.object({
  category: z.string(),
  n: z.number().int(),
  base: passRate,
  tuned: passRate,
  lift: z.number(),
  mcnemar,
  /** By Benjamini and Hochberg over all categories; at most 0.10 shows a difference. */
  adjusted_p: z.number(),
  verdict,
});
export type CategoryReport = z.infer<typeof category>;

const speed = z.object({
  prompts: z.number().int(),
  /** Medians; null where the server does not say. */
  first_token_ms: z.number().nullable(),
  tokens_per_second: z.number().nullable(),
});

/** `evaluation.json` */
export const evaluation = z.object({
  version: z.literal(1),
  /** `provider/model`, or the name of a file of predictions. */
  models: z.object({ base: z.string(), tuned: z.string() }),
  /** `provider/model`, or `exact`. */
  judge: z.string(),
  /** Tests that both models answered and that were judged. */
  n: z.number().int().positive(),
  base: passRate,
  tuned: passRate,
  /** Tuned minus base; a paired bootstrap interval, 95 %. */
  lift: z.object({ value: z.number(), low: z.number(), high: z.number() }),
  mcnemar,
  cohens_h: z.number(),
  verdict,
  categories: z.array(category),
  /** Tests that the base model passes and the tuned one does not. */
  regressions: z.array(evaluationRow.omit({ cost_estimate: true })),
  /** Tests that are not in `n`: an answer or a judgement was lost, or is still to come. */
  left_out: z.object({ lost: z.number().int(), open: z.number().int() }),
  /** Answers that the limit of tokens cut: judged as they are. Where there are many, a longer limit is fairer. */
  cut: z.object({ base: z.number().int(), tuned: z.number().int() }),
  /** Whether tests were trained on. `not_checked`: no training file was named. */
  overlap: z.object({
    status: z.enum(['none', 'allowed', 'not_checked']),
    training_file: z.string().nullable(),
    /** Tests that the training file gives away, by id; all of them are counted in `n`. */
    tests: z.array(z.string()),
  }),
  speed: z.object({ base: speed, tuned: speed }).exactOptional(),
});
export type Evaluation = z.infer<typeof evaluation>;
export type Speed = z.infer<typeof speed>;

/** The files of an evaluation. */
export const evaluationFile = 'evaluation.json';
export const evaluationRows = 'evaluation_rows.jsonl';
export const speedRows = 'speed.jsonl';
