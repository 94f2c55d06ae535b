/** How fast verdicts are given: over the last minutes, without the pauses before the first of them. */
export class ReviewPace {
  private readonly given: { readonly at: number; readonly rows: number }[] = [];

  constructor(private readonly now: () => number = () => Date.now()) {}

  add(rows: number): void {
    this.given.push({ at: this.now(), rows });
  }

  /** Rows a minute, or undefined while there are too few to say. */
  perMinute(): number | undefined {
    const recent = this.given.filter(({ at }) => this.now() - at < WINDOW_MS);
    const first = recent[0];
    if (!first || recent.length < 3) return undefined;
    const rows = recent.slice(1).reduce((sum, verdict) => sum + verdict.rows, 0);
    return Math.round((rows * 60_000) / Math.max(1000, this.now() - first.at));
  }
}

const WINDOW_MS = 3 * 60_000;
