import assert from 'node:assert/strict';
import { faultOf } from './checks';

const failure = {
  category: 'math',
  instruction: 'Six boxes hold 7 pens each. How many pens?',
  reference: '42',
  previous: 'There are 13 pens.',
};
const good = 'Each of the six boxes holds 7 pens, so there are 6 × 7 = 42 pens.\n#### 42';

describe('the free checks of an improved answer', () => {
  it('let a good answer through', () => assert.equal(faultOf(good, failure, true), undefined));

  for (const giveaway of [
    'The student’s mistake was to add.',
    "The student's answer adds where it should multiply.",
    'The previous answer added the numbers.',
    'The reference answer is 42.',
    'As stated in the reference, it is 42.',
    'The mistake was adding 6 and 7.',
    'The error in the solution above is the sign.',
    'Unlike the incorrect answer, we multiply.',
    'Here is the improved answer: 42',
    "Sure! Here's a corrected version: 42",
    'The model’s reasoning went wrong.',
    'The expected answer is given as 42.',
  ]) {
    it(`refuse “${giveaway}”`, () => {
      assert.equal(faultOf(`${giveaway} 42`, failure, true)?.code, 'mentions_its_making');
    });
  }

  it('let an answer speak of what its instruction speaks of', () => {
    const about = { ...failure, instruction: 'A student got 13. What was the student’s mistake?', category: 'default' };
    assert.equal(faultOf('The student’s mistake was to add instead of multiplying.', about, false), undefined);
  });
  it('let ordinary words through', () => {
    for (const text of [
      'A common mistake is to forget the sign; check it.',
      'The answer is 42.',
      'Students learn this early.',
      'The correct answer depends on the country.',
      'For reference, a kilometre is 1000 metres.',
      'The error term vanishes.',
      'The model predicts rain.',
    ])
      assert.equal(faultOf(text, failure, false), undefined, text);
  });
  it('compare the final number with that of the reference', () => {
    assert.equal(faultOf('So there are 6 × 7 = 41 pens.', failure, true)?.code, 'wrong_number');
    assert.equal(faultOf('So there are many.', failure, true)?.code, 'wrong_number');
    assert.equal(faultOf('So there are many.', failure, false), undefined);
    assert.equal(faultOf('So it is 1,250.0', { ...failure, reference: 'x = 5, so #### 1250' }, true), undefined);
  });
  it('refuse the answer that failed', () => {
    assert.equal(faultOf(' there are 13  pens.', failure, false)?.code, 'same_as_before');
  });
});
