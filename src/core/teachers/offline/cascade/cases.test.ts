import assert from 'node:assert/strict';
import { NearIndex } from '../../../datasets/near';
import { builtInDomain } from '../../../pipelines/cascade/builtIn';
import { type Domain, parseDomain } from '../../../pipelines/cascade/domain';
import { type Point, pointsOf } from '../../../pipelines/cascade/points';
import { formattedEnvelope } from '../../../records/cascade';
import { checkCase, formatCase, lore, tellCase } from './cases';

async function domainOf(name: string): Promise<Domain> {
  return parseDomain(await builtInDomain(name), name);
}

function points(domain: Domain, count: number): Point[] {
  const drawn: Point[] = [];
  for (const point of pointsOf(domain, 42)) if (drawn.push(point) >= count) break;
  return drawn;
}

describe('cases of the offline teacher', function () {
  this.timeout(60_000);

  for (const domain of Object.keys(lore)) {
    it(`knows every contradiction and every constraint of ${domain}, and nothing beyond it`, async () => {
      const { axes } = await domainOf(domain);
      assert.deepEqual(
        Object.keys(lore[domain]?.conflicts ?? {}).sort(),
        [...(axes['conflicting_evidence'] ?? [])].sort(),
      );
      assert.deepEqual(
        Object.keys(lore[domain]?.constraints ?? {}).sort(),
        [...(axes['decision_constraint'] ?? [])].sort(),
      );
    });

    it(`tells cases of ${domain} that hang together: three readings, a reasoned choice, an open question`, async () => {
      const near = new NearIndex<number>({ threshold: 0.8 });
      let twins = 0;
      for (const { values, difficulty } of points(await domainOf(domain), 300)) {
        const trace = tellCase({ kind: 'cascade.raw', domain, values, difficulty });
        const row = formattedEnvelope.parse(formatCase({ kind: 'cascade.format', trace, difficulty }));
        const { instruction, reasoning_chain, trinary_logic } = row;
        assert.ok(
          checkCase({ kind: 'cascade.golden', instruction, reasoning_chain, trinary_logic }).approved,
          instruction,
        );
        const said = [trace, JSON.stringify(row)].join();
        assert.doesNotMatch(said, /undefined|\bNaN\b|\.\.|\s{2} |[“”]|,\.|\ba [aei]/, said);
        for (const text of [instruction, reasoning_chain, ...Object.values(trinary_logic)])
          assert.match(text.trim(), /^[A-Z][\s\S]*[.?]$/, text);
        if (near.add(instruction, 0)) twins++;
      }
      assert.ok(twins <= 3, `${twins} of 300 are near-duplicates`);
    });
  }

  it('tells the same case at the same point', async () => {
    const [point] = points(await domainOf('legal'), 1);
    assert.ok(point);
    const task = { kind: 'cascade.raw', domain: 'legal', ...point } as const;
    assert.equal(tellCase(task), tellCase(task));
  });

  it('refuses a domain that it knows nothing of, with what to do', () => {
    assert.throws(
      () => tellCase({ kind: 'cascade.raw', domain: 'veterinary', values: {}, difficulty: 'easy' }),
      /no cases for the domain “veterinary”: it knows medical, legal, scientific, financial.*--teacher/,
    );
  });

  it('rejects rows whose form does not hold', async () => {
    const [point] = points(await domainOf('medical'), 1);
    assert.ok(point);
    const trace = tellCase({ kind: 'cascade.raw', domain: 'medical', ...point });
    const { instruction, reasoning_chain, trinary_logic } = formatCase({
      kind: 'cascade.format',
      trace,
      difficulty: 'easy',
    });
    const good = { kind: 'cascade.golden', instruction, reasoning_chain, trinary_logic } as const;
    const bad = [
      { ...good, trinary_logic: { ...trinary_logic, premise_b: trinary_logic.premise_a } },
      { ...good, trinary_logic: { ...trinary_logic, premise_c: 'Neither.' } },
      { ...good, trinary_logic: { ...trinary_logic, resolution: 'Wait and see.' } },
      { ...good, trinary_logic: { ...trinary_logic, resolution: 'Act on premise_a.' } },
      { ...good, reasoning_chain: 'It is clear.' },
      { ...good, instruction: 'A case without a question.' },
    ];
    assert.ok(checkCase(good).approved);
    for (const one of bad) assert.ok(!checkCase(one).approved, JSON.stringify(one));
  });
});
