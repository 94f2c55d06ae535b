import type { RunReport } from '../records/run';
import type { PriceOverrides } from '../teachers/prices';
import type { Teacher } from '../teachers/teacher';
import type { BatchMode } from './batches';
import type { Patience } from './circuit';
import type { Tracing } from './tracing';

/** How a run is run: what it works with, what it may cost, how fast it goes, who hears of it. */
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
  readonly budget: {
    readonly run?: number;
    /** Walls. */
    readonly stages?: Readonly<Record<string, number>>;
    /**
     * What a stage may spend before it draws on the reserve. When the reserve is used up and nothing is under way any
     * more, what others have left of their shares is there for all: then only the run's cap and walls hold.
     */
    readonly shares?: Readonly<Record<string, number>>;
    /** What stages may take beyond their shares, all together. */
    readonly reserve?: number;
  };
  /** Where the ledger over all runs is kept (`~/.distillery`, or the editor's global storage). Absent: none is kept. */
  readonly home?: string;
  /** Cap in USD over all runs of the calendar month (UTC) that share `home`. */
  readonly monthCapUsd?: number;
  /** Prices that the person set, by `provider/model`, before those that are known. */
  readonly prices?: PriceOverrides;
  /** Speed: not part of the identity either. The most requests under way at one deployment. */
  readonly concurrency: number;
  /** Least milliseconds between two requests to one deployment. */
  readonly delayMs?: number;
  readonly patience?: Partial<Patience>;
  /** Which stages go through Batch APIs, at half the price and within a day. Absent: everything is live. */
  readonly batch?: BatchMode;
  readonly retryFailed?: boolean;
  /** Watches requests, as `openTelemetry.ts` does. */
  readonly tracing?: Tracing;
  /** Arguments with which the command line continues this run; kept in the manifest. */
  readonly resume: readonly string[];
  /** Cancels: what is under way is cut off, within a second. */
  readonly signal?: AbortSignal;
  /** Stops gently: nothing new goes out, what is under way is waited for. */
  readonly drain?: AbortSignal;
  onProgress?(progress: RunReport): void;
}
