import type { Nano } from './money';

/** A cap with what was spent under it and what is set aside for requests under way. */
interface Level {
  readonly name: string;
  cap: Nano;
  /** A share, not a wall: may be passed by what is in reserve. */
  readonly soft: boolean;
  spent: Nano;
  reserved: Nano;
}

/** What is set aside for one request. Exactly one of `settle` and `release` ends it. */
export interface Reservation {
  readonly amount: Nano;
  /** Replaces the reservation by what was billed. */
  settle(billed: Nano): void;
  /** Nothing was billed. */
  release(): void;
}

/** There is no room for this request at `level`, even if everything under way came back unbilled. */
export class BudgetExhausted extends Error {
  override readonly name = 'BudgetExhausted';
  readonly code = 'budget_exhausted';
  constructor(readonly level: string) {
    super(`The budget of the ${level} has no room for one more request.`);
  }
}

/** A cap outside this run (the month): asked for more room when what it has granted is used up. */
export interface Allowance {
  /** What it is granted for: when this changes, what was granted before is void. */
  readonly month: string;
  /** How much more may be spent, at least `need` if at all possible. 0: nothing is left. */
  extend(need: Nano): Promise<Nano>;
  /** Another month has begun: `held`, which is under way, is set aside in it whether or not there is room. */
  renew(held: Nano): Promise<void>;
}

interface Waiter {
  readonly levels: readonly Level[];
  readonly amount: Nano;
  grant(reservation: Reservation): void;
  refuse(error: Error): void;
}

/**
 * The budget as a wall: at every level spent + reserved ≤ cap, always. A request waits while only the reservations of
 * others are in its way, and is refused when its worst case cannot fit any more.
 */
export class Budget {
  readonly #run: Level;
  /** What stages may take beyond their shares, all together. */
  readonly #reserve: Nano;
  /** What stages left of their shares is everybody's by now: only walls hold. */
  #pooled = false;
  readonly #stages = new Map<string, Level>();
  readonly #month: Level;
  /** What `#month` is about. Undefined when the month's turn could not be written: it is tried again. */
  #period: string | undefined;
  #waiters: Waiter[] = [];
  #extending: Promise<void> | undefined;

  constructor(
    caps: {
      readonly run?: Nano | undefined;
      readonly stages: ReadonlyMap<string, Nano>;
      readonly shares?: ReadonlyMap<string, Nano>;
      readonly reserve?: Nano | undefined;
    },
    private readonly allowance?: Allowance,
  ) {
    this.#reserve = caps.reserve ?? 0;
    this.#run = levelOf('run', caps.run ?? Infinity);
    this.#month = levelOf('month', allowance ? 0 : Infinity);
    this.#period = allowance?.month;
    for (const [stage, cap] of caps.shares ?? []) this.#stages.set(stage, levelOf(`stage ${stage}`, cap, true));
    for (const [stage, cap] of caps.stages) this.#stages.set(stage, levelOf(`stage ${stage}`, cap));
  }

  get spent(): Nano {
    return this.#run.spent;
  }

  get reserved(): Nano {
    return this.#run.reserved;
  }

  spentBy(stage: string): Nano {
    return this.#stage(stage).spent;
  }

  /** Spending of an earlier session of the run. It belongs to the month in which it happened. */
  carryOver(stage: string, amount: Nano): void {
    this.#run.spent += amount;
    this.#stage(stage).spent += amount;
  }

  /**
   * What an earlier session of the run sent and still waits for: set aside whether or not there is room, in the month by
   * whoever calls this.
   */
  hold(stage: string, amount: Nano): Reservation {
    this.#month.cap += amount;
    return this.#take([this.#stage(stage), this.#run, this.#month], amount);
  }

