import type { TeacherError } from '../teachers/errors';
import { type TeacherReply, teacherName } from '../teachers/teacher';
import { type Budget, BudgetExhausted, type Reservation } from './budget';
import type { Errand } from './errand';
import type { Halt } from './halt';
import type { Journal } from './journal';
import type { LostLine, ReplyLine, SentLine } from './lines';
import type { Nano } from './money';
import { StageClosed } from './pipeline';
import type { PriceOf, Pricing } from './pricing';
import type { Tally } from './tally';

type Entry = Pick<SentLine, 'unit' | 'ask' | 'stage' | 'teacher'> & { readonly attempt: number };

/** The run's books: budget, journal and tally, moved together for every request. */
export class Accounts {
  #exhausted: BudgetExhausted | undefined;

  constructor(
    readonly journal: Journal,
    private readonly budget: Budget,
    readonly tally: Tally,
    readonly halt: Halt,
    private readonly priceOf: PriceOf,
    private seq: number,
    readonly now: () => Date = () => new Date(),
  ) {}

  /** Why asks were turned away for money, if any were. */
  get exhausted(): BudgetExhausted | undefined {
    return this.#exhausted;
  }

  nextSeq(): number {
    return this.seq++;
  }

  headroom(teacher: string): number {
    return this.tally.headroom.get(teacher) ?? 1;
  }

  /** Sets the worst case of a request aside. Rejects with `StageClosed` when there is no room for it, or the run stops. */
  async book(errand: Errand, batched: boolean): Promise<Booking> {
    const { unit, ask, stage, attempt, teacher, request } = errand;
    const name = teacherName(teacher);
    const pricing = this.#pricing(teacher, batched);
    const headroom = this.headroom(name);
    const worst = (inputTokens: number): Nano => Math.ceil(pricing.worst(inputTokens, request.maxTokens) * headroom);
    const input = teacher.inputTokenBound(request, false);
    try {
      const reservation = await this.budget.reserve(
        stage,
        worst(input),
        () => worst(teacher.inputTokenBound(request, true)),
        this.halt.quiet,
      );
      const entry = { unit, ask, stage, attempt, teacher: name };
      return new Booking(this, entry, reservation, pricing, headroom, input + request.maxTokens);
    } catch (error) {
      if (!(error instanceof BudgetExhausted)) throw this.halt.closing(stage, error);
      this.#exhausted = error;
      throw new StageClosed(stage, 'budget');
    }
  }

  /** A request that an earlier session put into a batch: it is on its way, whether or not the budget has room for it. */
  hold({ stage, reserved }: SentLine): Reservation {
    return this.budget.hold(stage, reserved);
  }

  recover(line: SentLine, teacher: Parameters<PriceOf>[0], sent: Date): Booking {
    const { seq, type: _, batch: __, reserved: ___, ...entry } = line;
    const reservation = this.hold(line);
    const headroom = this.headroom(entry.teacher);
    return new Booking(this, entry, reservation, this.#pricing(teacher, true), headroom, 0, { seq, at: sent });
  }

  #pricing(teacher: Parameters<PriceOf>[0], batched: boolean): Pricing {
    const pricing = this.priceOf(teacher);
    return batched ? pricing.inBatch() : pricing;
  }
}

/** One request in the books, from its reservation to its bill. */
export class Booking {
  #sent: { readonly seq: number; readonly at: Date } | undefined;

  constructor(
    private readonly accounts: Accounts,
    private readonly entry: Entry,
    private readonly reservation: Reservation,
    private readonly pricing: Pricing,
    private readonly headroom: number,
    /** What the request counts for at the provider's token limit. */
    readonly tokens: number,
    sent?: { readonly seq: number; readonly at: Date },
  ) {
    this.#sent = sent;
  }

  get seq(): number {
    return this.#sent?.seq ?? -1;
  }

  get stage(): string {
    return this.entry.stage;
  }

  /** A bill passed its reservation while this one waited: it needs more room too. */
  get outgrown(): boolean {
    return this.headroom !== this.accounts.headroom(this.entry.teacher);
  }

  /** Nothing was sent. */
  release(): void {
    this.reservation.release();
  }

  /** Writes down that the request is about to go out: await the journal's `written` or `durable` before it does. */
  announce(batch?: string): void {
    const { journal, tally } = this.accounts;
    this.#sent = { seq: this.accounts.nextSeq(), at: this.accounts.now() };
    journal.append({
      type: 'sent',
      seq: this.seq,
      ...this.entry,
      reserved: this.reservation.amount,
      ...(batch !== undefined && { batch }),
    });
    tally.sent();
  }

  /** Books a reply; it is durable when this resolves. Rejects with `StageClosed` when it cannot be written. */
  async keep(reply: TeacherReply): Promise<ReplyLine> {
    const { journal, tally } = this.accounts;
    const at = this.accounts.now();
    const cost = this.pricing.billed(reply.usage, this.#sent?.at ?? at, at);
    const over = Math.max(0, cost - this.reservation.amount);
    const { rate: _, ...kept } = reply;
    const line: ReplyLine = {
      type: 'reply',
      seq: this.seq,
      ...this.entry,
      cost,
      ...(over > 0 ? { over, headroom: this.headroom } : {}),
      at: at.toISOString(),
      reply: mutable(kept),
    };
    try {
      journal.append(line);
      tally.reply(line);
      this.reservation.settle(cost);
      await journal.durable();
    } catch (error) {
      // Paid for and not written: it stays reserved, and nothing acts on it.
      throw this.accounts.halt.closing(this.stage, error);
    }
    return line;
  }

  /** Books a request without an answer, at what it may have cost. */
  async lose(error: TeacherError): Promise<Nano> {
    const { journal, tally } = this.accounts;
    const cost = error.details.maybeBilled === true ? this.reservation.amount : 0;
    const { attempt: _, ...entry } = this.entry;
    const { code, message } = error;
    const at = this.accounts.now().toISOString();
    const line: LostLine = { type: 'lost', seq: this.seq, ...entry, code, message, cost, at };
    try {
      journal.append(line);
      await journal.written();
    } catch (broken) {
      throw this.accounts.halt.closing(this.stage, broken);
    }
    tally.lost(line);
    this.reservation.settle(cost);
    return cost;
  }
}

/** The same reply, as the journal's schema types it (zod infers mutable arrays). */
function mutable(reply: Omit<TeacherReply, 'rate'>): ReplyLine['reply'] {
  const { logprobs, ...rest } = reply;
  if (!logprobs) return rest;
  return { ...rest, logprobs: logprobs.map(({ top, ...token }) => ({ ...token, top: [...top] })) };
}
