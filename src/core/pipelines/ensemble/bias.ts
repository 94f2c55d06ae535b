import type { EnsembleRow, JudgeBiasRow } from '../../records/ensemble';
import { letterOf } from '../prompts/ensemble';
import { mean, rounded } from './scores';

type Kind = JudgeBiasRow['kind'];

/**
 * How each judge scores by the place of an answer and by its teacher. A judge never sees its own answer, so it can favour
 * itself only by being harsh with all others: that is `all` below 0.
 */
export class JudgeBias {
  readonly #judges = new Map<string, Record<Kind, Map<string, Sums>>>();

  add({ completions }: Pick<EnsembleRow, 'completions'>): void {
    for (const [teacher, { critiques }] of Object.entries(completions)) {
      for (const critique of critiques) {
        const { by, score, position } = critique;
        const others = mean(critiques.flatMap((other) => (other === critique ? [] : [other.score])));
        const difference = others === null ? undefined : score - others;
        this.#of(by, 'all', '').add(score, difference);
        this.#of(by, 'teacher', teacher).add(score, difference);
        // The order is drawn by lot, so that what stands at a place is no better than the rest.
        this.#of(by, 'position', letterOf(position)).add(score, score);
      }
    }
  }

  /** By judge, kind and name. */
  rows(): JudgeBiasRow[] {
    return [...this.#judges].sort(byName).flatMap(([judge, { all, position, teacher }]) => {
      const whole = all.get('') ?? new Sums();
      const severity = whole.bias;
      const row = (kind: Kind, of: string, sums: Sums, against: number | null): JudgeBiasRow => ({
        judge,
        kind,
        of,
        scores: sums.count,
        mean: rounded(sums.mean),
        bias: sums.bias === null || against === null ? null : rounded(sums.bias - against),
        standard_error: sums.standardError,
      });
      return [
        row('all', '', whole, 0),
        ...[...position].sort(byName).map(([letter, sums]) => row('position', letter, sums, whole.mean)),
        ...[...teacher].sort(byName).map(([name, sums]) => row('teacher', name, sums, severity)),
      ];
    });
  }

  #of(judge: string, kind: Kind, of: string): Sums {
    let kinds = this.#judges.get(judge);
    if (!kinds) this.#judges.set(judge, (kinds = { position: new Map(), teacher: new Map(), all: new Map() }));
    let sums = kinds[kind].get(of);
    if (!sums) kinds[kind].set(of, (sums = new Sums()));
    return sums;
  }
}

/** From which mean, bias and standard error come. */
class Sums {
  count = 0;
  #scores = 0;
  #compared = 0;
  #differences = 0;
  #squares = 0;

  /** @param difference from what the score is compared with; undefined when there is nothing. */
  add(score: number, difference: number | undefined): void {
    this.count++;
    this.#scores += score;
    if (difference === undefined) return;
    this.#compared++;
    this.#differences += difference;
    this.#squares += difference * difference;
  }

  get mean(): number {
    return this.#scores / this.count;
  }

  get bias(): number | null {
    return this.#compared === 0 ? null : this.#differences / this.#compared;
  }

  get standardError(): number | null {
    const [n, { bias }] = [this.#compared, this];
    if (bias === null || n < 2) return null;
    return rounded(Math.sqrt(Math.max(0, this.#squares - n * bias * bias) / (n - 1) / n));
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/**
 * The largest favour of a place in the list that is not noise (two standard errors are taken off); null when nobody was
 * shown two places.
 */
export function positionBias(rows: readonly JudgeBiasRow[]): number | null {
  const places = rows.filter(({ kind, of }) => kind === 'position' && of !== '');
  if (!places.some(({ of }) => of === 'B')) return null;
  return Math.max(0, ...places.map(({ bias, standard_error }) => Math.abs(bias ?? 0) - 2 * (standard_error ?? 1)));
}
