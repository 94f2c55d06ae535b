import { setTimeout as sleep } from 'node:timers/promises';
import { TeacherError } from '../teachers/errors';
import type { Teacher, TeacherReply, TeacherRequest } from '../teachers/teacher';
import type { Accounts, Booking } from './accounts';
import type { Batches } from './batches';
import { Circuit, type Patience } from './circuit';
import { Deployment, type Learned, type Slot } from './deployment';
import { type Delivery, type Errand, INTERRUPTED, type Outcome } from './errand';
import type { Halt } from './halt';
import { type Nano, toUsd } from './money';
import { AskFailed, StageClosed } from './pipeline';
import type { Demand } from './neighbours';
import type { Tracing } from './tracing';
import { Tries } from './tries';

interface Door {
  readonly deployment: Deployment;
  readonly circuit: Circuit;
}

/**
 * Sends a request until it is answered, live or in batches: the only retry layer. Reserves before, journals before and
 * after, settles the bill, gives the slot back before it sleeps. Rejects with `AskFailed` or `StageClosed`.
 */
export class Sender {
  readonly #doors = new Map<string, Door>();

  constructor(
    private readonly accounts: Accounts,
    readonly batches: Batches,
    private readonly halt: Halt,
    private readonly options: {
      readonly concurrency: number;
      readonly delayMs: number;
      readonly patience: Patience;
      readonly learned: ReadonlyMap<string, Learned>;
      readonly tracing?: Tracing | undefined;
    },
  ) {}

  async send(errand: Errand): Promise<Delivery> {
    const tries = new Tries(this.options.patience);
    const since = performance.now();
    let lostCost = 0;
    for (;;) {
      const adopted = this.batches.adopted(errand);
      const batched = adopted !== undefined || this.batches.takes(errand);
      const outcome = await (batched
        ? this.#traced(errand, true, () => adopted ?? this.batches.post(errand))
        : this.#live(errand, since, tries));
      if ('line' in outcome) return { line: outcome.line, lostCost };
      if ('closed' in outcome) throw outcome.closed;
      const { error, cost } = outcome;
      if (!INTERRUPTED.has(error.code)) lostCost += cost;
      if (batched) this.#mayGoAgain(errand, error, tries, lostCost);
      else await this.#mayGoOn(errand, error, tries, lostCost);
    }
  }

  /** What this run learned about its deployments. */
  get learned(): Map<string, Learned> {
    return new Map([...this.#doors].map(([name, { deployment }]) => [name, deployment.learned]));
  }

  /** What this run wants, by deployment, for others to know. */
  get demands(): Record<string, Demand> {
    return Object.fromEntries(
      [...this.#doors].flatMap(
        ([
          name,
          {
            deployment: { demand },
          },
        ]) => (demand ? [[name, demand]] : []),
      ),
    );
  }

  /** What others want there. */
  share(others: ReadonlyMap<string, readonly Demand[]>): void {
    for (const [name, { deployment }] of this.#doors) deployment.share(others.get(name) ?? []);
  }

  dispose(): void {
    for (const { deployment } of this.#doors.values()) deployment.dispose();
  }

  #door(teacher: Teacher): Door {
    let door = this.#doors.get(teacher.deployment);
    if (!door) {
      const { concurrency, delayMs, learned, patience } = this.options;
      door = {
        deployment: new Deployment(
          Math.min(concurrency, teacher.atOnce ?? Infinity),
          delayMs,
          learned.get(teacher.deployment),
        ),
        circuit: new Circuit(patience),
      };
      this.#doors.set(teacher.deployment, door);
    }
    return door;
  }

  /** One attempt, now. */
  async #live(errand: Errand, since: number, tries: Tries): Promise<Outcome> {
    const door = this.#door(errand.teacher);
    tries.begin(door.circuit);
    const { slot, booking } = await this.#admit(errand, door.deployment, since);
    await this.#announce(booking, slot);
    return await this.#traced(errand, false, () => this.#exchange(errand, door.circuit, slot, booking));
  }

  async #traced(errand: Errand, batched: boolean, work: () => Promise<Outcome>): Promise<Outcome> {
    const ended = this.options.tracing?.attempt(errand, batched);
    try {
      const outcome = await work();
      ended?.(outcome);
      return outcome;
    } catch (error) {
      if (error instanceof StageClosed) ended?.({ closed: error });
      throw error;
    }
  }

  async #exchange(errand: Errand, circuit: Circuit, slot: Slot, booking: Booking): Promise<Outcome> {
    try {
      const reply = await this.#complete(errand.teacher, errand.request);
      slot.answered(reply.rate);
      circuit.answered();
      slot.end();
      return { line: await booking.keep(reply) };
    } catch (error) {
      if (!(error instanceof TeacherError)) {
        slot.end();
        throw this.halt.closing(errand.stage, error);
      }
      // Before the slot is free: what concerns all must not let the next one out.
      this.#heed(errand, error, circuit);
      if (error.code === 'rate_limited' || error.code === 'overloaded')
        slot.pushedBack(error.code, error.details.retryAfterMs);
      slot.end();
      return { error, cost: await booking.lose(error) };
    }
  }

  /** Money first, then a slot: waiting for money holds up nobody. */
  async #admit(
    errand: Errand,
    deployment: Deployment,
    since: number,
  ): Promise<{ readonly slot: Slot; readonly booking: Booking }> {
    for (;;) {
      const booking = await this.accounts.book(errand, false);
      try {
        const slot = await deployment.acquire(errand.priority, booking.tokens, this.halt.quiet, since);
        if (!booking.outgrown) return { slot, booking };
        slot.end();
      } catch (error) {
        booking.release();
        throw this.halt.closing(errand.stage, error);
      }
      booking.release();
    }
  }

