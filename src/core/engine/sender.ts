import { setTimeout as sleep } from 'node:timers/promises';
import { TeacherError } from '../teachers/errors';
import { type Teacher, type TeacherReply, type TeacherRequest, teacherName } from '../teachers/teacher';
import { type Budget, BudgetExhausted, type Reservation } from './budget';
import { Circuit, type Patience } from './circuit';
import { Deployment, type Learned, type Slot } from './deployment';
import type { Halt } from './halt';
import type { Journal } from './journal';
import type { LostLine, ReplyLine } from './lines';
import { type Nano, toUsd } from './money';
import { AskFailed, StageClosed } from './pipeline';
import type { PriceOf } from './pricing';
import type { Tally } from './tally';

/** One request on its way. */
export interface Errand {
  readonly unit: number;
  readonly ask: string;
  /** 1: the second try, with the error appended. */
  readonly attempt: number;
  readonly stage: string;
  /** Later stages go first. */
  readonly priority: number;
  readonly teacher: Teacher;
  readonly request: TeacherRequest;
}

export interface Delivery {
  readonly line: ReplyLine;
  /** What attempts without an answer may have cost. */
  readonly lostCost: Nano;
}

/** Losses that are the run's own doing, not the row's: a row costs the same whether or not its run was interrupted. */
export const INTERRUPTED: ReadonlySet<string> = new Set(['interrupted', 'cancelled']);

/**
 * Sends a request until it is answered: the only retry layer. Reserves before, journals before and after, settles the
 * bill, gives the slot back before it sleeps. Rejects with `AskFailed` or `StageClosed`.
 */
export class Sender {
  readonly #doors = new Map<string, { deployment: Deployment; circuit: Circuit }>();
  /** By model: how far bills passed their reservations. Later reservations allow for it. */
  readonly #headroom = new Map<string, number>();

  #exhausted: BudgetExhausted | undefined;

  constructor(
    private readonly journal: Journal,
    private readonly budget: Budget,
    private readonly tally: Tally,
    private readonly halt: Halt,
    private readonly priceOf: PriceOf,
    private readonly options: {
      readonly concurrency: number;
      readonly delayMs: number;
      readonly patience: Patience;
      readonly learned: ReadonlyMap<string, Learned>;
      nextSeq: number;
    },
  ) {}

