import assert from 'node:assert/strict';
import { Phrases } from './phrases';

describe('Frequent phrases', () => {
  it('are three words in a row, counted once for each row that has them, wherever in it', () => {
    const phrases = new Phrases();
    phrases.add({ q: 'According to the handbook, the pump', a: ['according to the book; according to the book'] });
    phrases.add({ messages: [{ content: 'Not according to the rules.' }] });
    phrases.add('Nothing of it, to the end.');
    assert.deepEqual(phrases.result(), [{ text: 'according to the', rows: 2 }]);
  });

  it('join only what a search would find: no line end, comma or number between the words', () => {
    const phrases = new Phrases();
    for (let row = 0; row < 2; row++) phrases.add('one, two three four\nfive six  seven eight nine 10 ten eleven');
    assert.deepEqual(
      phrases.result().map(({ text }) => text),
      ['two three four', 'seven eight nine'],
    );
  });

  it('are found among more than are remembered', () => {
    const phrases = new Phrases();
    const word = (number: number) => Array.from(String(number), (digit) => 'abcdefghij'.charAt(Number(digit))).join('');
    for (let row = 0; row < 15_000; row++) {
      const own = Array.from({ length: 8 }, (_, at) => word(row * 8 + at)).join(' ');
      phrases.add(row % 10 === 0 ? `${own} what is said` : own);
    }
    const [first] = phrases.result();
    assert.equal(first?.text, 'what is said');
    assert.ok(first.rows > 1_450 && first.rows <= 1_500, `${first.rows} of 1500`);
  });
});
