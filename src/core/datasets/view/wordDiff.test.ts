import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wordDiff } from './wordDiff';

describe('The difference of two texts', () => {
  it('gives both texts back', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'the pump', ' ', '\n', 'é', '40 bar', '.'), { maxLength: 40 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [before, after] = [left.join(''), right.join('')];
        const parts = wordDiff(before, after) ?? [];
        const side = (without: string) =>
          parts
            .filter(({ kind }) => kind !== without)
            .map((part) => part.text)
            .join('');
        assert.equal(side('added'), before);
        assert.equal(side('removed'), after);
      }),
      { numRuns: 500 },
    );
  });

  it('names the one word that changed', () => {
    assert.deepEqual(wordDiff('It holds 40 bar.', 'It holds 41 bar.'), [
      { kind: 'same', text: 'It holds ' },
      { kind: 'removed', text: '40' },
      { kind: 'added', text: '41' },
      { kind: 'same', text: ' bar.' },
    ]);
  });

  it('gives up on texts that have nothing in common', () => {
    const words = (letter: string) => Array.from({ length: 3000 }, (_, at) => `${letter}${at}`).join(' ');
    assert.equal(wordDiff(words('a'), words('b')), undefined);
  });
});
