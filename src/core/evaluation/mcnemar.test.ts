import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chiSquareTail, mcnemarTest, verdictOf } from './mcnemar';

const count = fc.integer({ min: 0, max: 2000 });
const close = (value: number, reference: number) =>
  assert.ok(Math.abs(value - reference) <= 1e-12 * Math.abs(reference), `${value} instead of ${reference}`);

describe('McNemar’s test', () => {
  it('gives the test vector of the spec', () => {
    const { method, statistic, p_value } = mcnemarTest(57, 2);
    assert.equal(method, 'chi_square_corrected');
    assert.equal(statistic.toFixed(4), '49.4237');
    assert.equal(p_value.toExponential(2), '2.06e-12');
  });

  // scipy 1.17.1: stats.binomtest(min(b, c), b + c).pvalue, stats.chi2.sf((|b - c| - 1)² / (b + c), 1).
  for (const [gained, lost, p] of [
    [8, 1, 0.0390625],
    [3, 3, 1],
    [10, 0, 0.001953125],
    [0, 10, 0.001953125],
    [12, 13, 1],
    [20, 5, 0.005110260660855866],
    [24, 1, 1.0825087815407719e-5],
    [57, 2, 2.0623593774682243e-12],
    [40, 25, 0.08247788747320971],
    [200, 150, 0.008814654904213312],
    [500, 0, 2.5864047605786908e-110],
  ] as const) {
    it(`agrees with scipy on ${gained} gained, ${lost} lost`, () => close(mcnemarTest(gained, lost).p_value, p));
  }

  it('has the tail of chi-square, near and far', () => {
    // scipy.stats.chi2.sf(x, 1)
    for (const [x, p] of [
      [0.1, 0.7518296340458492],
      [0.5, 0.47950012218695337],
      [1, 0.31731050786291115],
      [3, 0.08326451666355042],
      [8, 0.004677734981047276],
      [20, 7.744216431044088e-6],
      [30, 4.3204630578274955e-8],
    ] as const)
      close(chiSquareTail(x), p);
    assert.equal(chiSquareTail(0), 1);
  });

  it('is exact below 25 tests that tell the models apart, and a probability always', () => {
    fc.assert(
      fc.property(count, count, (gained, lost) => {
        const { method, p_value } = mcnemarTest(gained, lost);
        assert.equal(method === 'exact_binomial', gained + lost < 25);
        assert.ok(p_value >= 0 && p_value <= 1);
      }),
    );
  });

  it('knows no sides: only the verdict does, and a worse model never passes', () => {
    fc.assert(
      fc.property(count, count, (gained, lost) => {
        const [one, other] = [mcnemarTest(gained, lost), mcnemarTest(lost, gained)];
        assert.equal(one.p_value, other.p_value);
        const opposite = { better: 'worse', worse: 'better', no_difference_shown: 'no_difference_shown' } as const;
        assert.equal(opposite[verdictOf(one, one.p_value)], verdictOf(other, other.p_value));
        if (gained <= lost) assert.notEqual(verdictOf(one, one.p_value), 'better');
      }),
    );
  });
});
