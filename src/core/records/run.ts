import { z } from 'zod';

/** `run.json` (spec page 1) and the `--json` of a run (spec page 6). */

export const runStatus = z.enum(['running', 'paused', 'completed', 'budget_exhausted', 'cancelled', 'failed']);
export type RunStatus = z.infer<typeof runStatus>;

/** requested = ok + rejected + failed + unvalidated, always. */
export const counts = z.object({
  requested: z.number().int(),
  ok: z.number().int(),
  approved: z.number().int(),
  rejected: z.number().int(),
  failed: z.number().int(),
  unvalidated: z.number().int(),
});
export type Counts = z.infer<typeof counts>;

export const criterion = z.object({
  name: z.string(),
  target: z.string(),
  value: z.number().nullable(),
  pass: z.boolean(),
});
export type Criterion = z.infer<typeof criterion>;

export const stageReport = z.object({
  name: z.string(),
  requested: z.number().int(),
  ok: z.number().int(),
  failed: z.number().int(),
  spend_usd: z.number(),
  cap_usd: z.number().nullable(),
});
export type StageReport = z.infer<typeof stageReport>;

/** What a run says of itself, while it runs and at its end. */
export const runReport = z.object({
  run: z.string(),
  kind: z.string(),
  folder: z.string(),
  status: runStatus,
  /** Why it paused or failed, a sentence for the person. */
  reason: z.string().nullable(),
  counts,
  spend_usd: z.number(),
  cap_usd: z.number().nullable(),
  tokens: z.object({ input: z.number().int(), cached: z.number().int(), output: z.number().int() }),
  requests: z.number().int(),
  cost_per_accepted_usd: z.number().nullable(),
  units: z.object({ done: z.number().int(), total: z.number().int() }),
  eta_ms: z.number().nullable(),
  stages: z.array(stageReport),
  outputs: z.array(z.object({ path: z.string(), rows: z.number().int() })),
  criteria: z.array(criterion),
  /** What the whole run will cost, losses and repairs included; `corrected` by what its first answers cost. */
  estimate: z
    .object({ low_usd: z.number(), likely_usd: z.number(), high_usd: z.number(), corrected: z.boolean() })
    .exactOptional(),
  /** Answers that were billed above the worst case that was set aside for them. Absent where there are none. */
  overbilled: z.number().int().exactOptional(),
  /** Lines of the journal that cannot be read, and are passed over. Absent where all can. */
  damaged: z.number().int().exactOptional(),
  /** Batches that are not through yet; `id` is null until the provider has named it. Absent where there are none. */
  batches: z
    .array(
      z.object({
        id: z.string().nullable(),
        teacher: z.string(),
        /** Requests that wait for an answer. */
        requests: z.number().int(),
        /** Of the whole batch, as the provider counted last. */
        done: z.number().int(),
        since: z.string(),
      }),
    )
    .exactOptional(),
});
export type RunReport = z.infer<typeof runReport>;

/** USD per million tokens; where it is from and when it was read. */
export const price = z.object({
  input: z.number().nonnegative(),
  cached_input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  batch_factor: z.number().positive(),
  source: z.string(),
  date: z.string(),
});
export type PriceRecord = z.infer<typeof price>;

export const runManifest = z.object({
  version: z.literal(1),
  id: z.string(),
  run: z.string(),
  kind: z.string(),
  program: z.string(),
  started: z.string(),
  ended: z.string().nullable(),
  status: runStatus,
  reason: z.string().nullable(),
  config: z.record(z.string(), z.unknown()),
  config_hash: z.string(),
  inputs: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() })),
  /** Prompt and parser version by stage. */
  versions: z.record(z.string(), z.object({ prompt: z.number().int(), parser: z.number().int() })),
  teachers: z.record(z.string(), z.array(z.object({ provider: z.string(), model: z.string() }))),
  prices: z.record(z.string(), price),
  seed: z.number().int(),
  budget: z.object({ run: z.number().nullable(), stages: z.record(z.string(), z.number()) }),
  /** The arguments with which the command line continues this run: `distillery <resume…>`. */
  resume: z.array(z.string()),
  counts,
  cost: z.object({
    total_usd: z.number(),
    by_stage: z.record(z.string(), z.number()),
    by_model: z.record(z.string(), z.number()),
  }),
  /** The latest report, refreshed about once a second while the run goes on. */
  report: runReport,
  outputs: z.array(z.object({ path: z.string(), rows: z.number().int(), sha256: z.string() })),
  git: z.object({ commit: z.string(), dirty: z.boolean() }).nullable(),
});
export type RunManifest = z.infer<typeof runManifest>;
