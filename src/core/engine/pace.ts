/** Seconds after a cut in which the pace is kept, before it is tried whether more is possible. */
const PLATEAU_S = 2;
/** Growth per second when trying begins; it doubles every second. */
const FIRST_GROWTH = 0.03;
/** After a cut, push-backs for so long belong to the same burst; then what came through tells the new pace. */
const BURST_S = 0.5;
const SLOWEST = 0.05;
/** Just below what came through, so that the provider's bucket recovers. */
const CUT = 0.98;
/** After the very first push-back little is known: the pace doubles this often until the second. */
const SEARCH_DOUBLING_S = 0.4;

/** A provider pushes a few requests back for reasons of its own; more than this share of them, and there are too many. */
const TOLERATED = 0.12;
/** "Overloaded" is mostly others' doing: it weighs so much of a "too many". */
const OVERLOADED_WEIGHT = 0.25;

/** "Too many" (429) or "overloaded" (503, 529). */
export type PushBack = 'rate_limited' | 'overloaded';

/**
 * How many requests a second a deployment takes, found out from what it pushes back. Free until it is "too many", that
 * is, a share of them; then a little under the rate that came through. That is held for a while, then exceeded more and
 * more boldly until the next time: close to a fixed capacity, and quick to follow one that halves or doubles.
 */
export class Pace {
  #rate: number | undefined;
  #searching = false;
  #cutAt: number;
  #credit = 1;
  #creditAt: number;
  /** Since the last cut. */
  #recent = new Recent();

  /** @param now milliseconds, `performance.now()`. */
  constructor(now: number, learned?: number) {
    this.#cutAt = this.#creditAt = now;
    this.#rate = learned;
  }

  /** Requests per second, if there is a limit. */
  rate(now: number): number | undefined {
    if (this.#rate === undefined) return undefined;
    const seconds = (now - this.#cutAt) / 1000;
    if (this.#searching) return this.#rate * 2 ** Math.min(20, Math.max(0, seconds - BURST_S) / SEARCH_DOUBLING_S);
    const trying = Math.min(20, seconds - PLATEAU_S);
    if (trying <= 0) return this.#rate;
    return this.#rate * Math.exp((FIRST_GROWTH / Math.LN2) * (2 ** trying - 1));
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
    if (rate !== undefined) this.#refill(now, rate);
    this.#credit -= 1;
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
      return;
    }
    const mean = (total + current) / (known.length + 1);
    this.#rate = Math.max(SLOWEST, ((this.#rate ?? mean) * (1 + mean / current)) / 2);
  }

  /** @returns what it is a sign of: `alone` of nothing yet, `burst` of too many, and the first of a burst makes a `cut`. */
  pushedBack(now: number, why: PushBack = 'rate_limited'): 'alone' | 'burst' | 'cut' {
    this.#recent.pushedBack(now, why === 'overloaded' ? OVERLOADED_WEIGHT : 1);
    const current = this.rate(now);
    if (current !== undefined && now - this.#cutAt < BURST_S * 1000) return 'burst';
    // While it still grows fast, only the last moment tells.
    const { sent, pushedBack, seconds } = this.#recent.last(now, this.#searching ? BURST_S / 2 : BURST_S);
    if (pushedBack <= 1 || pushedBack <= sent * TOLERATED) return 'alone';
    const through = sent > pushedBack ? (sent - pushedBack) / seconds : (current ?? 2) / 2;
    this.#searching = current === undefined;
    this.#rate = Math.max(SLOWEST, Math.min(current ?? Infinity, through) * CUT);
    this.#cutAt = now;
    this.#recent = new Recent();
    this.#credit = Math.min(this.#credit, 0);
    return 'cut';
  }

  /** A little may be saved up, so that a late timer costs nothing. */
  #refill(now: number, rate: number): void {
    const most = Math.max(1, rate * 0.005);
    this.#credit = Math.min(most, this.#credit + ((now - this.#creditAt) / 1000) * rate);
    this.#creditAt = now;
  }
}

const CELL_MS = 100;
const CELLS = 80;
/** So many requests tell a rate well enough. */
const ENOUGH = 20;

/** What was sent and pushed back in the last eight seconds, counted for every tenth of a second. */
class Recent {
  readonly #sent = new Uint32Array(CELLS);
  readonly #pushedBack = new Float64Array(CELLS);
  #latest = 0;
  #since: number | undefined;

  sent(now: number): void {
    this.#count(this.#sent, now, 1);
  }

  pushedBack(now: number, weight: number): void {
    this.#count(this.#pushedBack, now, weight);
  }

  /** Over as short a time as tells it well, at least `atLeast` seconds. */
  last(now: number, atLeast: number): { readonly sent: number; readonly pushedBack: number; readonly seconds: number } {
    this.#moveTo(now);
    const known = Math.min(CELLS, Math.ceil((now - (this.#since ?? now)) / CELL_MS));
    let sent = 0;
    let pushedBack = 0;
    let cells = 0;
    do {
      const cell = (this.#latest - cells + CELLS) % CELLS;
      sent += this.#sent[cell] ?? 0;
      pushedBack += this.#pushedBack[cell] ?? 0;
      cells += 1;
    } while (cells < known && ((cells - 1) * CELL_MS < atLeast * 1000 || sent < ENOUGH));
    const from = Math.max(this.#since ?? now, (this.#latest - cells + 1) * CELL_MS);
    return { sent, pushedBack, seconds: Math.max(atLeast, (now - from) / 1000) };
  }

  #count(counts: Uint32Array | Float64Array, now: number, weight: number): void {
    this.#since ??= now;
    this.#moveTo(now);
    const cell = this.#latest % CELLS;
    counts[cell] = (counts[cell] ?? 0) + weight;
  }

  #moveTo(now: number): void {
    const cell = Math.floor(now / CELL_MS);
    for (let next = Math.max(this.#latest + 1, cell - CELLS + 1); next <= cell; next += 1) {
      this.#sent[next % CELLS] = this.#pushedBack[next % CELLS] = 0;
    }
    this.#latest = Math.max(this.#latest, cell);
  }
}
