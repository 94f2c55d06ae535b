import { z } from 'zod';
import { evaluation } from '../core/records/evaluation';
import type { Contract } from './channel';

/** The report of an evaluation and the editor: the page asks for the file's content and hears when it changed. */

export const evaluationSnapshot = z.object({
  report: evaluation,
  /** Whether its rows stand beside it. */
  hasRows: z.boolean(),
});
export type EvaluationSnapshot = z.infer<typeof evaluationSnapshot>;

const nothing = z.object({});

export const evaluationContract = {
  requests: {
    ready: { params: nothing, result: evaluationSnapshot },
    /** All tests with both answers, in the dataset viewer. */
    openRows: { params: nothing, result: nothing },
  },
  events: { changed: evaluationSnapshot },
} as const satisfies Contract;
export type EvaluationContract = typeof evaluationContract;
