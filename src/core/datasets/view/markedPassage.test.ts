import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markedPassage } from './markedPassage';

describe('The evidence in its passage', () => {
  const marked = (text: string, quotes: readonly (readonly [number, string])[], start = 0) =>
    markedPassage(
      { start, text },
      quotes.map(([at, quote]) => ({ start: at, text: quote })),
    )
      .map((stretch) => (stretch.isQuoted ? `[${stretch.text}]` : stretch.text))
      .join('');

  it('is marked where the run says it stands, else where its words do, and not at all where they are not', () => {
    assert.equal(marked('one two one', [[108, 'one']], 100), 'one two [one]');
    assert.equal(marked('one two', [[7, 'two']]), 'one [two]');
    assert.equal(marked('one two', [[0, 'three']]), 'one two');
    assert.equal(marked('one two', [[0, '']]), 'one two');
  });

  it('may overlap', () => {
    assert.equal(
      marked('a b c d', [
        [2, 'b c'],
        [4, 'c d'],
        [2, 'b'],
      ]),
      'a [b][ c][ d]',
    );
  });

  it('never changes the passage', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    const quotes = fc.array(fc.record({ start: fc.integer({ min: 0, max: 15 }), text }), { maxLength: 4 });
    fc.assert(
      fc.property(text, quotes, fc.integer({ min: 0, max: 3 }), (passage, some, start) => {
        const stretches = markedPassage({ start, text: passage }, some);
        assert.equal(stretches.map((stretch) => stretch.text).join(''), passage);
        for (const quote of some) {
          if (quote.text !== '' && passage.includes(quote.text)) assert.ok(stretches.some(({ isQuoted }) => isQuoted));
        }
      }),
    );
  });
});
