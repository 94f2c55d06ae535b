import { randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { hasCode } from './files';
import { fromUsd, type Nano, toUsd } from './money';

/**
 * The ledger over all runs (`~/.distillery/ledger.jsonl`): append-only, written by several processes at once. A line is
 * one write, so lines have one order for everybody. `month` is `YYYY-MM`, UTC; money is nano-dollars.
 */
export const LEDGER = 'ledger.jsonl';

const nano = z.number().int().nonnegative();
const month = z.string().regex(/^\d{4}-\d{2}$/);
/** A run sets money aside under the monthly cap, to spend it without asking each time. */
const leaseLine = z.object({ type: z.literal('lease'), lease: z.string(), run: z.string(), month, amount: nano });
/** What is left of a lease is free again. */
const endLine = z.object({ type: z.literal('end'), lease: z.string() });
/** What a run spent on one model since it last said so. */
const spendLine = z.object({
  type: z.literal('spend'),
  run: z.string(),
  kind: z.string(),
  /** `provider/model` */
  teacher: z.string(),
  month,
  at: z.string(),
  amount: nano,
});
const ledgerLine = z.discriminatedUnion('type', [leaseLine, endLine, spendLine]);
export type LedgerLine = z.infer<typeof ledgerLine>;

/** The sums of a ledger, as far as it has been read. */
class Sums {
  readonly #spent = new Map<string, Nano>();
  readonly #byRun = new Map<string, Nano>();
  readonly #leases = new Map<string, { readonly run: string; readonly month: string; amount: Nano }>();

  take(line: LedgerLine): void {
    switch (line.type) {
      case 'lease':
        this.#leases.set(line.lease, { run: line.run, month: line.month, amount: line.amount });
        break;
      case 'end':
        this.#leases.delete(line.lease);
        break;
      case 'spend':
        add(this.#spent, line.month, line.amount);
        add(this.#byRun, `${line.run} ${line.teacher}`, line.amount);
        this.#drawOn(line);
    }
  }

  /** Spent in the month, and set aside by runs under way. */
  committed(of: string): Nano {
    let sum = this.#spent.get(of) ?? 0;
    for (const lease of this.#leases.values()) if (lease.month === of) sum += lease.amount;
    return sum;
  }

  recorded(run: string, teacher: string): Nano {
    return this.#byRun.get(`${run} ${teacher}`) ?? 0;
  }

  /** The leases of a run that nobody ended: it was killed, or left a batch waiting. */
  leasesOf(run: string): string[] {
    return [...this.#leases].filter(([, lease]) => lease.run === run).map(([id]) => id);
  }

  /** Spending comes out of what the run had set aside in that month. */
  #drawOn({ run, month: of, amount }: { readonly run: string; readonly month: string; readonly amount: Nano }): void {
    let left = amount;
    for (const lease of this.#leases.values()) {
      if (lease.run !== run || lease.month !== of) continue;
      const drawn = Math.min(lease.amount, left);
      lease.amount -= drawn;
      left -= drawn;
    }
  }
}

function add(sums: Map<string, Nano>, key: string, amount: Nano): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

/**
 * A run's account with the ledger: reports its spending, and asks for room under the monthly cap. One thing at a time:
 * two readings at once would count lines twice.
 */
export class LedgerAccount {
  #offset = 0;
  #carry = Buffer.alloc(0);
  readonly #sums = new Sums();
  #leases: string[] = [];
  /** The month that was last renewed for. */
  #renewed: string;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly run: string,
    private readonly kind: string,
    private readonly cap: Nano | undefined,
    private readonly now: () => Date,
  ) {
    this.#renewed = this.month;
  }

  /**
   * What an earlier session of the run set aside stays so until `renew`.
   * @param home the folder of the ledger; created when missing.
   */
  static async open(
    home: string,
    run: { readonly id: string; readonly kind: string },
    capUsd?: number,
    now: () => Date = () => new Date(),
  ): Promise<LedgerAccount> {
    await mkdir(home, { recursive: true });
    const cap = capUsd === undefined ? undefined : fromUsd(capUsd);
    const account = new LedgerAccount(path.join(home, LEDGER), run.id, run.kind, cap, now);
    await account.#readOn();
    account.#leases = account.#sums.leasesOf(run.id);
    return account;
  }

  get capped(): boolean {
    return this.cap !== undefined;
  }

  get month(): string {
    return this.now().toISOString().slice(0, 7);
  }

  /**
   * Takes `need`, or more while much is left; 0 when there is not so much. The lease is written first and counted in file
   * order, so that of two processes that want the last dollar at the same time exactly one gets it.
   */
  async extend(need: Nano): Promise<Nano> {
    return await this.#inTurn(async () => {
      if (this.cap === undefined) return Infinity;
      const { month } = this;
      await this.#readOn();
      const left = this.cap - this.#sums.committed(month);
      if (left < need) return 0;
      const amount = Math.max(need, Math.min(Math.floor(left / 16), LARGEST_LEASE));
      const lease = await this.#lease(amount, month);
      if (await this.#readUntilLease(lease, month)) return amount;
      await this.#end([lease]);
      return 0;
    });
  }

  /** Brings the ledger up to what the journal says that this run has spent, by model. */
  async report(spentByModel: ReadonlyMap<string, Nano>): Promise<void> {
    await this.#inTurn(async () => await this.#report(spentByModel, this.month));
  }

  /**
   * A session begins, or a month: books what was spent before, and sets `held` aside in place of all former leases,
   * whether or not there is room, for it is under way. Until that is written the former ones stand.
   */
  async renew(spentByModel: ReadonlyMap<string, Nano>, held: Nano): Promise<void> {
    const spent = new Map(spentByModel);
    const before = this.#renewed;
    const { month } = this;
    this.#renewed = month;
    await this.#inTurn(async () => {
      await this.#report(spent, before);
      const former = [...this.#leases];
      if (held > 0) await this.#lease(held, month);
      await this.#end(former);
    });
  }

  /**
   * Gives back what was set aside and not spent.
   * @param owed what batches that go on without us may cost: it stays set aside until the run is resumed, also when the
   * month ends before they do.
   */
  async close(owed: Nano = 0): Promise<void> {
    await this.#inTurn(async () => {
      const former = [...this.#leases];
      const { month } = this;
      const ended = new Date(this.now().getTime() + BATCH_MS).toISOString().slice(0, 7);
      if (owed > 0) for (const each of new Set([month, ended])) await this.#lease(owed, each);
      await this.#end(former);
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    // Who waits for `done` hears of its failure; the next one goes on.
    this.#turn = done.catch(() => undefined);
    return await done;
  }

  async #report(spentByModel: ReadonlyMap<string, Nano>, month: string): Promise<void> {
    await this.#readOn();
    const at = this.now().toISOString();
    for (const [teacher, spent] of spentByModel) {
      const amount = spent - this.#sums.recorded(this.run, teacher);
      if (amount <= 0) continue;
      const { run, kind } = this;
      await this.#append({ type: 'spend', run, kind, teacher, month, at, amount });
    }
    await this.#readOn();
  }

  async #lease(amount: Nano, month: string): Promise<string> {
    const lease = randomUUID();
    await this.#append({ type: 'lease', lease, run: this.run, month, amount });
    this.#leases.push(lease);
    return lease;
  }

  async #end(leases: readonly string[]): Promise<void> {
    for (const lease of leases) {
      await this.#append({ type: 'end', lease });
      this.#leases = this.#leases.filter((one) => one !== lease);
    }
  }

  async #readUntilLease(lease: string, month: string): Promise<boolean> {
    let fits = false;
    await this.#readOn((line) => {
      if (line.type === 'lease' && line.lease === lease) fits = this.#sums.committed(month) <= (this.cap ?? Infinity);
    });
    return fits;
  }

  async #readOn(each?: (line: LedgerLine) => void): Promise<void> {
    let handle;
    try {
      handle = await open(this.file, 'r');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      throw error;
    }
    try {
      const buffer = Buffer.allocUnsafe(256 * 1024);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#offset);
        if (bytesRead === 0) return;
        this.#offset += bytesRead;
        const bytes = Buffer.concat([this.#carry, buffer.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf(0x0a) + 1;
        this.#carry = bytes.subarray(end);
        for (const text of bytes.subarray(0, end).toString('utf8').split('\n')) {
          const line = parseLedgerLine(text);
          if (!line) continue;
          this.#sums.take(line);
          each?.(line);
        }
      }
    } finally {
      await handle.close();
    }
  }

  /** One line, one write. A line that somebody died at is ended first, so that ours is not glued to it. */
  async #append(line: LedgerLine): Promise<void> {
    const handle = await open(this.file, 'a+');
    try {
      const { size } = await handle.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await handle.read(last, 0, 1, size - 1);
      const torn = size > 0 && last[0] !== 0x0a;
      await handle.write(`${torn ? '\n' : ''}${JSON.stringify(line)}\n`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }
}

