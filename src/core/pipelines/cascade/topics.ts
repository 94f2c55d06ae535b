import { pointsOf } from './points';
import type { Domain } from './domain';

/** How many of the kept samples have each value of each axis. */
export type Topics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Counts the values of the samples' points. Samples come in order; their points are drawn anew, and are the same. */
export async function countTopics(domain: Domain, seed: number, indices: AsyncIterable<number>): Promise<Topics> {
  const topics: Record<string, Record<string, number>> = { difficulty: { easy: 0, medium: 0, hard: 0 } };
  for (const [axis, values] of Object.entries(domain.axes))
    topics[axis] = Object.fromEntries(values.map((value) => [value, 0]));
  const points = pointsOf(domain, seed);
  let next = 0;
  for await (const index of indices) {
    let point = points.next();
    for (next++; next <= index; next++) point = points.next();
    if (point.done) break;
    const { values, difficulty } = point.value;
    for (const [axis, value] of [...Object.entries(values), ['difficulty', difficulty] as const]) {
      const counts = topics[axis];
      if (counts) counts[value] = (counts[value] ?? 0) + 1;
    }
  }
  return topics;
}

/**
 * How far the rarest or commonest value is from an even share of its axis, as a part of that share. One row more or less
 * than even is even: rows cannot be cut. Null without rows.
 */
export function unevenness(topics: Topics): number | null {
  let worst: number | null = null;
  for (const counts of Object.values(topics)) {
    const values = Object.values(counts);
    const even = values.reduce((sum, count) => sum + count, 0) / values.length;
    if (!(even > 0)) continue;
    for (const count of values) worst = Math.max(worst ?? 0, (Math.abs(count - even) - 1) / even);
  }
  return worst === null ? null : Math.max(0, worst);
}
