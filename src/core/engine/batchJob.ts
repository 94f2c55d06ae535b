import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '../records/run';
import type { BatchTeacher } from '../teachers/batch';
import { TeacherError } from '../teachers/errors';
import { type TeacherRequest, teacherName } from '../teachers/teacher';
import type { Accounts, Booking } from './accounts';
import { absent, dropped, KEPT_MS, missingResults, refusedWhole, unknownBatch } from './batchLosses';
import { nameIn } from './batchNames';
import type { Circuit, Patience } from './circuit';
import type { Outcome } from './errand';
import { Tries } from './tries';

/** A request in a batch. */
export interface Member {
  readonly booking: Booking;
  /** Absent for one that an earlier session sent. */
  readonly request?: TeacherRequest;
  readonly resolve: (outcome: Outcome) => void;
}

/** A batch that is not through yet, as reports show it. */
export type BatchReport = NonNullable<RunReport['batches']>[number];

/** What a batch needs of its run. */
export interface BatchRoom {
  readonly accounts: Accounts;
  readonly circuit: Circuit;
  readonly patience: Patience;
  /** Unique to the run: in the names of its batches and of their requests, so that both are known again. */
  readonly prefix: string;
  newToken(): string;
  /** The run's batches of which the provider's ids are on record. */
  readonly known: Set<string>;
  /** Between two looks at a batch, in milliseconds; grows to six times as much. */
  readonly pollMs: number;
  /** The provider queues no more at once: later batches are smaller. */
  tooMuch(size: number): void;
}

const DAY_MS = 24 * 3_600_000;
/** Providers promise a batch within a day: one that has not ended by then never will. */
const OVERDUE_MS = 3 * DAY_MS;
const SLOWEST_POLL = 6;
/** Results that are taken in before the disk has caught up. */
const AT_ONCE = 512;

/**
 * One batch, from its intent to its last result. Journaled in the order that loses nothing: the intent with all its
 * requests, then the provider's id, then polling. When the run stops, the batch goes on at the provider; its requests
 * stay unanswered in the journal, and the next session takes them up here again.
 */
export class BatchJob {
  readonly #members = new Map<string, Member>();
  #done = 0;

  constructor(
    private readonly teacher: BatchTeacher,
    private readonly room: BatchRoom,
    readonly token: string,
    readonly since: Date,
    private id?: string,
  ) {}

  /** What waits at the provider. */
  get report(): BatchReport {
    return {
      id: this.id ?? null,
      teacher: teacherName(this.teacher),
      requests: this.#members.size,
      done: this.#done,
      since: this.since.toISOString(),
    };
  }

