import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editableTexts, editOf } from './editableTexts';
import { trimValue } from './trim';

describe('Editing the texts of a row', () => {
  it('leaves out a text of which only the beginning is at hand', () => {
    const row = { question: 'Why?', answer: 'x'.repeat(100_001), reasoning: 'So.' };
    const { value, cuts } = trimValue(row);
    const { texts, cut } = editableTexts(value, cuts);
    assert.deepEqual(
      texts.map(({ name }) => name),
      ['question', 'reasoning'],
    );
    assert.equal(cut, 1);
  });

  it('offers the turns of a conversation of which later turns were left out', () => {
    const messages = Array.from({ length: 1_200 }, (_, at) => ({ role: 'user', content: `Turn ${at}` }));
    const { value, cuts } = trimValue({ messages });
    assert.deepEqual(cuts.length, 1);
    assert.equal(editableTexts(value, cuts).texts.length, 1_000);
    assert.equal(editableTexts(value, cuts).cut, 0);
  });

  it('sees no edit in a text that only passed through a field of the page', () => {
    const line = fc.stringMatching(/^[a-z ]{0,5}$/);
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '')))
      .map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(text, (own) => {
        assert.equal(editOf({ path: ['answer'], text: own }, own.replace(/\r\n?/gu, '\n')), undefined);
      }),
    );
  });

  it('keeps the line ends of the row in what was typed', () => {
    const path = ['answer'];
    assert.deepEqual(editOf({ path, text: 'one\r\ntwo' }, 'one\nthree\nfour'), { path, text: 'one\r\nthree\r\nfour' });
    assert.deepEqual(editOf({ path, text: 'one' }, 'one\ntwo'), { path, text: 'one\ntwo' });
  });
});
