import type { Counts } from '../records/run';
import { FairSample } from './fairSample';
import type { DoneLine, LostLine, ReplyLine } from './lines';
import type { Nano } from './money';

/** The bills of a stage's first attempts: how many, their sum and the sum of their squares, in nano-dollars. */
export interface Measured {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  /** The sum of the squares of what requests without an answer may have cost: seldom, and a multiple of an answer each. */
  readonly lostSquares: number;
}

const UNMEASURED: Measured = { count: 0, sum: 0, squares: 0, lostSquares: 0 };

/** The running totals of a run: the same code counts lines as they are written and as they are read back. */
export class Tally {
  requests = 0;
  readonly tokens = { input: 0, cached: 0, output: 0 };
  readonly spentByStage = new Map<string, Nano>();
  readonly spentByModel = new Map<string, Nano>();
  /** By stage; second attempts and losses are in the sum of what was spent. */
  readonly measured = new Map<string, Measured>();
  /** Of this session. */
  readonly sample = new FairSample();
  readonly asks = new Map<string, { ok: number; failed: number }>();
  readonly counts: { -readonly [K in keyof Counts]: Counts[K] } = {
    requested: 0,
    ok: 0,
    approved: 0,
    rejected: 0,
    failed: 0,
    unvalidated: 0,
  };
  /** Failures by code. */
  readonly reasons = new Map<string, number>();
  /** Bills that passed their reservation. */
  overbilled = 0;
  /** By model, how many times the worst case the dearest of them was, and some more: what later reservations allow for. */
  readonly headroom = new Map<string, number>();

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
    if (line.attempt === 0) {
      const { count, sum, squares, lostSquares } = this.measured.get(line.stage) ?? UNMEASURED;
      const { cost } = line;
      const counted = { count: count + 1, sum: sum + cost, squares: squares + cost * cost, lostSquares };
      this.measured.set(line.stage, counted);
    }
    if (line.over) this.#passed(line, line.over);
  }

  lost(line: LostLine): void {
    this.#spend(line);
    if (line.cost === 0) return;
    const before = this.measured.get(line.stage) ?? UNMEASURED;
    this.measured.set(line.stage, { ...before, lostSquares: before.lostSquares + line.cost ** 2 });
  }

  /** @param sign -1 takes back what the unit gave before, when it was worked again. */
  done(line: DoneLine, sign: 1 | -1 = 1): void {
    for (const key of ['requested', 'ok', 'approved', 'rejected', 'failed', 'unvalidated'] as const) {
      this.counts[key] += sign * line.counts[key];
    }
    for (const { code } of line.failures) this.reasons.set(code, (this.reasons.get(code) ?? 0) + sign);
    for (const [stage, [ok, failed]] of Object.entries(line.asks)) {
      const total = this.asks.get(stage) ?? { ok: 0, failed: 0 };
      this.asks.set(stage, { ok: total.ok + sign * ok, failed: total.failed + sign * failed });
    }
  }

  /** Many are in flight with the same headroom: each is measured by its own, not by what the others have raised it to. */
  #passed({ teacher, cost, headroom = 1 }: ReplyLine, over: Nano): void {
    this.overbilled += 1;
    const reserved = cost - over;
    if (reserved === 0) return;
    const needed = headroom * (cost / reserved) * 1.05;
    this.headroom.set(teacher, Math.max(this.headroom.get(teacher) ?? 1, needed));
  }

  #spend(line: { readonly stage: string; readonly teacher: string; readonly cost: Nano }): void {
    this.spentByStage.set(line.stage, (this.spentByStage.get(line.stage) ?? 0) + line.cost);
    this.spentByModel.set(line.teacher, (this.spentByModel.get(line.teacher) ?? 0) + line.cost);
  }
}
