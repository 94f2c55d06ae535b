import assert from 'node:assert/strict';
import { builtInDomain } from './builtIn';
import { parseDomain } from './domain';
import { type Point, pointsOf } from './points';
import { countTopics, unevenness } from './topics';

async function* list(indices: readonly number[]) {
  await Promise.resolve();
  yield* indices;
}

describe('the topics of a cascade', function () {
  this.timeout(60_000);

  it('are those of the points of the rows that were kept', async () => {
    const domain = parseDomain(await builtInDomain('legal'), 'legal.yaml');
    const kept = [0, 1, 4, 5, 9, 40];
    const topics = await countTopics(domain, 7, list(kept));
    const points: Point[] = [];
    for (const point of pointsOf(domain, 7)) if (points.push(point) > 40) break;
    for (const [axis, values] of Object.entries(domain.axes))
      for (const value of values)
        assert.equal(topics[axis]?.[value], kept.filter((index) => points[index]?.values[axis] === value).length);
    assert.equal(
      Object.values(topics['difficulty'] ?? {}).reduce((a, b) => a + b),
      kept.length,
    );
  });
  it('are even over a whole run, and uneven when one is missing', async () => {
    const domain = parseDomain(await builtInDomain('medical'), 'medical.yaml');
    const all = await countTopics(domain, 42, list(Array.from({ length: 2000 }, (_, k) => k)));
    assert.ok((unevenness(all) ?? 1) <= 0.02);
    assert.ok((unevenness({ axis: { a: 50, b: 50, c: 20 } }) ?? 0) > 0.2);
    assert.equal(unevenness({ axis: { a: 1, b: 0 } }), 0, 'one row cannot be shared out');
    assert.equal(unevenness({ axis: { a: 0 } }), null);
  });
});