  /** Sends these requests off. Every member is resolved when this does; it never rejects. */
  async send(members: readonly Member[]): Promise<void> {
    await this.#live(members, async () => {
      const { journal } = this.room.accounts;
      const teacher = teacherName(this.teacher);
      const at = this.since.toISOString();
      journal.append({ type: 'batch', token: this.token, teacher, size: members.length, at });
      for (const { booking } of members) booking.announce(this.token);
      this.#admit(members);
      await journal.durable();
      if (await this.#submit(members)) await this.#harvest();
    });
  }

  /** Takes up a batch that an earlier session sent, or was about to send. */
  async takeUp(members: readonly Member[], size: number): Promise<void> {
    await this.#live(members, async () => {
      this.#admit(members);
      if (this.id !== undefined || (await this.#isFound(size))) await this.#harvest();
    });
  }

  /** The person gave up a batch that an earlier session sent. */
  async giveUp(members: readonly Member[]): Promise<void> {
    await this.#live(members, async () => {
      this.#admit(members);
      await this.#loseAll(dropped('The batch was given up'));
    });
  }

  async #live(members: readonly Member[], work: () => Promise<void>): Promise<void> {
    const { halt } = this.room.accounts;
    try {
      await work();
    } catch (error) {
      for (const { booking, resolve } of members) resolve({ closed: halt.closing(booking.stage, error) });
    }
  }

  #admit(members: readonly Member[]): void {
    for (const member of members) this.#members.set(this.#nameOf(member.booking), member);
  }

  #nameOf({ seq }: Booking): string {
    return nameIn(this.room.prefix, seq);
  }

  /** False: the provider took none of it, and its requests are lost to this batch. */
  async #submit(members: readonly Member[]): Promise<boolean> {
    const { halt } = this.room.accounts;
    const requests = members.flatMap(({ booking, request }) =>
      request ? [{ id: this.#nameOf(booking), request }] : [],
    );
    const tries = new Tries(this.room.patience);
    for (;;) {
      try {
        await this.#took(await this.teacher.submit(requests, this.token, halt.cut));
        return true;
      } catch (error) {
        if (!(error instanceof TeacherError) || halt.cut.aborted) throw error;
        // The answer was lost, not necessarily the batch.
        if (error.details.maybeBilled && (await this.#isFound(requests.length, error))) return true;
        if (this.#members.size === 0) return false;
        const wait = this.#pauses(error) || this.#refuses(error) ? undefined : tries.next(error);
        if (wait === undefined) {
          await this.#loseAll(error.details.maybeBilled ? absent(error) : error);
          return false;
        }
        await sleep(wait, undefined, { signal: halt.quiet });
      }
    }
  }

  async #took(id: string): Promise<void> {
    const { journal } = this.room.accounts;
    this.id = id;
    this.room.known.add(id);
    const { token, since } = this;
    journal.append({
      type: 'batch',
      token,
      teacher: teacherName(this.teacher),
      size: this.#members.size,
      at: since.toISOString(),
      id,
    });
    await journal.durable();
  }

  /** Whether the provider has this batch. Otherwise its requests are lost, unless `cause` says that it is sent again. */
  async #isFound(size: number, cause?: TeacherError): Promise<boolean> {
    const found = await this.#find(size);
    if (typeof found === 'object') {
      await this.#took(found.id);
      return true;
    }
    if (found === 'unclear') {
      await this.#loseAll(
        new TeacherError('network', 'Nobody knows whether the provider took this batch; it may have been billed.', {
          maybeBilled: true,
        }),
      );
    } else if (!cause) {
      await this.#loseAll(new TeacherError('overloaded', 'The run ended before this batch was sent.'));
    }
    return false;
  }

  /** Looks until it can be told: others of ours are on their way beside it, and may be of the same size. */
  async #find(size: number) {
    const { halt } = this.room.accounts;
    const { token, since } = this;
    const sought = { token, since, size, names: new Set(this.#members.keys()), known: this.room.known };
    for (let wait = this.room.pollMs; ; wait = Math.min(wait * 1.5, this.room.pollMs * SLOWEST_POLL)) {
      const found = await this.#patiently(() => this.teacher.find(sought, halt.cut));
      if (found !== 'unclear' || this.#age > OVERDUE_MS) return found;
      await sleep(wait, undefined, { signal: halt.quiet });
    }
  }

  /** Waits for the batch's end, then takes its results in. */
  async #harvest(): Promise<void> {
    const { halt } = this.room.accounts;
    const { id } = this;
    if (id === undefined) return;
    for (let wait = this.room.pollMs; ; wait = Math.min(wait * 1.5, this.room.pollMs * SLOWEST_POLL)) {
      const status = await this.#patiently(() => this.#look(id));
      if (status === 'gone') {
        await this.#loseAll(dropped('The provider has dropped this batch'));
        return;
      }
      this.#done = status.done;
      if (status.rejected) {
        await this.#turnedAway(status.rejected);
        return;
      }
      if (status.ended) break;
      if (this.#age > OVERDUE_MS) {
        await this.#loseAll(dropped('The provider promised this batch within a day and has not ended it after three'));
        return;
      }
      await sleep(wait, undefined, { signal: halt.quiet });
    }
    const unread = await this.#collectAll(id);
    await this.#loseAll(unread ?? new TeacherError('overloaded', 'The batch ended without an answer to this request.'));
  }

  async #turnedAway(error: TeacherError): Promise<void> {
    const { accounts, pollMs } = this.room;
    if (error.code === 'rate_limited') {
      this.room.tooMuch(this.#members.size);
      await sleep(pollMs * SLOWEST_POLL, undefined, { signal: accounts.halt.quiet });
    } else if (!this.#pauses(error)) {
      this.#refuses(error);
    }
    await this.#loseAll(error);
  }

  /** Pauses the run when the provider takes no such batch. One request that is too long alone is only that one's failure. */
  #refuses(error: TeacherError): boolean {
    if (error.passing) return false;
    const { size } = this.#members;
    const reason = refusedWhole(error, size);
    if (size > 1 || error.code !== 'too_long') this.room.accounts.halt.rest({ kind: 'paused', reason });
    return true;
  }

  /** Results that break off are read again; what keeps them from being read in the end, if anything does. */
  async #collectAll(id: string): Promise<TeacherError | undefined> {
    let broken = 0;
    return await this.#patiently(async () => {
      try {
        await this.#collect(id);
        return undefined;
      } catch (error) {
        if (error instanceof TeacherError && error.code === 'not_found') {
          if (this.#age > KEPT_MS) return dropped('The provider has dropped this batch');
          throw missingResults(id, teacherName(this.teacher));
        }
        const brokeOff = error instanceof TeacherError && error.passing && error.details.maybeBilled === true;
        if (brokeOff && (broken += 1) >= this.room.patience.attempts) return error;
        throw error;
      }
    });
  }

  async #look(id: string) {
    try {
      return await this.teacher.poll(id, this.room.accounts.halt.cut);
    } catch (error) {
      if (!(error instanceof TeacherError) || error.code !== 'not_found') throw error;
      if (this.#age > KEPT_MS) return 'gone' as const;
      throw unknownBatch(id, teacherName(this.teacher));
    }
  }

  get #age(): number {
    return Date.now() - this.since.getTime();
  }

  /** What is read twice is taken in once. */
  async #collect(id: string): Promise<void> {
    const { journal, halt } = this.room.accounts;
    let taken = 0;
    for await (const result of this.teacher.results(id, halt.cut)) {
      const member = this.#members.get(result.id);
      if (!member) continue;
      this.#members.delete(result.id);
      if ('reply' in result) {
        this.room.circuit.answered();
        void this.#settle(member, async () => ({ line: await member.booking.keep(result.reply) }));
      } else {
        this.#pauses(result.error);
        void this.#settle(member, async () => ({ error: result.error, cost: await member.booking.lose(result.error) }));
      }
      taken += 1;
      if (taken % AT_ONCE === 0) await journal.durable();
    }
    await journal.durable();
  }

  async #settle(member: Member, outcome: () => Promise<Outcome>): Promise<void> {
    try {
      member.resolve(await outcome());
    } catch (error) {
      member.resolve({ closed: this.room.accounts.halt.closing(member.booking.stage, error) });
    }
  }

  async #loseAll(error: TeacherError): Promise<void> {
    const members = [...this.#members.values()];
    this.#members.clear();
    await Promise.all(
      members.map((member) => this.#settle(member, async () => ({ error, cost: await member.booking.lose(error) }))),
    );
  }

  /** Looking costs nothing, and a batch takes hours: passing trouble is waited out, however long it lasts. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { halt } = this.room.accounts;
    for (let wait = this.room.pollMs; ; wait = Math.min(wait * 2, this.room.pollMs * SLOWEST_POLL)) {
      halt.cut.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof TeacherError) || halt.cut.aborted) throw error;
        if (!error.passing) {
          halt.rest({ kind: 'paused', reason: error.message });
          throw error;
        }
        await sleep(Math.max(wait, error.details.retryAfterMs ?? 0), undefined, { signal: halt.quiet });
      }
    }
  }

  /** Pauses the run when the failure is not this batch's alone. */
  #pauses(error: TeacherError): boolean {
    const { circuit, accounts } = this.room;
    const reason = circuit.failed(error);
    if (reason !== undefined) accounts.halt.rest({ kind: 'paused', reason });
    return reason !== undefined;
  }
}
