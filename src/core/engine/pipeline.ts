import type { z } from 'zod';
import type { Counts, Criterion } from '../records/run';
import type { OfflineTask } from '../teachers/offline/tasks';
import type { Message, TeacherReply, TeacherRequest } from '../teachers/teacher';

/**
 * What a pipeline is made of. A pipeline is a page of code: stages (prompt, schema, parser), and one `work` function
 * that takes a unit of work (a passage, a sample point, an instruction, a hard failure) through them by asking. `work`
 * is ordinary code, so stages overlap by themselves: a unit flows on as soon as its own reply is there.
 *
 * The engine makes `work` durable: every `ask` is journaled under a key, so running `work` again replays what was paid
 * for and sends only what is missing. `work` must therefore be deterministic given its unit, its asks and its turn.
 */

/** One kind of question to one role of teacher. */
export interface Stage<In, Out> {
  /** As in `--budget generate=5` and in the manifest. */
  readonly name: string;
  /** As in `--teacher validator=…`. Several stages may share a role. */
  readonly role: string;
  /** Both are in the manifest; neither is in a request's key beyond what the prompt itself changes. A mended parser replays stored replies. */
  readonly promptVersion: number;
  readonly parserVersion: number;
  readonly temperature?: number;
  /** Of free text: an answer that its length limit cut off is taken as it is, where it would be asked for once more. */
  readonly takesCut?: true;
  maxTokens(input: In): number;
  prompt(input: In): { readonly messages: readonly Message[]; readonly task?: OfflineTask };
  /** The envelope on the wire. Absent for free text: then `parse` reads the reply itself. */
  readonly schema?: { readonly name: string; readonly zod: z.ZodType };
  /**
   * The parsed envelope (or, without a schema, the reply's text) to the stage's output. Throws `InvalidReply` with what
   * is wrong: the engine asks once more with that sentence, then the ask is lost as `invalid_reply`.
   */
  parse(value: unknown, input: In, reply: TeacherReply): Out;
}

/** A reply that cannot be used. The message is shown to the teacher in the second attempt. */
export class InvalidReply extends Error {
  override readonly name = 'InvalidReply';
}

/** An ask's result, and what it cost (all attempts: retries, repairs, failed parses), in USD. */
export interface Answer<Out> {
  readonly value: Out;
  readonly costUsd: number;
  /** `provider/model` */
  readonly teacher: string;
  readonly reply: TeacherReply;
  /** When the reply arrived, ISO 8601; from the journal when replayed. */
  readonly at: string;
}

/** An ask that is lost for good: recorded, counted, available to `--retry-failed`. */
export class AskFailed extends Error {
  override readonly name = 'AskFailed';
  constructor(
    /** `invalid_reply`, `refused`, `truncated`, or a `TeacherErrorCode`. */
    readonly code: string,
    message: string,
    readonly costUsd: number,
    /** The last raw text, when there was one. */
    readonly raw?: string,
  ) {
    super(message);
  }
}

/**
 * The stage takes no more asks: its money is used up, or the run was cancelled or paused. Catch it to hand back what the
 * unit has so far; the unit stays open and is worked again when the run is resumed.
 */
export class StageClosed extends Error {
  override readonly name = 'StageClosed';
  constructor(
    readonly stage: string,
    readonly reason: 'budget' | 'cancelled' | 'paused',
  ) {
    super(`Stage ${stage} is closed: ${reason}.`);
  }
}

/** An ask's two ordinary ends besides an answer, as values: for pipelines that go on without it. */
export async function asked<T>(asking: Promise<T>): Promise<T | AskFailed | StageClosed> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof AskFailed || error instanceof StageClosed) return error;
    throw error;
  }
}

