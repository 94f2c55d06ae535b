import type { BatchTeacher } from '../teachers/batch';
import { BatchJob, type BatchReport, type BatchRoom, type Member } from './batchJob';
import type { BatchLine } from './lines';

/** What goes to one Batch API: gathered until nothing more comes for a while, then sent off in parts that it takes. */
export class BatchQueue {
  #gathered: Member[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #room: BatchRoom;
  readonly #jobs = new Set<BatchJob>();
  readonly #working = new Set<Promise<void>>();

  constructor(
    private readonly teacher: BatchTeacher,
    room: Omit<BatchRoom, 'tooMuch'>,
    private readonly gatherMs: number,
    private most: number,
  ) {
    this.#room = { ...room, tooMuch: (size) => (this.most = Math.max(1, Math.min(this.most, Math.ceil(size / 2)))) };
    room.accounts.halt.quiet.addEventListener('abort', () => this.#turnAway());
  }

  /** The batches that are not through yet. */
  get reports(): BatchReport[] {
    return [...this.#jobs].map(({ report }) => report);
  }

  add(member: Member): void {
    this.#gathered.push(member);
    if (this.#room.accounts.halt.quiet.aborted) this.#turnAway();
    else if (this.#gathered.length >= this.most) this.#flush();
    else if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#flush(), this.gatherMs);
  }

  /** Goes on with a batch that an earlier session sent, or was about to send. */
  takeUp({ token, at, id, size, gone }: BatchLine, members: readonly Member[]): void {
    const job = new BatchJob(this.teacher, this.#room, token, new Date(at), id);
    this.#start(job, gone ? job.giveUp(members) : job.takeUp(members, size));
  }

  /** Resolves when no batch is under way. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const byId = new Map<string, Member>();
    const requests = this.#gathered.flatMap((member, index) => {
      const id = `${this.#room.prefix}_${index}`;
      byId.set(id, member);
      return member.request ? [{ id, request: member.request }] : [];
    });
    this.#gathered = [];
    for (const part of this.teacher.parts(requests)) {
      const members = part.flatMap(({ id }) => byId.get(id) ?? []);
      const job = new BatchJob(this.teacher, this.#room, this.#room.newToken(), new Date());
      this.#start(job, job.send(members));
    }
  }

  #start(job: BatchJob, work: Promise<void>): void {
    this.#jobs.add(job);
    // A batch that the run's stop cut short still waits at the provider: it stays among the reports.
    const done = work.finally(() => {
      this.#working.delete(done);
      if (job.report.requests === 0) this.#jobs.delete(job);
    });
    this.#working.add(done);
  }

  /** The run stops: what was not sent yet is not sent. */
  #turnAway(): void {
    clearTimeout(this.#timer);
    const { halt } = this.#room.accounts;
    for (const { booking, resolve } of this.#gathered.splice(0)) {
      booking.release();
      resolve({ closed: halt.closing(booking.stage, new DOMException('The run stops.', 'AbortError')) });
    }
  }
}