const LARGEST_LEASE = fromUsd(1);
/** Providers promise the answers of a batch within a day. */
const BATCH_MS = 24 * 60 * 60 * 1000;

function parseLedgerLine(text: string): LedgerLine | undefined {
  if (text === '') return undefined;
  try {
    return ledgerLine.parse(JSON.parse(text));
  } catch (error) {
    // The line that a process died at.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

export interface MonthSpend {
  readonly month: string;
  readonly spent_usd: number;
  /** `provider` → USD, and pipeline → USD. */
  readonly by_provider: Readonly<Record<string, number>>;
  readonly by_pipeline: Readonly<Record<string, number>>;
}

/** What was spent, month by month, latest first: `distillery spend`. */
export async function spendByMonth(home: string): Promise<MonthSpend[]> {
  const months = new Map<string, { total: Nano; providers: Map<string, Nano>; pipelines: Map<string, Nano> }>();
  let file;
  try {
    file = await open(path.join(home, LEDGER), 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
  for await (const text of file.readLines()) {
    const line = parseLedgerLine(text);
    if (line?.type !== 'spend') continue;
    const sums = months.get(line.month) ?? {
      total: 0,
      providers: new Map<string, Nano>(),
      pipelines: new Map<string, Nano>(),
    };
    months.set(line.month, sums);
    sums.total += line.amount;
    add(sums.providers, line.teacher.split('/')[0] ?? line.teacher, line.amount);
    add(sums.pipelines, line.kind, line.amount);
  }
  return [...months]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([of, { total, providers, pipelines }]) => ({
      month: of,
      spent_usd: toUsd(total),
      by_provider: inUsd(providers),
      by_pipeline: inUsd(pipelines),
    }));
}

function inUsd(sums: ReadonlyMap<string, Nano>): Record<string, number> {
  return Object.fromEntries([...sums].map(([key, amount]) => [key, toUsd(amount)]));
}
