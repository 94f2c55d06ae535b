import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport, RunStatus } from '../records/run';
import { Accounts } from './accounts';
import { Batches } from './batches';
import { type Allowance, Budget } from './budget';
import { patience } from './circuit';
import type { Learned } from './deployment';
import { type Estimate, estimateRun } from './estimate';
import { isDiskTrouble } from './files';
import { Halt } from './halt';
import type { History } from './history';
import { type Journal, JournalBroken } from './journal';
import { writeLearned } from './learned';
import type { LedgerAccount } from './ledger';
import type { LostLine } from './lines';
import { parsersOf } from './manifest';
import { fromUsd, type Nano } from './money';
import { LOOK_MS, Neighbours } from './neighbours';
import { Outputs } from './outputs';
import type { Pipeline, Unit } from './pipeline';
import { costs, type PriceOf } from './pricing';
import { type Identified, Reporter } from './reporter';
import type { RunOptions } from './options';
import { Sender } from './sender';
import type { Tally } from './tally';
import { watchForStop } from './stopRequest';
import { UnitPool } from './unitPool';

/** What a session works with. */
export interface Equipment {
  readonly journal: Journal;
  readonly history: History;
  readonly priceOf: PriceOf;
  readonly identified: Identified;
  /** Absent where nothing costs anything, or nobody keeps a ledger. */
  readonly ledger: LedgerAccount | undefined;
  /** By deployment, from earlier runs. */
  readonly learned: ReadonlyMap<string, Learned>;
}

/** How often the ledger hears what was spent. */
const LEDGER_EVERY_MS = 5000;

/** Units whose tokens are counted for the forecast: enough for a mean, and soon done. */
const PLANNED_UNITS = 200;

/** One stretch of work on a run: from its journal as it stands to its end, or to whatever stops it. */
export class Session<U extends Unit> {
  readonly #halt = new Halt();
  readonly #budget: Budget;
  readonly #accounts: Accounts;
  readonly #batches: Batches;
  readonly #sender: Sender;
  readonly #pool: UnitPool<U>;
  readonly #outputs: Outputs;
  readonly #reporter: Reporter;
  #plan: Estimate | undefined;
  /** The work has ended. */
  readonly #over = new AbortController();

