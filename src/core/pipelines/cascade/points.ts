import { createHash } from 'node:crypto';
import type { Difficulty } from '../../records/envelopes';
import type { Domain } from './domain';

/** Where a sample stands: one value on every axis, and a difficulty. */
export interface Point {
  readonly values: Readonly<Record<string, string>>;
  readonly difficulty: Difficulty;
}

const difficulties: readonly Difficulty[] = ['easy', 'medium', 'hard'];
/** How often a point that was had before is drawn anew. Points are plenty: once or twice is enough. */
const mostRedraws = 1000;

/**
 * The points of a run, all different, until there are no more. Every axis goes through a fresh seeded shuffle of its values again
 * and again (a Latin hypercube), so that over any stretch each value comes up evenly.
 */
export function* pointsOf(domain: Domain, seed: number): Generator<Point> {
  const axes = Object.entries(domain.axes).map(([name, values]) => ({ name, deck: new Deck(values, seed, name) }));
  const difficulty = new Deck(difficulties, seed, 'difficulty');
  const had = new Set<string>();
  for (;;) {
    let point = draw();
    for (let k = 0; had.has(keyOf(point)) && k < mostRedraws; k++) {
      // The axes are redrawn by trading a card with one still in the deck: evenness is kept.
      for (const { deck } of axes) deck.tradeLast();
      point = current();
    }
    if (had.has(keyOf(point))) break;
    had.add(keyOf(point));
    yield point;
  }
  // The space is almost used up, and chance finds the last points no more: they are listed.
  for (const point of everyPoint(Object.entries(domain.axes))) if (!had.has(keyOf(point))) yield point;

  function draw(): Point {
    for (const { deck } of axes) deck.next();
    difficulty.next();
    return current();
  }

  function current(): Point {
    return {
      values: Object.fromEntries(axes.map(({ name, deck }) => [name, deck.last])),
      difficulty: difficulty.last,
    };
  }
}

function* everyPoint(
  axes: readonly (readonly [string, readonly string[]])[],
  values: Readonly<Record<string, string>> = {},
): Generator<Point> {
  const [axis, ...rest] = axes;
  if (axis === undefined) for (const difficulty of difficulties) yield { values, difficulty };
  else for (const value of axis[1]) yield* everyPoint(rest, { ...values, [axis[0]]: value });
}

function keyOf({ values, difficulty }: Point): string {
  return JSON.stringify([difficulty, ...Object.values(values)]);
}

/** Values in shuffled rounds: each comes up once a round. */
class Deck<T> {
  #left: T[] = [];
  #last: T;
  #state: number;

  constructor(
    private readonly values: readonly T[],
    seed: number,
    name: string,
  ) {
    const [first] = values;
    if (first === undefined) throw new RangeError(`The axis ${name} has no values.`);
    this.#last = first;
    this.#state = createHash('sha256').update(`${seed}:${name}`).digest().readUInt32LE();
  }

  get last(): T {
    return this.#last;
  }

  next(): void {
    if (this.#left.length === 0) this.#left = this.#shuffled();
    const card = this.#left.pop();
    if (card !== undefined) this.#last = card;
  }

  /** Puts the last card back into this round and takes another one of it; at a round's end there is none to trade for. */
  tradeLast(): void {
    if (this.#left.length === 0) return;
    const at = this.#below(this.#left.length);
    const card = this.#left[at];
    if (card === undefined) return;
    this.#left[at] = this.#last;
    this.#last = card;
  }

  #shuffled(): T[] {
    const cards = [...this.values];
    for (let k = cards.length - 1; k > 0; k--) {
      const other = this.#below(k + 1);
      const [a, b] = [cards[k], cards[other]];
      if (a !== undefined && b !== undefined) [cards[k], cards[other]] = [b, a];
    }
    return cards;
  }

  /** xorshift32 */
  #below(limit: number): number {
    let x = this.#state || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}
