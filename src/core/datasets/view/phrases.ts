import { isObject } from './fields';

export interface Phrase {
  readonly text: string;
  /** Rows in which it stands, of those that were looked at. */
  readonly rows: number;
}

/** Words of a phrase: two are chance, four are rarely the same. */
const WORDS = 3;
/** Phrases that are remembered at once. */
const MOST_KNOWN = 100_000;
const SHOWN = 20;
/** Words with one blank between them: what a search for the phrase finds again. */
const RUN = /\p{L}[\p{L}\p{M}\p{N}'’-]*(?: \p{L}[\p{L}\p{M}\p{N}'’-]*)+/gu;

/**
 * The phrases that most rows share, by lossy counting: whenever too many are known, those seen least are forgotten, so
 * that memory stays flat. What stands at the end was never forgotten, or is a few rows short.
 */
export class Phrases {
  private counts = new Map<string, number>();
  /** A phrase that was forgotten had at most so many rows. */
  private forgotten = 0;

  add(row: unknown): void {
    const own = new Set<string>();
    for (const text of textsOf(row)) {
      for (const [run] of text.toLowerCase().matchAll(RUN)) {
        const words = run.split(' ');
        for (let at = 0; at + WORDS <= words.length; at++) own.add(words.slice(at, at + WORDS).join(' '));
      }
    }
    for (const phrase of own) this.counts.set(phrase, (this.counts.get(phrase) ?? 0) + 1);
    while (this.counts.size > MOST_KNOWN) this.forget();
  }

  /** The most frequent ones; a phrase of one row is none. */
  result(): Phrase[] {
    return [...this.counts]
      .map(([text, rows]) => ({ text, rows }))
      .filter(({ rows }) => rows > Math.max(1, this.forgotten))
      .sort((a, b) => b.rows - a.rows)
      .slice(0, SHOWN);
  }

  private forget(): void {
    this.forgotten++;
    this.counts = new Map([...this.counts].filter(([, rows]) => rows > this.forgotten));
  }
}

/** All texts among the values of a row. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (isObject(value)) for (const item of Object.values(value)) yield* textsOf(item);
}
