/** Seconds after a cut in which the pace is kept, before it is tried whether more is possible. */
const PLATEAU_S = 2;
/** By how much a second more is tried then. */
const GROWTH = 0.12;
/** How far back is looked at least. */
const SHORTEST_MS = 500;
const SLOWEST = 0.05;
/** Just below what came through, so that the provider's bucket recovers. */
const CUT = 0.98;
/** The first that came through came at once, out of a bucket that was full. */
const FIRST_CUT = 0.5;
/** After the very first push-back little is known: the pace doubles this often until the second. */
const SEARCH_DOUBLING_S = 0.4;
const SEARCH_AFTER_S = 0.5;
/** What may be saved up, so that a late timer costs nothing. */
const SAVED_S = 0.02;

/** A provider pushes a few requests back for reasons of its own; more than this share of them, and there are too many. */
const TOLERATED = 0.12;
/** Where a limit is known, fewer tell that it is passed. */
const TOLERATED_AT_PACE = 0.06;
/** "Overloaded" is mostly others' doing: it weighs so much of a "too many". */
const OVERLOADED_WEIGHT = 0.25;

/** "Too many" (429) or "overloaded" (503, 529). */
export type PushBack = 'rate_limited' | 'overloaded';

/**
 * How many requests a second a deployment takes, found out from what it pushes back. Free until it is "too many", that
 * is, a share of them; then a little under the rate that came through. That is held for a while, then exceeded a
 * little more every second until the next time: close to a fixed capacity, and quick to follow one that halves or doubles.
 */
export class Pace {
  #rate: number | undefined;
  #searching = false;
  #cutAt: number;
  /** Since when more is tried than was known to go. */
  #triesFrom: number;
  #credit = 1;
  #creditAt: number;
  readonly #recent = new Recent();

  /** @param now milliseconds, `performance.now()`. */
  constructor(now: number, learned?: number) {
    this.#cutAt = this.#triesFrom = this.#creditAt = now;
    this.#rate = learned;
  }