  async send(errand: Errand): Promise<Delivery> {
    const { teacher } = errand;
    const { deployment, circuit } = this.#door(teacher);
    const tries = new Tries(this.options.patience);
    const since = performance.now();
    let lostCost = 0;
    for (;;) {
      const { slot, reservation } = await this.#admit(errand, deployment, since);
      const seq = await this.#announce(errand, reservation, slot);
      try {
        const reply = await this.#complete(teacher, errand.request);
        slot.answered(reply.rate);
        circuit.answered();
        slot.end();
        return { line: await this.#keep(errand, seq, reservation, reply), lostCost };
      } catch (error) {
        if (!(error instanceof TeacherError)) {
          slot.end();
          throw this.#trouble(errand.stage, error);
        }
        // Before the slot is free: what concerns all must not let the next one out.
        this.#heed(error, circuit);
        if (error.code === 'rate_limited' || error.code === 'overloaded')
          deployment.pushedBack(error.code, error.details.retryAfterMs);
        slot.end();
        const cost = await this.#lose(errand, seq, reservation, error);
        if (!INTERRUPTED.has(error.code)) lostCost += cost;
        await this.#mayGoOn(errand, error, tries, lostCost);
      }
    }
  }

  /** Why asks were turned away for money, if any were. */
  get exhausted(): BudgetExhausted | undefined {
    return this.#exhausted;
  }

  /** What this run learned about its deployments. */
  get learned(): Map<string, Learned> {
    return new Map([...this.#doors].map(([name, { deployment }]) => [name, deployment.learned]));
  }

  dispose(): void {
    for (const { deployment } of this.#doors.values()) deployment.dispose();
  }

  #door(teacher: Teacher): { deployment: Deployment; circuit: Circuit } {
    let door = this.#doors.get(teacher.deployment);
    if (!door) {
      door = {
        deployment: new Deployment(
          this.options.concurrency,
          this.options.delayMs,
          this.options.learned.get(teacher.deployment),
        ),
        circuit: new Circuit(this.options.patience),
      };
      this.#doors.set(teacher.deployment, door);
    }
    return door;
  }

  /** Money first, then a slot: waiting for money holds up nobody. */
  async #admit(
    errand: Errand,
    deployment: Deployment,
    since: number,
  ): Promise<{ slot: Slot; reservation: Reservation }> {
    const { teacher, request, stage } = errand;
    const pricing = this.priceOf(teacher);
    const cheapInput = teacher.inputTokenBound(request, false);
    const worst = (inputTokens: number): Nano =>
      Math.ceil(pricing.worst(inputTokens, request.maxTokens) * (this.#headroom.get(teacherName(teacher)) ?? 1));
    let reservation: Reservation | undefined;
    try {
      for (;;) {
        const headroom = this.#headroom.get(teacherName(teacher));
        reservation = await this.budget.reserve(
          stage,
          worst(cheapInput),
          () => worst(teacher.inputTokenBound(request, true)),
          this.halt.quiet,
        );
        const slot = await deployment.acquire(errand.priority, cheapInput + request.maxTokens, this.halt.quiet, since);
        if (headroom === this.#headroom.get(teacherName(teacher))) return { slot, reservation };
        // A bill passed its reservation while this one waited: it needs more room too.
        slot.end();
        reservation.release();
      }
    } catch (error) {
      reservation?.release();
      if (!(error instanceof BudgetExhausted)) throw this.#trouble(stage, error);
      this.#exhausted = error;
      throw new StageClosed(stage, 'budget');
    }
  }

  /** The intent is with the operating system before the request leaves, so that a killed run knows what it may owe. */
  async #announce(errand: Errand, reservation: Reservation, slot: Slot): Promise<number> {
    const seq = this.options.nextSeq++;
    const { unit, ask, attempt, stage } = errand;
    try {
      this.journal.append({
        type: 'sent',
        seq,
        unit,
        ask,
        stage,
        teacher: teacherName(errand.teacher),
        attempt,
        reserved: reservation.amount,
      });
      await this.journal.written();
    } catch (error) {
      slot.end();
      reservation.release();
      throw this.#trouble(stage, error);
    }
    this.tally.sent();
    return seq;
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

  async #keep(errand: Errand, seq: number, reservation: Reservation, reply: TeacherReply): Promise<ReplyLine> {
    const at = new Date();
    const cost = this.priceOf(errand.teacher).billed(reply.usage, at);
    const over = Math.max(0, cost - reservation.amount);
    const name = teacherName(errand.teacher);
    if (over > 0 && reservation.amount > 0) {
      const factor = (cost / reservation.amount) * 1.05;
      this.#headroom.set(name, (this.#headroom.get(name) ?? 1) * factor);
    }
    const { rate: _, ...kept } = reply;
    const line: ReplyLine = {
      type: 'reply',
      seq,
      unit: errand.unit,
      ask: errand.ask,
      stage: errand.stage,
      teacher: name,
      attempt: errand.attempt,
      cost,
      ...(over > 0 ? { over } : {}),
      at: at.toISOString(),
      reply: mutable(kept),
    };
    try {
      this.journal.append(line);
      this.tally.reply(line);
      reservation.settle(cost);
      await this.journal.durable();
    } catch (error) {
      // Paid for and not written: it stays reserved, and nothing acts on it.
      throw this.#trouble(errand.stage, error);
    }
    return line;
  }

  async #lose(errand: Errand, seq: number, reservation: Reservation, error: TeacherError): Promise<Nano> {
    const cost = error.details.maybeBilled === true ? reservation.amount : 0;
    const line: LostLine = {
      type: 'lost',
      seq,
      unit: errand.unit,
      ask: errand.ask,
      stage: errand.stage,
      teacher: teacherName(errand.teacher),
      code: error.code,
      message: error.message,
      cost,
      at: new Date().toISOString(),
    };
    try {
      this.journal.append(line);
      await this.journal.written();
    } catch (broken) {
      throw this.#trouble(errand.stage, broken);
    }
    this.tally.lost(line);
    reservation.settle(cost);
    return cost;
  }

  /** Pauses the run when the failure is not this request's alone. */
  #heed(error: TeacherError, circuit: Circuit): void {
    if (error.code === 'cancelled') return;
    const reason = circuit.failed(error);
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
      throw this.#trouble(errand.stage, stopped);
    }
  }

  /** What ends an ask without being its own fault: the run stops, or must. */
  #trouble(stage: string, error: unknown): Error {
    if (error instanceof StageClosed) return error;
    const stopping = this.halt.quiet.aborted && error instanceof Error && error.name === 'AbortError';
    if (!stopping) this.halt.stopFor(error);
    return new StageClosed(stage, this.halt.stop?.kind ?? 'paused');
  }
}

/** The attempts of one request, and the pause before the next: exponential, with full jitter. */
class Tries {
  #failures = 0;
  #timeouts = 0;
  #pushedBackSince: number | undefined;

  constructor(private readonly limits: Patience) {}

  /** Milliseconds to wait; undefined: enough. */
  next(error: TeacherError): number | undefined {
    if (error.code === 'rate_limited') {
      const now = performance.now();
      this.#pushedBackSince ??= now;
      if (now - this.#pushedBackSince > this.limits.pushedBackMs) return undefined;
    } else {
      this.#failures += 1;
      if (error.code === 'timeout') this.#timeouts += 1;
      if (this.#failures >= this.limits.attempts || this.#timeouts >= this.limits.timeouts) return undefined;
    }
    const ceiling = Math.min(this.limits.longestBackoffMs, this.limits.backoffMs * 2 ** Math.min(this.#failures, 10));
    return (error.details.retryAfterMs ?? 0) + Math.random() * ceiling;
  }
}

/** The same reply, as the journal's schema types it (zod infers mutable arrays). */
function mutable(reply: Omit<TeacherReply, 'rate'>): ReplyLine['reply'] {
  const { logprobs, ...rest } = reply;
  if (!logprobs) return rest;
  return { ...rest, logprobs: logprobs.map(({ top, ...token }) => ({ ...token, top: [...top] })) };
}
