import type { Teacher } from '../teachers/teacher';
import type { RunReport } from '../records/run';
import type { Pipeline, Unit } from './pipeline';

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
  /** Arguments with which the command line continues this run; kept in the manifest. */
  readonly resume: readonly string[];
  readonly signal?: AbortSignal;
  onProgress?(progress: RunReport): void;
}

/** Runs a pipeline to its end, its budget's end, or `signal`. See `docs/engine.md` for the guarantees. */
export declare function runPipeline<U extends Unit>(pipeline: Pipeline<U>, options: RunOptions): Promise<RunReport>;