export interface UnitContext {
  readonly signal: AbortSignal;
  /**
   * Asks a teacher. Rejects with `AskFailed` or `StageClosed` only.
   * @param options.vote distinguishes asks with the same prompt (validator votes); default 0.
   * @param options.teacher which of the role's teachers, where a role has several (ensemble); default 0.
   */
  ask<In, Out>(
    stage: Stage<In, Out>,
    input: In,
    options?: { readonly vote?: number; readonly teacher?: number },
  ): Promise<Answer<Out>>;
  /**
   * Runs `decide` when every unit before this one (in the order of `units`) has had its turn or has ended. What depends
   * on other units (duplicates) is decided here and nowhere else, so that the outcome does not depend on which reply
   * came first. At most once per unit. A decision is journaled: on resume `decide` gets the one on record, which stands,
   * to leave behind what it left behind then.
   */
  inTurn<T>(decide: (recorded?: T) => T): Promise<T>;
  /** Seeded by the run's seed and the unit's id: the same at every run. Uniform in [0, 1). */
  random(): number;
}

/** A unit of work. `index` is its place in the outputs; units are worked in the order in which they are yielded. */
export interface Unit {
  readonly index: number;
  readonly id: string;
}

/** Rows that a unit contributes, by output file name, and how its rows are to be counted. */
export interface UnitResult {
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
  readonly counts: Counts;
  /** Lost rows for `failures.jsonl`. */
  readonly failures?: readonly {
    readonly id: string;
    readonly stage: string;
    readonly code: string;
    readonly message: string;
    readonly raw?: string;
  }[];
  /** Set when `StageClosed` cut the unit short. */
  readonly open?: boolean;
}

export interface OutputFile {
  readonly name: string;
  readonly schema: z.ZodType;
}

/** One ask that the run is expected to make, or `count` asks like it. */
export interface PlannedAsk {
  readonly stage: string;
  readonly role: string;
  /** As it would be sent; later stages use a typical input. */
  readonly request: TeacherRequest;
  readonly count: number;
  /** Where fewer of them may come about: how many at least. Default: `count`. */
  readonly least?: number;
  /** Output tokens, reasoning included, as low, likely and high guesses before anything was measured. */
  readonly output: { readonly low: number; readonly likely: number; readonly high: number };
}

export interface Pipeline<U extends Unit> {
  /** `distill`, `cascade`, … */
  readonly kind: string;
  readonly stages: readonly Stage<never, unknown>[];
  /** Yielded lazily: the engine holds only a window of them. Deterministic given configuration and inputs. */
  units(): Iterable<U> | AsyncIterable<U>;
  /** How many units there are, for progress and estimates. */
  readonly unitCount: number;
  work(unit: U, context: UnitContext): Promise<UnitResult>;
  /**
   * More units (replacements for lost ones, another round), or undefined when there is nothing more to do for now. Asked
   * whenever a unit has ended, once all units have been started: what is drawn early keeps the slots busy while the last
   * ones end. All that it gives until the run ends must be deterministic given what the units gave, in whatever order.
   * @param ended whether all units so far have ended.
   */
  followUp?(ended: boolean): Iterable<U> | undefined;
  /** The asks that a whole run is expected to make, for the estimate (`estimate.ts`): nothing is sent. */
  planned?(): Iterable<PlannedAsk> | AsyncIterable<PlannedAsk>;
  /**
   * On resume: what a finished unit contributed before, so that state behind `inTurn` is whole again. Whatever a unit's
   * turn left behind must therefore be seen from its rows, also when an ask after its turn was lost.
   */
  restore?(unit: Unit, result: UnitResult): void;
  readonly outputs: readonly OutputFile[];
  /**
   * After the outputs are written: derived files (training formats) and the run's success criteria. `rows` streams an
   * output in input order. Must be a pure function of the outputs: it runs again after each resume and rebuild.
   */
  finish?(run: FinishContext): Promise<{
    readonly criteria: readonly Criterion[];
    readonly outputs?: readonly { readonly path: string; readonly rows: number }[];
    /** What `results.json` holds besides status and criteria. */
    readonly results?: Readonly<Record<string, unknown>>;
  }>;
}

export interface FinishContext {
  readonly folder: string;
  readonly counts: Counts;
  readonly spentUsd: number;
  readonly capUsd: number | undefined;
  readonly complete: boolean;
  rows(output: string): AsyncIterable<unknown>;
  /** Writes a file of the run atomically; returns its row count. A file that a person changed since is kept under another name. */
  write(name: string, lines: AsyncIterable<string> | Iterable<string>): Promise<number>;
}
