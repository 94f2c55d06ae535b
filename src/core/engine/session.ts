import type { RunManifest, RunReport } from '../records/run';
import { Budget } from './budget';
import { patience } from './circuit';
import { Halt } from './halt';
import type { History } from './history';
import { type Journal, JournalBroken } from './journal';
import type { DoneLine } from './lines';
import { parsersOf } from './manifest';
import { fromUsd } from './money';
import { Outputs } from './outputs';
import { AskFailed, type Pipeline, StageClosed, type Unit, type UnitResult } from './pipeline';
import type { PriceOf } from './pricing';
import { nothing, recall } from './recall';
import { type Identified, Reporter } from './reporter';
import type { RunOptions } from './run';
import { Sender } from './sender';
import { watchForStop } from './stopRequest';
import { Turns } from './turns';
import { UnitWork } from './unitWork';

/** How many units are worked at once, per request that may be under way: enough that no slot waits for a unit. */
const UNITS_PER_SLOT = 3;
/** Units that wait for their turn cost only memory; this many times more of them may be there. */
const WAITING_FACTOR = 16;

/** One stretch of work on a run: from its journal as it stands to its end, or to whatever stops it. */
export class Session<U extends Unit> {
  readonly #halt = new Halt();
  readonly #turns = new Turns();
  readonly #budget: Budget;
  readonly #sender: Sender;
  readonly #outputs: Outputs;
  readonly #reporter: Reporter;
  readonly #working = new Set<Promise<void>>();
  #roomWaiter: (() => void) | undefined;
  #outOfBudget = false;
  /** Whether every unit was handed to `work`. */
  #allStarted = false;

