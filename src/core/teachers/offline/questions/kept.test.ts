import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generatePairs } from '../generate';
import { loadTagger, type Tagger } from '../language/tagger';

describe('A question and its answer keep what the sentence says', () => {
  let tagger: Tagger;
  before(async () => {
    tagger = await loadTagger();
  });
  const rows = (passage: string) =>
    generatePairs({ kind: 'distill.generate', passage, section: [], questions: 5 }, tagger).map(
      ({ question, answer }) => `${question} ${answer}`,
    );

  /** What must be in the question or the answer of whatever is asked about the sentence. */
  const bounds: readonly (readonly [string, RegExp])[] = [
    ['Bakers use yeast because it makes gas unless the dough is sour.', /unless/u],
    ['The Kaldvik Railway closes at 69 kilometres an hour of wind only when trains are empty.', /only/u],
    ['Chlorine destroys polyamide at 40 °C if the water is sour.', /if the water is sour/u],
    ['Anna Berg rarely used yeast because it made gas.', /rarely/u],
    ['Edmund Carrick never sold the Moisie map because it was wrong.', /never/u],
    ['Without salt, bakers use yeast because it makes gas.', /without salt/iu],
  ];
  for (const [sentence, bound] of bounds) {
    it(sentence, () => {
      for (const row of rows(sentence)) assert.match(row, bound);
    });
  }

  it('and without those bounds the same sentences are asked about', () => {
    assert.deepEqual(rows('Bakers use yeast because it makes gas.'), ['Why do bakers use yeast? because it makes gas']);
    assert.ok(rows('Edmund Carrick sold the Moisie map because it was wrong.').length > 0);
    assert.ok(rows('The Cork crossing takes ten minutes.').length > 0);
    assert.ok(rows('The hall in Cork holds 120 people.').length > 0);
    assert.ok(rows('Ann Fraser built the Kessock hall in 1825.').length > 0);
  });

  it('a second statement is not caught in the question', () => {
    for (const row of rows('The Cork crossing takes ten minutes and costs less than a coffee.'))
      assert.doesNotMatch(row, /take.*and cost/u);
  });

  it('a list is answered whole', () => {
    for (const row of rows('The strainer of the pump catches weed, jellyfish and shells.'))
      if (row.startsWith('What does')) assert.match(row, /weed, jellyfish and shells$/u);
  });

  it('several figures for several cases are not asked for as one', () => {
    assert.deepEqual(rows('The hall in Cork holds 120 people standing or 80 people seated at tables.'), []);
    assert.ok(
      !rows('The maker guarantees the Alder pump for two years and the seal for one year.').some((row) =>
        row.endsWith('one year'),
      ),
    );
  });

  it('two names joined by "and" are not cut', () => {
    for (const row of rows('The Ashby oven was built in 1902 by Werner and Pfleiderer.'))
      assert.doesNotMatch(row, /by Werner\?|Werner$/u);
  });

  it('what is left out stands after a comma and takes nothing back', () => {
    const asides = fc.constantFrom('', ', a quiet place', ', which has a park', ', north of the river');
    const limits = fc.constantFrom('', ', unless it rained', ', but not the tower', ', except the roof');
    fc.assert(
      fc.property(asides, limits, fc.integer({ min: 1500, max: 1990 }), (aside, limit, year) => {
        for (const row of rows(`Ann Fraser built the Kessock hall in ${year}${aside}${limit}.`)) {
          assert.ok(limit === '' || row.includes(limit.slice(2).split(' ')[0] ?? ''), row);
        }
      }),
      { numRuns: 40 },
    );
  });
});
