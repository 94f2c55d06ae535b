import type { Counts } from '../records/run';
import type { DoneLine, LostLine, ReplyLine } from './lines';
import type { Nano } from './money';

/** The running totals of a run: the same code counts lines as they are written and as they are read back. */
export class Tally {
  requests = 0;
  readonly tokens = { input: 0, cached: 0, output: 0 };
  readonly spentByStage = new Map<string, Nano>();
  readonly spentByModel = new Map<string, Nano>();
  readonly asks = new Map<string, { ok: number; failed: number }>();
  readonly counts: { -readonly [K in keyof Counts]: Counts[K] } = {
    requested: 0,
    ok: 0,
    approved: 0,
    rejected: 0,
    failed: 0,
    unvalidated: 0,
  };
  /** Bills that passed their reservation. */
  overbilled = 0;

  get spent(): Nano {
    let sum = 0;
    for (const amount of this.spentByStage.values()) sum += amount;
    return sum;
  }

  sent(): void {
    this.requests += 1;
  }

  reply(line: ReplyLine): void {
    this.#spend(line);
    this.tokens.input += line.reply.usage.input;
    this.tokens.cached += line.reply.usage.cached;
    this.tokens.output += line.reply.usage.output;
    if (line.over) this.overbilled += 1;
  }

  lost(line: LostLine): void {
    this.#spend(line);
  }

  /** @param sign -1 takes back what the unit gave before, when it was worked again. */
  done(line: DoneLine, sign: 1 | -1 = 1): void {
    for (const key of ['requested', 'ok', 'approved', 'rejected', 'failed', 'unvalidated'] as const) {
      this.counts[key] += sign * line.counts[key];
    }
    for (const [stage, [ok, failed]] of Object.entries(line.asks)) {
      const total = this.asks.get(stage) ?? { ok: 0, failed: 0 };
      this.asks.set(stage, { ok: total.ok + sign * ok, failed: total.failed + sign * failed });
    }
  }

  #spend(line: { readonly stage: string; readonly teacher: string; readonly cost: Nano }): void {
    this.spentByStage.set(line.stage, (this.spentByStage.get(line.stage) ?? 0) + line.cost);
    this.spentByModel.set(line.teacher, (this.spentByModel.get(line.teacher) ?? 0) + line.cost);
  }
}
