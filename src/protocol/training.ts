import { z } from 'zod';
import type { Contract } from './channel';
import { jobState, stopReason } from '../core/records/training';

/** The training panel and the editor: the panel asks for a snapshot and hears new ones; the job's files are the truth. */

/** Parallel columns, as a plot takes them; null where there is no value. */
const series = z.object({ steps: z.array(z.number()), values: z.array(z.number().nullable()) });
export type Series = z.infer<typeof series>;

export const trainingSnapshot = z.object({
  /** Whose panel it is: kept by the panel over a reload of the window. */
  folder: z.string(),
  name: z.string(),
  state: jobState,
  /** Where it stands, a line. */
  text: z.string(),
  reason: z.string().nullable(),
  model: z.string(),
  method: z.string(),
  where: z.string(),
  step: z.number(),
  maxSteps: z.number(),
  stopReason: stopReason.nullable(),
  patience: z.string().nullable(),
  checkpoints: z.array(z.object({ step: z.number(), best: z.boolean() })),
  loss: series,
  evalLoss: series,
  perplexity: series,
  gradNorm: series,
  learningRate: series,
  /** What it uses of the machine, a line. */
  hardware: z.string().nullable(),
  spend: z.string().nullable(),
  log: z.string(),
  /** Other jobs whose evaluation loss can be laid over this one's. */
  others: z.array(z.object({ name: z.string(), evalLoss: series })),
  canStop: z.boolean(),
  canResume: z.boolean(),
  canMerge: z.boolean(),
  canTry: z.boolean(),
  canEvaluate: z.boolean(),
  hasRun: z.boolean(),
});
export type TrainingSnapshot = z.infer<typeof trainingSnapshot>;

const nothing = z.object({});

export const trainingContract = {
  requests: {
    /** The first thing a panel says. */
    ready: { params: nothing, result: trainingSnapshot },
    stop: { params: nothing, result: nothing },
    resume: { params: nothing, result: nothing },
    merge: { params: nothing, result: nothing },
    tryModel: { params: nothing, result: nothing },
    evaluate: { params: nothing, result: nothing },
    tensorBoard: { params: nothing, result: nothing },
    openLog: { params: nothing, result: nothing },
    openFolder: { params: nothing, result: nothing },
  },
  events: { changed: trainingSnapshot },
} as const satisfies Contract;
export type TrainingContract = typeof trainingContract;
