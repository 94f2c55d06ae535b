/** How long a run is, in the trainer's own arithmetic, and when it is evaluated. */

export interface Schedule {
  readonly maxSteps: number;
  readonly evalSteps: number;
  readonly loggingSteps: number;
}

/** The ceiling of the evaluation interval, and the evaluations that a run has at least. */
const RAREST = 500;
const EVALUATIONS = 10;
const LOGGED = 200;

/**
 * Steps as transformers counts them: batches an epoch are rounded up, and so are the accumulated ones. `processes` train
 * side by side, each on its own batch.
 */
export function scheduleOf(run: {
  readonly rows: number;
  readonly batchSize: number;
  readonly accumulation: number;
  readonly processes: number;
  readonly epochs: number;
  readonly evalSteps?: number | undefined;
}): Schedule {
  const batches = Math.ceil(run.rows / (run.batchSize * run.processes));
  const perEpoch = Math.max(1, Math.ceil(batches / run.accumulation));
  const maxSteps = Math.max(1, Math.ceil(perEpoch * run.epochs));
  const scaled = Math.min(RAREST, Math.max(1, Math.floor(maxSteps / EVALUATIONS)));
  return {
    maxSteps,
    evalSteps: Math.min(run.evalSteps ?? scaled, maxSteps),
    loggingSteps: Math.min(10, Math.max(1, Math.ceil(maxSteps / LOGGED))),
  };
}
