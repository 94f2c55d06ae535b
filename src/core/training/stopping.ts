import type { StopReason } from '../records/training';

/**
 * When training should stop: the reference for `trainer/stopping.py`, which decides the same (held by tests). Where the
 * trainer cannot be asked, this tells what it would have done with a history of losses.
 */

export interface StopSettings {
  /** Evaluations without an improvement that are one too many. */
  readonly patience: number;
  /** An improvement is more than this. */
  readonly minDelta: number;
  /** Spread of the last five losses, relative to the smallest, under which training has converged. */
  readonly convergenceSpread: number;
}

export interface StoppingState {
  readonly losses: readonly number[];
  /** The last loss that was an improvement. */
  readonly reference: number | undefined;
  readonly withoutImprovement: number;
  readonly reason: Extract<StopReason, 'not_a_number' | 'convergence' | 'patience'> | undefined;
}

export const noEvaluations: StoppingState = {
  losses: [],
  reference: undefined,
  withoutImprovement: 0,
  reason: undefined,
};

/** The state after one more evaluation. Not a number, then convergence, then patience. */
export function judge(state: StoppingState, loss: number, settings: StopSettings): StoppingState {
  const losses = [...state.losses, loss];
  if (!Number.isFinite(loss)) return { ...state, losses, reason: 'not_a_number' };
  const better = state.reference === undefined || loss < state.reference - settings.minDelta;
  const withoutImprovement = better ? 0 : state.withoutImprovement + 1;
  const reason = hasConverged(losses, settings.convergenceSpread)
    ? 'convergence'
    : withoutImprovement >= settings.patience
      ? 'patience'
      : undefined;
  return { losses, reference: better ? loss : state.reference, withoutImprovement, reason };
}

/** The state after these losses, whatever came after the first reason to stop: settings may have changed since. */
export function replay(losses: readonly number[], settings: StopSettings): StoppingState {
  return losses.reduce((state, loss) => judge(state, loss, settings), noEvaluations);
}

const WINDOW = 5;
/** Mann-Kendall's S over five values: falling pairs less rising ones, of ten. From 8 on a fall is real (p = 0.04). */
const STEADY = 8;

/** The last five lie within `spread` of each other, relative to the smallest, and do not fall steadily. */
function hasConverged(losses: readonly number[], spread: number): boolean {
  const last = losses.slice(-WINDOW);
  if (last.length < WINDOW || !last.every(Number.isFinite)) return false;
  const low = Math.min(...last);
  if (Math.max(...last) - low >= spread * Math.abs(low)) return false;
  let falls = 0;
  for (const [at, loss] of last.entries()) {
    for (const later of last.slice(at + 1)) falls += Math.sign(loss - later);
  }
  return falls < STEADY;
}
