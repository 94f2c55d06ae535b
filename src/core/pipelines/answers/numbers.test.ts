import assert from 'node:assert/strict';
import fc from 'fast-check';
import { finalNumber, numberOf, sameNumber } from './numbers';

describe('numbers in answers', function () {
  this.timeout(60_000);

  for (const [text, number] of [
    ['42', 42],
    [' 1,200 ', 1200],
    ['-3.5', -3.5],
    ['$40', 40],
    ['3/4', 0.75],
    ['.5', 0.5],
    ['1e3', 1000],
    ['forty-two', undefined],
    ['42 apples', undefined],
    ['', undefined],
  ] as const) {
    it(`reads “${text}” as ${String(number)}`, () => assert.equal(numberOf(text), number));
  }

  for (const [answer, number] of [
    ['He buys 3 and eats 2, so 1 is left.', 1],
    ['Step 1: 48/2 = 24. Step 2: 48 + 24 = 72.\n#### 72', 72],
    ['So \\boxed{1{,}5} is wrong and \\boxed{17} holds for all 20.', 17],
    ['The answer is 12 because 12 is 4 times 3.', 12],
    ['It costs **$1,250** in all', 1250],
    ['\\boxed{\\frac{3}{8}}', 0.375],
    ['In total −7 degrees', -7],
    ['There are none.', undefined],
  ] as const) {
    it(`finds ${String(number)} in “${answer.replaceAll('\n', ' ')}”`, () => assert.equal(finalNumber(answer), number));
  }

  it('finds any number that stands at the end, however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), (number, grouped) => {
        const written = grouped ? number.toLocaleString('en-US') : String(number);
        assert.equal(finalNumber(`First 5 and then 7 make ${written}.`), number);
      }),
    );
  });

  it('takes a number that rounds to the reference, and no other', () => {
    assert.ok(sameNumber(3.14159, 3.14));
    assert.ok(sameNumber(1 / 3, 0.333));
    assert.ok(!sameNumber(3.15, 3.14));
    assert.ok(!sameNumber(41, 42));
    assert.ok(!sameNumber(3.4, 3));
  });
});
