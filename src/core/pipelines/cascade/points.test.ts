import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { builtInDomains } from '../../records/cascade';
import { builtInDomain } from './builtIn';
import { type Domain, parseDomain, pointCount } from './domain';
import { type Point, pointsOf } from './points';

describe('points of a cascade', () => {
  for (const name of builtInDomains) {
    it(`${name}: 10,000 points all differ, and every value comes up within 20 % of even`, async () => {
      const domain = parseDomain(await builtInDomain(name), name, 10_000);
      const points = first(pointsOf(domain, 42), 10_000);
      assert.equal(new Set(points.map((point) => JSON.stringify(point))).size, 10_000);
      for (const [axis, values] of Object.entries(domain.axes)) {
        assertEven(
          points.map((point) => point.values[axis] ?? ''),
          values,
        );
      }
      assertEven(
        points.map((point) => point.difficulty),
        ['easy', 'medium', 'hard'],
      );
    });
  }

  it('ships four domains of at least 6 axes with 12 values each', async () => {
    const files = await readdir(path.join(import.meta.dirname, 'domains'));
    assert.deepEqual(files.map((file) => path.parse(file).name).sort(), [...builtInDomains].sort());
    for (const name of builtInDomains) {
      const { axes, rubric, examples } = parseDomain(await builtInDomain(name), name, 10_000);
      assert.ok(Object.keys(axes).length >= 6, name);
      assert.ok(
        Object.values(axes).every((values) => values.length >= 12),
        name,
      );
      assert.ok(rubric.length >= 5 && rubric.length <= 8 && examples.length >= 2, name);
    }
  });

  it('never repeats a point, gives the same for the same seed, and comes to every point of a small space', () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 3, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 2 ** 31 }), (lengths, seed) => {
        const domain = domainOf(lengths);
        const all = pointCount(domain);
        const keys = first(pointsOf(domain, seed), all + 1).map((point) => JSON.stringify(point));
        assert.equal(new Set(keys).size, keys.length);
        assert.equal(keys.length, all);
        assert.deepEqual(
          first(pointsOf(domain, seed), all + 1).map((point) => JSON.stringify(point)),
          keys,
        );
      }),
      { numRuns: 40 },
    );
  });
});

function assertEven(drawn: readonly string[], values: readonly string[]): void {
  const even = drawn.length / values.length;
  const counts = new Map(values.map((value) => [value, 0]));
  for (const value of drawn) counts.set(value, (counts.get(value) ?? 0) + 1);
  assert.equal(counts.size, values.length);
  for (const [value, count] of counts) assert.ok(Math.abs(count - even) <= even * 0.2, `${value}: ${count} of ${even}`);
}

function first(points: Generator<Point>, count: number): Point[] {
  const taken: Point[] = [];
  for (const point of points) {
    taken.push(point);
    if (taken.length >= count) break;
  }
  return taken;
}

function domainOf(lengths: readonly number[]): Domain {
  return {
    name: 'small',
    title: 'small cases',
    description: 'Cases of few points.',
    axes: Object.fromEntries(
      lengths.map((length, axis) => [`axis_${axis}`, Array.from({ length }, (_, value) => `value ${axis}.${value}`)]),
    ),
    difficulty: { easy: 'easy ones', medium: 'medium ones', hard: 'hard ones' },
    rubric: ['It reasons.', 'It decides.'],
    examples: [],
  };
}