  constructor(
    private readonly pipeline: Pipeline<U>,
    private readonly options: RunOptions,
    private readonly equipment: Equipment,
  ) {
    const { journal, history, priceOf, identified, ledger, learned } = equipment;
    journal.onLastRoom = (error) => this.#halt.stopFor(error);
    const { budget, concurrency, delayMs = 0 } = options;
    const run = budget.run === undefined ? undefined : fromUsd(budget.run);
    const reserve = budget.reserve === undefined ? undefined : fromUsd(budget.reserve);
    const caps = { run, stages: inNano(budget.stages), shares: inNano(budget.shares), reserve };
    this.#budget = new Budget(caps, ledger?.capped ? monthOf(ledger, history.tally) : undefined);
    this.#accounts = new Accounts(journal, this.#budget, history.tally, this.#halt, priceOf, history.nextSeq);
    const limits = { ...patience, ...options.patience };
    const mode = options.batch ?? { teachers: [], stages: [] };
    this.#batches = new Batches(mode, this.#accounts, limits, identified.id, history);
    const speed = { concurrency, delayMs, patience: limits, learned, tracing: options.tracing };
    this.#sender = new Sender(this.#accounts, this.#batches, this.#halt, speed);
    this.#pool = new UnitPool(pipeline, options, journal, history, this.#sender, this.#halt);
    this.#outputs = new Outputs(options.folder, journal, history.written);
    this.#reporter = new Reporter(
      pipeline,
      options,
      history,
      priceOf,
      identified,
      {
        finished: () => this.#pool.finished,
        batches: () => this.#batches.reports,
        plan: () => this.#plan,
      },
      (error) => this.#halt.stopFor(error),
    );
  }

  async run(): Promise<RunReport> {
    const release = await this.#listen();
    const left = this.#meetNeighbours();
    try {
      await this.#begin();
      void this.#foresee();
      await this.#pool.work();
      await this.#batches.idle();
    } catch (error) {
      this.#halt.stopFor(error);
    } finally {
      release();
      this.#over.abort();
      await left;
      this.#sender.dispose();
      await this.#reporter.stop();
    }
    const report = await this.#conclude();
    if (this.#halt.error) throw this.#halt.error;
    return report;
  }

  /** What may stop the run from outside; and the ledger, which wants to know. */
  async #listen(): Promise<() => void> {
    const { signal, drain, folder } = this.options;
    const cancel = (): void => this.#halt.end({ kind: 'cancelled', reason: null });
    const rest = (): void => this.#halt.rest({ kind: 'cancelled', reason: null });
    const watching = await watchForStop(folder, cancel);
    const reporting = setInterval(() => void this.#tellLedger(), LEDGER_EVERY_MS);
    signal?.addEventListener('abort', cancel);
    drain?.addEventListener('abort', rest);
    if (signal?.aborted) cancel();
    if (drain?.aborted) rest();
    return () => {
      watching.dispose();
      clearInterval(reporting);
      signal?.removeEventListener('abort', cancel);
      drain?.removeEventListener('abort', rest);
    };
  }

  /** Puts the past in order: requests of which nothing is known count as spent, unless a batch still holds them. */
  async #begin(): Promise<void> {
    const { journal, history, identified, ledger } = this.equipment;
    const { tally, unanswered } = history;
    const at = new Date().toISOString();
    for (const { reserved, type: _, attempt: __, batch, ...request } of unanswered.values()) {
      if (batch !== undefined) continue;
      const message = 'The run ended before the answer came; it may have been billed.';
      const line: LostLine = { type: 'lost', ...request, code: 'interrupted', message, cost: reserved, at };
      journal.append(line);
      tally.lost(line);
    }
    journal.append({
      type: 'run',
      version: 1,
      run: identified.id,
      config_hash: identified.config_hash,
      parsers: parsersOf(this.pipeline),
      outputs: this.pipeline.outputs.map(({ name }) => name),
      at,
    });
    await journal.durable();
    for (const [stage, amount] of tally.spentByStage) this.#budget.carryOver(stage, amount);
    this.#batches.takeUp();
    await ledger?.renew(tally.spentByModel, this.#budget.reserved);
    await this.#reporter.start();
  }

  /** Beside the work: what it will cost, as far as that can be told before. */
  async #foresee(): Promise<void> {
    const { pipeline, options } = this;
    const { priceOf } = this.equipment;
    const free = Object.values(options.teachers).every((several) => several.every((one) => !costs(priceOf(one))));
    if (!pipeline.planned || free) return;
    const every = Math.ceil(pipeline.unitCount / PLANNED_UNITS);
    const { signal } = this.#over;
    try {
      const how = { signal, every, ...(options.batch && { batch: options.batch }) };
      this.#plan = await estimateRun(pipeline.planned(), options.teachers, priceOf, how);
    } catch (error) {
      if (!signal.aborted) this.#halt.stopFor(error);
    }
  }

  /** Until the work is over: shares deployments with other runs of the same person. */
  async #meetNeighbours(): Promise<void> {
    if (this.options.home === undefined) return;
    const { signal } = this.#over;
    try {
      await using neighbours = new Neighbours(this.options.home);
      while (!signal.aborted) {
        this.#sender.share(await neighbours.exchange(this.#sender.demands));
        await sleep(LOOK_MS, undefined, { signal, ref: false });
      }
    } catch (error) {
      // Hints only: a disk that takes none of them is told of by the ledger and the journal.
      if (!signal.aborted && !isDiskTrouble(error)) this.#halt.stopFor(error);
    }
  }

  async #tellLedger(): Promise<void> {
    try {
      this.#budget.lookAtMonth();
      await this.equipment.ledger?.report(this.equipment.history.tally.spentByModel);
    } catch (error) {
      this.#halt.stopFor(error);
    }
  }

  /** Outputs and manifest, at completion and at every stop. */
  async #conclude(): Promise<RunReport> {
    const { journal, history, ledger } = this.equipment;
    const complete = this.#pool.allStarted && history.done.openUnits === 0;
    await this.#tellLedger();
    try {
      await journal.durable();
      const names = this.pipeline.outputs.map(({ name }) => name);
      await this.#outputs.writeRows(names, history.done);
      const finished = await this.pipeline.finish?.(this.#reporter.finishContext(this.#outputs, complete));
      await ledger?.close(this.#budget.reserved);
      if (this.options.home !== undefined) await writeLearned(this.options.home, this.#sender.learned);
      return await this.#reporter.conclude(this.#status(complete), this.#reason(), this.#outputs, finished);
    } catch (error) {
      this.#halt.stopFor(error);
      const status = this.#halt.error ? 'failed' : 'paused';
      const written =
        error instanceof JournalBroken || !isDiskTrouble(error) ? '' : 'The outputs could not be written. ';
      return await this.#reporter.giveUp(status, `${written}${this.#reason() ?? ''}`);
    }
  }

  #status(complete: boolean): RunStatus {
    if (this.#halt.error) return 'failed';
    if (complete) return this.#fruitless ? 'failed' : 'completed';
    if (this.#halt.stop) return this.#halt.stop.kind;
    return this.#accounts.exhausted ? 'budget_exhausted' : 'paused';
  }

  #reason(): string | null {
    const { error, stop } = this.#halt;
    return error?.message ?? stop?.reason ?? this.#accounts.exhausted?.message ?? this.#fruitless ?? null;
  }

  /** What is to be said when every single row was lost. */
  get #fruitless(): string | undefined {
    const { counts, reasons } = this.equipment.history.tally;
    if (counts.requested === 0 || counts.failed < counts.requested) return undefined;
    const why = [...reasons].map(([code, times]) => `${code} (${times})`).join(', ');
    return `Not one of ${counts.requested} rows came about: ${why}. failures.jsonl says more; when the cause is mended, --retry-failed asks again.`;
  }
}

/** The month as the budget sees it: at its turn, what was spent before belongs to the month that ends. */
function monthOf(ledger: LedgerAccount, { spentByModel }: Tally): Allowance {
  return {
    get month() {
      return ledger.month;
    },
    extend: async (need) => await ledger.extend(need),
    renew: async (held) => await ledger.renew(spentByModel, held),
  };
}

function inNano(usd: Readonly<Record<string, number>> = {}): Map<string, Nano> {
  return new Map(Object.entries(usd).map(([stage, amount]) => [stage, fromUsd(amount)]));
}
