import type { BatchTeacher } from '../teachers/batch';
import { teacherName } from '../teachers/teacher';
import type { Accounts } from './accounts';
import type { BatchReport, Member } from './batchJob';
import { prefixOf } from './batchNames';
import { BatchQueue } from './batchQueue';
import { Circuit, type Patience } from './circuit';
import type { Errand, Outcome } from './errand';
import type { History } from './history';
import type { SentLine } from './lines';
import { replyKey } from './recall';

/** How a run uses Batch APIs: half the price, answers within a day. Speed and price, not part of the run's identity. */
export interface BatchMode {
  /** The Batch APIs of the run's teachers. Needed also to take up what an earlier session sent. */
  readonly teachers: readonly BatchTeacher[];
  /** The stages that go through them; the others stay live, in the same run. */
  readonly stages: readonly string[];
  /** Between two looks at a batch, in milliseconds; grows to six times as much. Default 10 s. */
  readonly pollMs?: number;
  /** A batch leaves when nothing was added to it for this long, or when it has `most` requests. Default 2 s. */
  readonly gatherMs?: number;
  readonly most?: number;
}

/** Requests in a batch; what is gathered and what waits for an answer is held in memory. */
const MOST = 10_000;
/** Units that may be under way at once when they wait for batches. */
export const WAITING_UNITS = 2 * MOST;

/** The run's requests that go through Batch APIs: gathered, sent off, waited for, over as many sessions as it takes. */
export class Batches {
  readonly #queues = new Map<string, BatchQueue>();
  /** By ask and attempt: what an earlier session sent. */
  readonly #adopted = new Map<string, Promise<Outcome>>();
  #tokens = 0;
  #waiting = 0;
  /** Called when one more request waits for its batch. */
  onWaiting: (() => void) | undefined;

  constructor(
    private readonly mode: BatchMode,
    private readonly accounts: Accounts,
    patience: Patience,
    runId: string,
    private readonly history: Pick<History, 'batches' | 'unanswered'>,
  ) {
    const prefix = prefixOf(runId);
    const known = new Set([...history.batches.values()].flatMap(({ id }) => id ?? []));
    this.#tokens = history.batches.size;
    const { pollMs = 10_000, gatherMs = 2000, most = MOST } = mode;
    for (const teacher of mode.teachers) {
      const newToken = (): string => `${prefix}_batch_${this.#tokens++}`;
      const room = { accounts, circuit: new Circuit(patience), patience, prefix, known, pollMs, newToken };
      this.#queues.set(teacherName(teacher), new BatchQueue(teacher, room, gatherMs, most));
    }
  }

  /** Whether anything of this run goes through a batch. */
  get used(): boolean {
    return this.mode.stages.length > 0 || this.#adopted.size > 0;
  }

  /** Requests that wait for a batch. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The batches that are not through yet. */
  get reports(): BatchReport[] {
    return [...this.#queues.values()].flatMap((queue) => queue.reports);
  }

  takes({ stage, teacher }: Errand): boolean {
    return this.mode.stages.includes(stage) && this.#queues.has(teacherName(teacher));
  }

  /** Goes on with what earlier sessions sent and of which nothing is known yet: before any unit is worked. */
  takeUp(): void {
    for (const [token, lines] of waitingByBatch(this.history.unanswered.values())) {
      const batch = this.history.batches.get(token);
      const queue = batch && this.#queues.get(batch.teacher);
      if (!queue) {
        const whose = batch?.teacher ?? 'a provider';
        const reason = `This run waits for a batch at ${whose} that cannot be asked for now: resume it with its key.`;
        this.accounts.halt.rest({ kind: 'paused', reason });
        for (const line of lines) this.accounts.hold(line);
        continue;
      }
      queue.takeUp(
        batch,
        lines.map((line) => this.#recovered(line, new Date(batch.at))),
      );
    }
  }

  /** What becomes of a request that an earlier session sent; once, for whoever asks the same again. */
  adopted({ ask, attempt }: Errand): Promise<Outcome> | undefined {
    const key = replyKey(ask, attempt);
    const outcome = this.#adopted.get(key);
    this.#adopted.delete(key);
    return outcome && this.#awaited(outcome);
  }

  /** Sends a request with the next batch. */
  async post(errand: Errand): Promise<Outcome> {
    const booking = await this.accounts.book(errand, true);
    const outcome = new Promise<Outcome>((resolve) => {
      this.#queues.get(teacherName(errand.teacher))?.add({ booking, request: errand.request, resolve });
    });
    return await this.#awaited(outcome);
  }

  /** Resolves when no batch is under way: also those that no unit asks for any more are taken in. */
  async idle(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()));
  }

  #recovered(line: SentLine, sent: Date): Member {
    const [provider = '', ...model] = line.teacher.split('/');
    const booking = this.accounts.recover(line, { provider, model: model.join('/') }, sent);
    let resolve: Member['resolve'] = () => undefined;
    const outcome = new Promise<Outcome>((settle) => (resolve = settle));
    this.#adopted.set(replyKey(line.ask, line.attempt), outcome);
    return { booking, resolve };
  }

  async #awaited(outcome: Promise<Outcome>): Promise<Outcome> {
    this.#waiting += 1;
    this.onWaiting?.();
    try {
      return await outcome;
    } finally {
      this.#waiting -= 1;
    }
  }
}

function waitingByBatch(lines: Iterable<SentLine>): Map<string, SentLine[]> {
  const groups = new Map<string, SentLine[]>();
  for (const line of lines) {
    if (line.batch === undefined) continue;
    const group = groups.get(line.batch);
    if (group) group.push(line);
    else groups.set(line.batch, [line]);
  }
  return groups;
}
