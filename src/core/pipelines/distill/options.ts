import type { RowFormat } from '../../datasets/formats';

export interface DistillOptions {
  /** Questions asked of each passage. */
  readonly questions: number;
  /** Characters (UTF-16 code units). */
  readonly chunkSize: number;
  readonly overlap: number;
  /** Share of the checked pairs that the validator sees, 0 to 1. */
  readonly validateFraction: number;
  /** Validator votes a pair; voting stops as soon as the outcome is decided. */
  readonly votes: number;
  /** Apply a validator's correction once, and validate again. */
  readonly applyCorrections: boolean;
  /** Passages before this one are left out, counted from 0. */
  readonly startIndex: number;
  /** At most this many passages. */
  readonly maxPassages?: number;
  readonly seed: number;
  readonly export: ExportOptions;
}

export interface ExportOptions {
  readonly formats: readonly RowFormat[];
  /** Share of the passages held out for the test split, 0 to 0.5. */
  readonly testFraction: number;
}

export const distillDefaults: Omit<DistillOptions, 'seed'> = {
  questions: 5,
  chunkSize: 800,
  overlap: 100,
  validateFraction: 1,
  votes: 1,
  applyCorrections: false,
  startIndex: 0,
  export: { formats: ['alpaca', 'messages'], testFraction: 0.05 },
};

/** USD, by stage, when the person says nothing. */
export const distillBudget = { stages: { generate: 10, validate: 5 } } as const;