  /** The intent is with the operating system before the request leaves, so that a killed run knows what it may owe. */
  async #announce(booking: Booking, slot: Slot): Promise<void> {
    try {
      booking.announce();
      await this.accounts.journal.written();
    } catch (error) {
      slot.end();
      booking.release();
      throw this.halt.closing(booking.stage, error);
    }
  }

  /** A teacher that does not heed its signal does not hold up a cancel. */
  async #complete(teacher: Teacher, request: TeacherRequest): Promise<TeacherReply> {
    const { cut } = this.halt;
    if (cut.aborted) throw new TeacherError('cancelled', 'The run was cancelled.');
    let abandon: (() => void) | undefined;
    const abandoned = new Promise<never>((_, reject) => {
      abandon = () => {
        const giveUp = (): void =>
          reject(new TeacherError('cancelled', 'The run was cancelled.', { maybeBilled: true }));
        setTimeout(giveUp, 300).unref();
      };
      cut.addEventListener('abort', abandon);
    });
    try {
      return await Promise.race([teacher.complete(request, cut), abandoned]);
    } finally {
      if (abandon) cut.removeEventListener('abort', abandon);
    }
  }

  /** Pauses the run when the failure is not this request's alone. */
  #heed({ ask }: Errand, error: TeacherError, circuit: Circuit): void {
    if (error.code === 'cancelled') return;
    const reason = circuit.failed(error, ask);
    if (reason !== undefined) this.halt.rest({ kind: 'paused', reason });
  }

  /** Sleeps until the next attempt is due, or rejects when there is none. */
  async #mayGoOn(errand: Errand, error: TeacherError, tries: Tries, cost: Nano): Promise<void> {
    const { stop } = this.halt;
    if (stop || error.code === 'cancelled') throw new StageClosed(errand.stage, stop?.kind ?? 'cancelled');
    const wait = error.passing ? tries.next(error) : undefined;
    if (wait === undefined) throw new AskFailed(error.code, error.message, toUsd(cost));
    try {
      await sleep(wait, undefined, { signal: this.halt.quiet });
    } catch (stopped) {
      throw this.halt.closing(errand.stage, stopped);
    }
  }

  /** A batch that comes back has taken its time: what it left out goes with the next one, or is lost. */
  #mayGoAgain(errand: Errand, error: TeacherError, tries: Tries, cost: Nano): void {
    const { stop } = this.halt;
    if (stop) throw new StageClosed(errand.stage, stop.kind);
    // A full queue is nobody's failure, and the batches grow smaller until they fit.
    const again = error.code === 'rate_limited' || (error.passing && tries.another());
    if (!again) throw new AskFailed(error.code, error.message, toUsd(cost));
  }
}