  /** Requests per second, if there is a limit. */
  rate(now: number): number | undefined {
    if (this.#rate === undefined) return undefined;
    const trying = Math.min(20, (now - this.#triesFrom) / 1000);
    if (trying <= 0) return this.#rate;
    if (this.#searching) return this.#rate * 2 ** (trying / SEARCH_DOUBLING_S);
    return this.#rate * Math.exp(GROWTH * trying);
  }

  /** Milliseconds until the next request may go. */
  wait(now: number): number {
    const rate = this.rate(now);
    if (rate === undefined) return 0;
    this.#refill(now, rate);
    return this.#credit >= 1 ? 0 : ((1 - this.#credit) / rate) * 1000;
  }

  sent(now: number): void {
    const rate = this.rate(now);
    // Without a pace nothing is owed, or the first pace would begin with a long silence.
    if (rate !== undefined) {
      this.#refill(now, rate);
      this.#credit -= 1;
    }
    this.#recent.sent(now);
  }

  /**
   * Others share the deployment: each goes halfway to the mean of all that know a rate, so that shares become equal and
   * their sum stays. One that knows none begins with its share.
   * @param others their rates, where they know one.
   */
  share(now: number, others: readonly (number | undefined)[]): void {
    const known = others.flatMap((rate) => rate ?? []);
    if (known.length === 0) return;
    const total = known.reduce((sum, rate) => sum + rate, 0);
    const current = this.rate(now);
    if (current === undefined) {
      this.#rate = Math.max(SLOWEST, total / (others.length + 1));
      this.#cutAt = now;
      this.#triesFrom = now + PLATEAU_S * 1000;
      return;
    }
    const mean = (total + current) / (known.length + 1);
    this.#rate = Math.max(SLOWEST, ((this.#rate ?? mean) * (1 + mean / current)) / 2);
  }

  /**
   * @param sentAt when the request went that comes back: what is known of the deployment now is how it was then.
   * @returns what it is a sign of: `alone` of nothing yet, `burst` of too many, and the first of a burst makes a `cut`.
   */
  pushedBack(now: number, sentAt: number, why: PushBack = 'rate_limited'): 'alone' | 'burst' | 'cut' {
    this.#recent.pushedBack(sentAt, why === 'overloaded' ? OVERLOADED_WEIGHT : 1);
    const current = this.rate(now);
    if (current !== undefined && sentAt < this.#cutAt + SHORTEST_MS) return 'burst';
    const recent = this.#recent.until(sentAt, current === undefined ? -Infinity : this.#cutAt);
    const tolerated = recent.sent * (current === undefined ? TOLERATED : TOLERATED_AT_PACE);
    if (recent.pushedBack <= 1 || recent.pushedBack <= tolerated) return 'alone';
    const through = recent.through ?? (current ?? 2) / 2;
    this.#searching = current === undefined;
    this.#rate = Math.max(SLOWEST, current === undefined ? through * FIRST_CUT : Math.min(current, through) * CUT);
    this.#cutAt = now;
    this.#triesFrom = now + (this.#searching ? SEARCH_AFTER_S : PLATEAU_S) * 1000;
    this.#credit = Math.min(this.#credit, 0);
    return 'cut';
  }

  #refill(now: number, rate: number): void {
    const most = Math.max(1, rate * SAVED_S);
    this.#credit = Math.min(most, this.#credit + ((now - this.#creditAt) / 1000) * rate);
    this.#creditAt = now;
  }
}

const CELL_MS = 20;
const CELLS = 400;
/** So many requests tell a rate well enough. */
const ENOUGH = 20;

interface Window {
  readonly sent: number;
  readonly pushedBack: number;
  /** Requests per second that came through; undefined where none did. */
  readonly through: number | undefined;
}

/** What was sent in the last eight seconds, and how much of it came back, counted by when it was sent. */
class Recent {
  readonly #sent = new Uint32Array(CELLS);
  readonly #pushedBack = new Float64Array(CELLS);
  #latest = 0;
  #since: number | undefined;

  sent(now: number): void {
    this.#since ??= now;
    this.#moveTo(now);
    this.#add(this.#sent, now, 1);
  }

  pushedBack(sentAt: number, weight: number): void {
    this.#add(this.#pushedBack, sentAt, weight);
  }

  /** What went from `notBefore` up to `end`, over as short a time as tells it well. */
  until(end: number, notBefore: number): Window {
    const earliest = Math.max(Math.floor(Math.max(notBefore, this.#since ?? 0) / CELL_MS), this.#latest - CELLS + 1);
    const last = Math.floor(end / CELL_MS);
    let sent = 0;
    let pushedBack = 0;
    let cell = last;
    // From the first that came back on, the provider gave all it has.
    let full: { readonly cell: number; readonly sent: number; readonly pushedBack: number } | undefined;
    for (; cell >= earliest && ((last - cell) * CELL_MS < SHORTEST_MS || sent < ENOUGH); cell -= 1) {
      sent += this.#sent[cell % CELLS] ?? 0;
      const back = this.#pushedBack[cell % CELLS] ?? 0;
      pushedBack += back;
      if (back > 0) full = { cell, sent, pushedBack };
    }
    const long = full && (last - full.cell) * CELL_MS >= SHORTEST_MS / 2 ? full : { cell: cell + 1, sent, pushedBack };
    const seconds = Math.max(SHORTEST_MS / 2, (last - long.cell + 1) * CELL_MS) / 1000;
    const through = sent > pushedBack ? (long.sent - long.pushedBack) / seconds : undefined;
    return { sent, pushedBack, through };
  }

  #add(counts: Uint32Array | Float64Array, at: number, amount: number): void {
    const cell = Math.floor(at / CELL_MS);
    if (cell > this.#latest - CELLS) counts[cell % CELLS] = (counts[cell % CELLS] ?? 0) + amount;
  }

  #moveTo(now: number): void {
    const cell = Math.floor(now / CELL_MS);
    for (let next = Math.max(this.#latest + 1, cell - CELLS + 1); next <= cell; next += 1) {
      this.#sent[next % CELLS] = this.#pushedBack[next % CELLS] = 0;
    }
    this.#latest = Math.max(this.#latest, cell);
  }
}
