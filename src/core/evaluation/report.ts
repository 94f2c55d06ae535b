import { seededRandom } from '../engine/random';
import type { CategoryReport, Evaluation, EvaluationRow, Side, Speed, SpeedRow } from '../records/evaluation';
import type { EvaluateOptions } from './evaluate';
import { mcnemarTest, verdictOf } from './mcnemar';
import { adjustedForMany, cohensH, lift, median, passRate } from './statistics';

/** The false discovery rate over categories. */
const falseDiscoveries = 0.1;

/** Tests by what became of them. */
class Tally {
  n = 0;
  base = 0;
  tuned = 0;
  gained = 0;
  lost = 0;
  readonly cut = { base: 0, tuned: 0 };

  add({ base, tuned }: EvaluationRow): void {
    this.n++;
    if (base.pass) this.base++;
    if (tuned.pass) this.tuned++;
    if (tuned.pass && !base.pass) this.gained++;
    if (base.pass && !tuned.pass) this.lost++;
    if (base.cut) this.cut.base++;
    if (tuned.cut) this.cut.tuned++;
  }
}

/** What the judged tests say, taken row by row. */
export class Comparison {
  readonly #all = new Tally();
  readonly #categories = new Map<string, Tally>();
  readonly #regressions: Evaluation['regressions'] = [];

  get n(): number {
    return this.#all.n;
  }

  add(row: EvaluationRow): void {
    this.#all.add(row);
    const category = this.#categories.get(row.category) ?? new Tally();
    category.add(row);
    this.#categories.set(row.category, category);
    const { cost_estimate: _, ...rest } = row;
    if (row.base.pass && !row.tuned.pass) this.#regressions.push(rest);
  }

  report(
    { base, tuned, judge, overlap, seed }: Pick<EvaluateOptions, 'base' | 'tuned' | 'judge' | 'overlap' | 'seed'>,
    leftOut: Evaluation['left_out'],
    speed: readonly SpeedRow[],
  ): Evaluation {
    const all = this.#all;
    const rates = { base: passRate(all.base, all.n), tuned: passRate(all.tuned, all.n) };
    const mcnemar = mcnemarTest(all.gained, all.lost);
    return {
      version: 1,
      models: { base: base.name, tuned: tuned.name },
      judge,
      n: all.n,
      ...rates,
      lift: lift(all, seededRandom(seed)),
      mcnemar,
      cohens_h: cohensH(rates.base.rate, rates.tuned.rate),
      verdict: verdictOf(mcnemar, mcnemar.p_value),
      categories: this.#byCategory(),
      regressions: this.#regressions,
      left_out: leftOut,
      cut: all.cut,
      overlap,
      ...(speed.length > 0 && { speed: { base: speedOf(speed, 'base'), tuned: speedOf(speed, 'tuned') } }),
    };
  }

  /** The largest first; none where no test names one. */
  #byCategory(): CategoryReport[] {
    const named = [...this.#categories].sort(([, a], [, b]) => b.n - a.n);
    if (named.every(([category]) => category === '')) return [];
    const tests = named.map(([, { gained, lost }]) => mcnemarTest(gained, lost));
    const adjusted = adjustedForMany(tests.map(({ p_value }) => p_value));
    return named.flatMap(([category, { n, base, tuned, gained, lost }], at) => {
      const mcnemar = tests[at];
      const p = adjusted[at];
      if (mcnemar === undefined || p === undefined) return [];
      return [
        {
          category,
          n,
          base: passRate(base, n),
          tuned: passRate(tuned, n),
          lift: (gained - lost) / n,
          mcnemar,
          adjusted_p: p,
          verdict: verdictOf(mcnemar, p, falseDiscoveries),
        },
      ];
    });
  }
}

function speedOf(rows: readonly SpeedRow[], side: Side): Speed {
  const own = rows.filter(({ model }) => model === side);
  const firsts = own.flatMap(({ first_token_ms: ms }) => (ms === null ? [] : [ms]));
  const paces = own.map(({ output_tokens: tokens, total_ms: ms }) => tokens / (ms / 1000));
  return { prompts: own.length, first_token_ms: median(firsts), tokens_per_second: median(paces) };
}
