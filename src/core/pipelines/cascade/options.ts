import { cascadeShares } from '../../records/cascade';
import type { Domain } from './domain';

export interface CascadeOptions {
  readonly domain: Domain;
  readonly samples: number;
  /** How many are checked for the golden test set. */
  readonly golden: number;
  readonly applyCorrections: boolean;
  /** Samples that may be made beyond `samples`, in place of near-duplicates and lost ones, while money is left. */
  readonly replacements: number;
  readonly seed: number;
}

/** The $100 plan of spec page 3: a quarter a stage, and a quarter that any stage may draw on. */
export const cascadeBudget = { run: 100, shares: cascadeShares, reserve: 0.25 } as const;
export const cascadeSamples = 10_000;
/** A sample's id is this and its place in the plan, in at least six digits. */
export const samplePrefix = 'stage_a_';
