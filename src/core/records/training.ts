import { z } from 'zod';

/** Everything that stands in a training job's folder `distillery/training/<job>/` (spec page 5). */

export const trainingMethod = z.enum(['lora', 'qlora', 'full']);
export type TrainingMethod = z.infer<typeof trainingMethod>;

/** What is to be trained, and how. Fields that are left out are chosen from the data, the model and the hardware. */
export const trainingSpec = z.strictObject({
  /** Files of rows in any training format. */
  datasets: z.array(z.string().min(1)).min(1),
  /** A name on the Hugging Face hub, or the folder of a model. */
  model: z.string().trim().min(1),
  method: trainingMethod.default('lora'),
  validation_fraction: z.number().gt(0).max(0.5).default(0.05),
  lora_r: z.number().int().min(1).max(1024).default(64),
  lora_alpha: z.number().int().min(1).max(2048).default(16),
  lora_dropout: z.number().min(0).max(0.9).default(0.05),
  /** Default: 1e-4 with LoRA, 1e-5 without; a fifth of that for preferences. */
  learning_rate: z.number().positive().max(1).optional(),
  epochs: z.number().positive().max(3).default(3),
  batch_size: z.number().int().min(1).max(4096).default(4),
  accumulation: z.number().int().min(1).max(4096).default(2),
  /** Tokens of a row. Default: what the longest row needs. */
  cutoff_length: z.number().int().min(16).max(1_048_576).optional(),
  /** Steps between evaluations. Default: ten evaluations a run, at most 500 steps apart. */
  eval_steps: z.number().int().min(1).optional(),
  patience: z.number().int().min(1).max(1000).default(3),
  min_delta: z.number().min(0).default(0.001),
  /** How close the last five evaluations lie when training has converged, relative to the loss. 0 turns it off. */
  convergence_spread: z.number().min(0).max(1).default(0.005),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42),
  /** The trainer's name of the chat template. Default: the model's own. */
  template: z.string().min(1).optional(),
  system: z.string().optional(),
  /** A job whose adapter is trained on. */
  resume_from: z.string().min(1).optional(),
  /** GPUs of one machine; more than one is trained on through torchrun. */
  gpus: z.number().int().min(1).max(1024).default(1),
  nodes: z.number().int().min(1).max(1024).default(1),
  /** A DeepSpeed configuration: `z2`, `z3`, or a file. */
  deepspeed: z.string().min(1).optional(),
  /** What the machines of the job cost an hour, in US dollars, where they cost anything. */
  usd_per_hour: z.number().nonnegative().optional(),
});
export type TrainingSpec = z.infer<typeof trainingSpec>;

export const gpu = z.object({ name: z.string(), memory_mb: z.number(), bf16: z.boolean() });
export const hardware = z.object({
  kind: z.enum(['cuda', 'rocm', 'apple', 'cpu']),
  gpus: z.array(gpu),
  memory_mb: z.number().nullable(),
});
export type Hardware = z.infer<typeof hardware>;

export const stopReason = z.enum(['patience', 'convergence', 'max_steps', 'cancelled', 'not_a_number']);
export type StopReason = z.infer<typeof stopReason>;

/** `training_summary.json`, written by `trainer/smart_stop.py`. Histories hold null where a value was not a number. */
export const trainingSummary = z.object({
  version: z.literal(1),
  stop_reason: stopReason,
  stopped_epoch: z.number().nullable(),
  stopped_step: z.number().int(),
  max_steps: z.number().int(),
  best_loss: z.number().nullable(),
  best_step: z.number().int().nullable(),
  /** The name of its folder under `output/`; its weights are those of the adapter. */
  best_checkpoint: z.string().nullable(),
  loss_history: z.array(z.number().nullable()),
  perplexity_history: z.array(z.number().nullable()),
  evaluation_steps: z.array(z.number().int()),
  grad_norm_history: z.array(z.number().nullable()),
  grad_norm_steps: z.array(z.number().int()),
  /** Of the process that wrote this: after a resume, since then. */
  seconds: z.number(),
  notes: z.array(z.string()),
  config: z.record(z.string(), z.unknown()),
});
export type TrainingSummary = z.infer<typeof trainingSummary>;

const place = { step: z.number().int(), epoch: z.number().nullable(), seconds: z.number() };

/** A line of `progress.jsonl`, written by `trainer/smart_stop.py`. After a resume steps come again: the last one counts. */
export const progressLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begin'), max_steps: z.number().int(), resumed: z.boolean(), ...place }),
  z.object({
    kind: z.literal('train'),
    loss: z.number().nullable(),
    grad_norm: z.number().nullable(),
    learning_rate: z.number().nullable(),
    cpu_percent: z.number(),
    memory_mb: z.number(),
    gpu_memory_mb: z.number().optional(),
    ...place,
  }),
  z.object({
    kind: z.literal('evaluation'),
    loss: z.number().nullable(),
    perplexity: z.number().nullable(),
    without_improvement: z.number().int(),
    patience: z.number().int(),
    stop_reason: stopReason.nullable(),
    ...place,
  }),
  z.object({ kind: z.literal('checkpoint'), ...place }),
  z.object({ kind: z.literal('end'), stop_reason: stopReason, ...place }),
]);
export type ProgressLine = z.infer<typeof progressLine>;

export const jobState = z.enum([
  'prepared',
  'launching',
  'running',
  'cancelling',
  'collecting',
  'completed',
  'cancelled',
  'failed',
]);
export type JobState = z.infer<typeof jobState>;

/** Where a job runs. */
export const jobPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local'), python: z.string() }),
  z.object({ kind: z.literal('ssh'), host: z.string(), python: z.string(), folder: z.string() }),
]);
export type JobPlace = z.infer<typeof jobPlace>;

/** `job.json`: what the job is and where it stands, with how it came there. */
export const jobRecord = z.object({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  created: z.string(),
  state: jobState,
  /** Why it failed or what the person should know, a sentence. */
  reason: z.string().nullable(),
  spec: trainingSpec,
  /** What was chosen and counted while the folder was prepared. */
  plan: z.object({
    stage: z.enum(['sft', 'dpo']),
    train_rows: z.number().int(),
    validation_rows: z.number().int(),
    longest_row_tokens: z.number().int(),
    cutoff_length: z.number().int(),
    max_steps: z.number().int(),
    eval_steps: z.number().int(),
    memory_gb: z.number().nullable(),
    notes: z.array(z.string()),
  }),
  place: jobPlace.nullable(),
  merged: z.string().nullable(),
  history: z.array(z.object({ at: z.string(), state: jobState, reason: z.string().nullable() })),
});
export type JobRecord = z.infer<typeof jobRecord>;