  /**
   * Sets aside a request's worst case.
   * @param cheap a bound that costs nothing; `tight` is only asked for when it does not fit.
   */
  async reserve(stage: string, cheap: Nano, tight: () => Nano, signal: AbortSignal): Promise<Reservation> {
    this.lookAtMonth();
    const levels = [this.#stage(stage), this.#run, this.#month];
    if (this.#waiters.length === 0 && this.#fits(levels, cheap)) return this.#take(levels, cheap);
    const amount = Math.min(cheap, tight());
    if (this.#waiters.length === 0 && this.#fits(levels, amount)) return this.#take(levels, amount);
    return await new Promise((resolve, reject) => {
      const forget = (): void => {
        signal.removeEventListener('abort', abort);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
      };
      const waiter: Waiter = {
        levels,
        amount,
        grant: (reservation) => {
          forget();
          resolve(reservation);
        },
        refuse: (error) => {
          forget();
          reject(error);
        },
      };
      const abort = (): void => waiter.refuse(new DOMException('The run stops.', 'AbortError'));
      this.#waiters.push(waiter);
      if (signal.aborted) abort();
      else {
        signal.addEventListener('abort', abort);
        this.#serve();
      }
    });
  }

  /** When a new month has begun, what is under way goes over into it, and what was granted for the old one is void. */
  lookAtMonth(): void {
    if (!this.allowance || this.allowance.month === this.#period) return;
    this.#period = this.allowance.month;
    this.#month.cap = this.#month.reserved;
    this.#month.spent = 0;
    this.allowance.renew(this.#month.reserved).catch((error: unknown) => {
      this.#period = undefined;
      this.#waiters[0]?.refuse(asError(error));
    });
  }

  #stage(name: string): Level {
    let level = this.#stages.get(name);
    if (!level) this.#stages.set(name, (level = levelOf(`stage ${name}`, Infinity)));
    return level;
  }

  #take(levels: readonly Level[], amount: Nano): Reservation {
    for (const level of levels) level.reserved += amount;
    let open = true;
    const end = (billed: Nano): void => {
      if (!open) return;
      open = false;
      for (const level of levels) {
        level.reserved -= amount;
        level.spent += billed;
      }
      this.#serve();
    };
    return { amount, settle: end, release: () => end(0) };
  }

  /** First come, first served: nobody overtakes at a level where an earlier request waits for room. */
  #serve(): void {
    this.lookAtMonth();
    const full = new Set<Level>();
    for (const waiter of [...this.#waiters]) {
      // Nobody gets past the run's own cap; who is hopeless learns it when those before have come back.
      if (full.has(this.#run)) break;
      const hopeless = waiter.levels.find((level) => level !== this.#month && !this.#hasRoom(level, waiter.amount, 0));
      if (hopeless && this.#mayPool(hopeless, waiter)) {
        // Others are at work, and what they leave is not known yet.
        if (this.#run.reserved > 0) {
          full.add(hopeless);
          continue;
        }
        this.#pooled = true;
        this.#serve();
        return;
      }
      if (hopeless) {
        waiter.refuse(new BudgetExhausted((hopeless.soft ? this.#run : hopeless).name));
      } else if (waiter.levels.some((level) => full.has(level)) || !this.#fits(waiter.levels, waiter.amount)) {
        for (const level of waiter.levels) if (!this.#fits([level], waiter.amount)) full.add(level);
      } else {
        waiter.grant(this.#take(waiter.levels, waiter.amount));
      }
    }
    if (full.has(this.#month)) this.#extend();
  }

  /** Whether this request's stage has used up its share and the reserve, and may have what others leave of theirs. */
  #mayPool(level: Level, { amount }: Waiter): boolean {
    return level.soft && !this.#pooled && this.#hasRoom(this.#run, amount, 0);
  }

  #extend(): void {
    const first = this.#waiters.find((waiter) => !this.#fits([this.#month], waiter.amount));
    if (!this.allowance || !first || this.#extending) return;
    const need = this.#month.spent + this.#month.reserved + first.amount - this.#month.cap;
    const period = this.#period;
    this.#extending = this.allowance.extend(need).then(
      (granted) => {
        this.#extending = undefined;
        this.lookAtMonth();
        if (period !== this.#period) {
          this.#serve();
          return;
        }
        this.#month.cap += granted;
        // Otherwise what is under way may still come back unspent.
        const hopeless = this.#month.spent + first.amount > this.#month.cap;
        if (hopeless) first.refuse(new BudgetExhausted('month'));
        if (hopeless || granted > 0) this.#serve();
      },
      (error: unknown) => {
        this.#extending = undefined;
        first.refuse(asError(error));
        this.#serve();
      },
    );
  }

  #fits(levels: readonly Level[], amount: Nano): boolean {
    return levels.every((level) => this.#hasRoom(level, amount, 1));
  }

  /**
   * Whether a level takes `amount` more, with what is reserved counted (1) or not (0). A stage may pass its share by what
   * the others leave of the reserve.
   */
  #hasRoom(level: Level, amount: Nano, reservations: 0 | 1): boolean {
    const used = (one: Level): Nano => one.spent + one.reserved * reservations;
    const over = used(level) + amount - level.cap;
    if (over <= 0) return true;
    if (!level.soft) return false;
    if (this.#pooled) return true;
    let taken = over;
    for (const other of this.#stages.values())
      if (other.soft && other !== level) taken += Math.max(0, used(other) - other.cap);
    return taken <= this.#reserve;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function levelOf(name: string, cap: Nano, soft = false): Level {
  return { name, cap, soft, spent: 0, reserved: 0 };
}