  constructor(
    private readonly pipeline: Pipeline<U>,
    private readonly options: RunOptions,
    private readonly journal: Journal,
    private readonly history: History,
    priceOf: PriceOf,
    identified: Identified,
  ) {
    const { budget, concurrency, delayMs = 0 } = options;
    const caps = new Map(Object.entries(budget.stages ?? {}).map(([stage, usd]) => [stage, fromUsd(usd)]));
    this.#budget = new Budget({ run: budget.run === undefined ? undefined : fromUsd(budget.run), stages: caps });
    this.#sender = new Sender(journal, this.#budget, history.tally, this.#halt, priceOf, {
      concurrency,
      delayMs,
      patience: { ...patience, ...options.patience },
      nextSeq: history.nextSeq,
    });
    this.#outputs = new Outputs(options.folder, journal, history.written);
    this.#reporter = new Reporter(pipeline, options, history, priceOf, identified);
  }

  async run(): Promise<RunReport> {
    const release = await this.#listen();
    try {
      await this.#begin();
      await this.#work();
      await Promise.all(this.#working);
    } catch (error) {
      if (!(error instanceof JournalBroken)) throw error;
      this.#halt.rest({ kind: 'paused', reason: error.message });
      await Promise.all(this.#working);
    } finally {
      release();
      this.#sender.dispose();
      await this.#reporter.stop();
    }
    const report = await this.#conclude();
    if (this.#halt.error) throw this.#halt.error;
    return report;
  }

  /** What may stop the run from outside. */
  async #listen(): Promise<() => void> {
    const { signal, drain, folder } = this.options;
    const cancel = (): void => {
      this.#halt.end({ kind: 'cancelled', reason: null });
      this.#roomWaiter?.();
    };
    const rest = (): void => {
      this.#halt.rest({ kind: 'cancelled', reason: null });
      this.#roomWaiter?.();
    };
    const watching = await watchForStop(folder, cancel);
    signal?.addEventListener('abort', cancel);
    drain?.addEventListener('abort', rest);
    if (signal?.aborted) cancel();
    if (drain?.aborted) rest();
    return () => {
      watching.dispose();
      signal?.removeEventListener('abort', cancel);
      drain?.removeEventListener('abort', rest);
    };
  }

  /** Puts the past in order: requests of which nothing is known count as spent. */
  async #begin(): Promise<void> {
    const { tally, unanswered } = this.history;
    const at = new Date().toISOString();
    for (const { seq, unit, ask, stage, teacher, reserved } of unanswered.values()) {
      const message = 'The run ended before the answer came; it may have been billed.';
      const line = {
        type: 'lost',
        seq,
        unit,
        ask,
        stage,
        teacher,
        code: 'interrupted',
        message,
        cost: reserved,
        at,
      } as const;
      this.journal.append(line);
      tally.lost(line);
    }
    this.journal.append({
      type: 'run',
      version: 1,
      run: this.#reporter.id,
      config_hash: this.#reporter.configHash,
      parsers: parsersOf(this.pipeline),
      outputs: this.pipeline.outputs.map(({ name }) => name),
      at,
    });
    await this.journal.durable();
    for (const [stage, amount] of tally.spentByStage) this.#budget.carryOver(stage, amount);
    await this.#reporter.start();
  }

  /** Units that had their turn in an earlier session come first: what others decide depends on them. */
  async #work(): Promise<void> {
    const { turned, done } = this.history;
    const earlier = new Set([...turned].filter((unit) => !done.closed(unit)));
    if (earlier.size > 0) await this.#workThose((unit) => earlier.has(unit.index));
    await this.#workThose((unit) => !earlier.has(unit.index) && !done.closed(unit.index));
    this.#allStarted = !this.#stopping();
  }

  async #workThose(wanted: (unit: U) => boolean): Promise<void> {
    for await (const unit of this.pipeline.units()) {
      if (this.#stopping()) return;
      if (!wanted(unit)) continue;
      await this.#room();
      if (this.#stopping()) return;
      const work = this.#workOn(unit, this.#turns.ticket()).finally(() => {
        this.#working.delete(work);
        this.#roomWaiter?.();
      });
      this.#working.add(work);
    }
  }

  #stopping(): boolean {
    return this.#halt.quiet.aborted;
  }

  async #room(): Promise<void> {
    const window = Math.max(8, this.options.concurrency * UNITS_PER_SLOT);
    const full = (): boolean =>
      this.#working.size - this.#turns.waiting >= window || this.#working.size >= window * WAITING_FACTOR;
    while (full() && !this.#stopping()) {
      await new Promise<void>((resolve) => (this.#roomWaiter = resolve));
    }
    this.#roomWaiter = undefined;
  }

  /** Never rejects: what goes wrong in the pipeline's own code fails the run. */
  async #workOn(unit: U, ticket: number): Promise<void> {
    try {
      const places = this.history.evidence.get(unit.index);
      const recalled = places ? await recall(this.journal, places) : nothing();
      const { seed } = this.options;
      const desk = {
        seed,
        teachers: this.options.teachers,
        stages: this.pipeline.stages,
        journal: this.journal,
        sender: this.#sender,
        halt: this.#halt,
        turns: this.#turns,
      };
      const work = new UnitWork(desk, unit, ticket, recalled);
      const result = await this.#resultOf(unit, work);
      if (work.closed?.reason === 'budget') this.#outOfBudget = true;
      await this.#record(unit, work, result);
    } catch (error) {
      if (error instanceof JournalBroken) this.#halt.rest({ kind: 'paused', reason: error.message });
      else this.#halt.fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#turns.pass(ticket);
    }
  }

  async #resultOf(unit: U, work: UnitWork): Promise<UnitResult> {
    const none = { requested: 0, ok: 0, approved: 0, rejected: 0, failed: 0, unvalidated: 0 };
    try {
      return await this.pipeline.work(unit, work);
    } catch (error) {
      if (error instanceof StageClosed) return { rows: {}, counts: none, open: true };
      if (!(error instanceof AskFailed)) throw error;
      const { code, message, raw } = error;
      const failure = { id: unit.id, stage: '', code, message, ...(raw === undefined ? {} : { raw }) };
      return { rows: {}, counts: { ...none, requested: 1, failed: 1 }, failures: [failure] };
    }
  }

  async #record(unit: U, work: UnitWork, result: UnitResult): Promise<void> {
    const { done, tally } = this.history;
    const line: DoneLine = {
      type: 'done',
      unit: unit.index,
      id: unit.id,
      rows: this.#checked(unit, result),
      counts: result.counts,
      failures: (result.failures ?? []).map((failure) => ({ ...failure })),
      open: result.open ?? false,
      asks: work.asks,
      lost: work.lostAsks,
    };
    const previous = done.get(unit.index);
    if (previous) tally.done(await this.#reporter.readDone(this.journal, previous), -1);
    const place = this.journal.append(line);
    tally.done(line);
    done.set(unit.index, place, line.open);
    this.history.evidence.delete(unit.index);
    this.#reporter.finished();
  }

  /** Every row has the shape that its file promises. */
  #checked(unit: U, result: UnitResult): Record<string, unknown[]> {
    return Object.fromEntries(
      Object.entries(result.rows).map(([name, rows]) => {
        const output = this.pipeline.outputs.find((file) => file.name === name);
        if (!output)
          throw new Error(`Unit ${unit.id} has rows for ${name}, which is no output of ${this.pipeline.kind}.`);
        return [name, rows.map((row) => output.schema.parse(row))];
      }),
    );
  }

  /** Outputs and manifest, at completion and at every stop. */
  async #conclude(): Promise<RunReport> {
    const { done } = this.history;
    const complete = this.#allStarted && done.openUnits === 0;
    const status = this.#status(complete);
    try {
      await this.journal.durable();
      await this.#outputs.writeRows(
        this.pipeline.outputs.map(({ name }) => name),
        done,
      );
      const finished = await this.pipeline.finish?.(this.#reporter.finishContext(this.#outputs, complete));
      return await this.#reporter.conclude(status, this.#halt.stop?.reason ?? null, this.#outputs, finished);
    } catch (error) {
      if (this.#halt.error) throw this.#halt.error;
      const reason = error instanceof Error ? error.message : String(error);
      return await this.#reporter.giveUp(`The outputs could not be written: ${reason}`);
    }
  }

  #status(complete: boolean): RunManifest['status'] {
    if (this.#halt.error) return 'failed';
    if (this.#halt.stop) return complete ? 'completed' : this.#halt.stop.kind;
    if (complete) return 'completed';
    return this.#outOfBudget ? 'budget_exhausted' : 'paused';
  }
}
