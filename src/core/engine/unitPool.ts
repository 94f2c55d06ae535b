import { WAITING_UNITS } from './batches';
import type { Halt } from './halt';
import type { History } from './history';
import type { Journal } from './journal';
import { type DoneLine, doneLine } from './lines';
import { AskFailed, type Pipeline, StageClosed, type Unit, type UnitResult } from './pipeline';
import { nothing, recall } from './recall';
import type { RunOptions } from './options';
import type { Sender } from './sender';
import { Turns } from './turns';
import { type Desk, UnitWork } from './unitWork';

/** How many units are worked at once, per slot, beyond those under way: enough that no slot waits for a unit. */
const UNITS_PER_SLOT = 2;
/** Units that wait for their turn cost only memory; so many per slot may be there. */
const WAITING_PER_SLOT = 48;

/** Works the units that are not finished: a window of them at once, each to its `done` line. */
export class UnitPool<U extends Unit> {
  readonly #turns = new Turns();
  readonly #working = new Set<Promise<void>>();
  readonly #desk: Desk;
  /** Each has its own slots, and a backlog in front of one must not keep the others idle. */
  readonly #deployments: number;
  #roomWaiter: (() => void) | undefined;
  #finished = 0;
  #allStarted = false;

  constructor(
    private readonly pipeline: Pipeline<U>,
    private readonly options: Pick<RunOptions, 'seed' | 'teachers' | 'concurrency'>,
    private readonly journal: Journal,
    private readonly history: History,
    private readonly sender: Sender,
    private readonly halt: Halt,
  ) {
    const { seed, teachers } = options;
    const different = new Set(Object.values(teachers).flatMap((several) => several.map((one) => one.deployment)));
    this.#deployments = different.size;
    this.#desk = {
      seed,
      teachers,
      stages: pipeline.stages,
      journal,
      sender,
      halt,
      turns: this.#turns,
    };
  }

  /** Units finished in this session. */
  get finished(): number {
    return this.#finished;
  }

  /** Whether every unit was handed to `work`. */
  get allStarted(): boolean {
    return this.#allStarted;
  }

  /**
   * Until all units are done or the run stops. Units that had their turn in an earlier session come first: what others
   * decide depends on them.
   */
  async work(): Promise<void> {
    const wake = (): void => this.#roomWaiter?.();
    this.halt.quiet.addEventListener('abort', wake);
    this.sender.batches.onWaiting = wake;
    try {
      const { turned, done } = this.history;
      const earlier = new Set([...turned].filter((unit) => !done.closed(unit)));
      if (earlier.size > 0) await this.#workThose(this.pipeline.units(), (unit) => earlier.has(unit.index));
      const open = (unit: U): boolean => !earlier.has(unit.index) && !done.closed(unit.index);
      await this.#workThose(this.pipeline.units(), open);
      await this.#followUp();
      this.#allStarted = !this.#stopping();
    } catch (error) {
      this.halt.stopFor(error);
    } finally {
      await Promise.all(this.#working);
      this.halt.quiet.removeEventListener('abort', wake);
    }
  }

  /** Further units, until all have ended and there are no more. None where money is lacking: what lacks it has not ended. */
  async #followUp(): Promise<void> {
    for (;;) {
      if (this.#stopping()) return;
      const ended = this.#working.size === 0;
      const more = this.history.done.openUnits === 0 ? this.pipeline.followUp?.(ended) : undefined;
      if (more) await this.#workThose(more, (unit) => !this.history.done.closed(unit.index));
      else if (ended) return;
      else await this.#oneEnds();
    }
  }

  async #oneEnds(): Promise<void> {
    await new Promise<void>((resolve) => (this.#roomWaiter = resolve));
    this.#roomWaiter = undefined;
  }

  async #workThose(units: Iterable<U> | AsyncIterable<U>, wanted: (unit: U) => boolean): Promise<void> {
    for await (const unit of units) {
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
    return this.halt.quiet.aborted;
  }

  async #room(): Promise<void> {
    const { batches } = this.sender;
    const { concurrency } = this.options;
    const window = Math.max(8, concurrency * (this.#deployments + UNITS_PER_SLOT));
    const most = Math.max(window, concurrency * WAITING_PER_SLOT, batches.used ? WAITING_UNITS : 0);
    const full = (): boolean =>
      this.#working.size - this.#turns.waiting - batches.waiting >= window || this.#working.size >= most;
    while (full() && !this.#stopping()) await this.#oneEnds();
  }

  /** Never rejects: what goes wrong in the pipeline's own code fails the run. */
  async #workOn(unit: U, ticket: number): Promise<void> {
    let asks: UnitWork['asks'] | undefined;
    try {
      const places = this.history.evidence.get(unit.index);
      const recalled = places ? await recall(this.journal, places) : nothing();
      const work = new UnitWork(this.#desk, unit, ticket, recalled);
      const result = await this.#resultOf(unit, work);
      await this.#record(unit, work, result);
      asks = result.open ? undefined : work.asks;
      if (result.open && this.halt.stop) this.#turns.cutOff(ticket);
    } catch (error) {
      this.halt.stopFor(error);
    } finally {
      this.#turns.pass(ticket);
      this.history.tally.sample.ended(ticket, asks);
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
      const failure = { id: unit.id, stage: work.lostStage, code, message, ...(raw === undefined ? {} : { raw }) };
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
    if (previous) tally.done(doneLine.parse(JSON.parse((await this.journal.read(previous)).toString('utf8'))), -1);
    const place = this.journal.append(line);
    tally.done(line);
    done.set(unit.index, place, line.open);
    this.history.evidence.delete(unit.index);
    this.#finished += 1;
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
}
