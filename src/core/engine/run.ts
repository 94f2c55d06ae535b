import type { Teacher } from '../teachers/teacher';
import type { Counts, Criterion, Pipeline, Unit } from './pipeline';

export type RunStatus = 'running' | 'paused' | 'completed' | 'budget_exhausted' | 'cancelled' | 'failed';

export interface RunOptions {
  /** The run folder. Created when missing; resumed when it holds the same work; refused when it holds other work. */
  readonly folder: string;
  /** Teachers by role; a role may have several (ensemble). */
  readonly teachers: Readonly<Record<string, readonly Teacher[]>>;
  /** What makes the work what it is: options, inputs by content hash. Hashed into the configuration hash. No secrets, no speed. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  readonly seed: number;
  /** Caps in USD. Absent: no cap on that level. Not part of the configuration hash: more money continues a run. */
  readonly budget: { readonly run?: number; readonly stages?: Readonly<Record<string, number>> };
  /** Speed: not part of the identity either. */
  readonly concurrency: number;
  readonly delayMs?: number;
  readonly retryFailed?: boolean;
  readonly signal?: AbortSignal;
  onProgress?(progress: RunProgress): void;
}

export interface StageProgress {
  readonly name: string;
  readonly requested: number;
  readonly ok: number;
  readonly failed: number;
  readonly spend_usd: number;
  readonly cap_usd: number | null;
}

/** The `--json` of a run (spec page 6); progress is the same thing, earlier. */
export interface RunProgress {
  readonly run: string;
  readonly kind: string;
  readonly folder: string;
  readonly status: RunStatus;
  /** Why it is paused or failed, for a person. */
  readonly reason?: string;
  readonly counts: Counts;
  readonly spend_usd: number;
  readonly cap_usd: number | null;
  readonly tokens: { readonly input: number; readonly cached: number; readonly output: number };
  readonly requests: number;
  readonly cost_per_accepted_usd: number | null;
  readonly units: { readonly done: number; readonly total: number };
  readonly eta_ms: number | null;
  readonly stages: readonly StageProgress[];
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly criteria: readonly Criterion[];
}

/** Runs a pipeline to its end, its budget's end, or `signal`. See `docs/engine.md` for the guarantees. */
export declare function runPipeline<U extends Unit>(pipeline: Pipeline<U>, options: RunOptions): Promise<RunProgress>;
