import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NearIndex, similarity } from './near';
import { bandShape } from './near-bands';

const VOCABULARY = Array.from({ length: 5000 }, (_, index) => `w${(index * 7919).toString(36)}`);

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Frequent words are frequent, as in language. */
function text(random: () => number, words: number): string[] {
  return Array.from({ length: words }, () => VOCABULARY[Math.floor(random() ** 3 * VOCABULARY.length)] ?? '');
}

describe('near-duplicates', () => {
  it('are the same text in other clothes', () => {
    const index = new NearIndex<string>();
    assert.equal(index.add('The pump holds 40 bar.', 'a'), undefined);
    assert.deepEqual(index.add('the  PUMP holds ４０ bar', 'b'), { key: 'a', similarity: 1 });
    assert.equal(index.add('The valve is closed at night.', 'c'), undefined);
    assert.equal(index.size, 2);
  });

  it('are not the same words in another order', () => {
    assert.ok(similarity('what is 3 minus 5', 'what is 5 minus 3') < 0.8);
    assert.ok(similarity('dog bites man', 'man bites dog') < 0.8);
  });

  it('are found in scripts without spaces', () => {
    const index = new NearIndex<number>();
    index.add('蒸留は混合物を成分に分ける方法である', 1);
    assert.equal(index.add('蒸留は、混合物を成分に分ける方法である。', 2)?.key, 1);
  });

  it('have a similarity that is symmetric, 1 for equal texts and never above', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [first, second] = [a.join(' '), b.join(' ')];
        assert.equal(similarity(first, second), similarity(second, first));
        assert.equal(similarity(first, first), 1);
        assert.ok(similarity(first, second) <= 1);
      }),
    );
  });

  it('are found at a recall of 0.95 and a precision of 1, as an exact comparison of all pairs sees them', () => {
    const random = generator(7);
    const rows: string[] = [];
    for (let row = 0; row < 360; row++) {
      const words = row % 3 === 2 ? (rows[Math.floor(random() * rows.length)] ?? '').split(' ') : text(random, 40);
      if (row % 3 === 2)
        for (let edit = 0; edit < random() * 5; edit++) words[Math.floor(random() * 40)] = text(random, 1)[0] ?? '';
      rows.push(words.join(' '));
    }
    const known = new Map<number, number>();
    const exact = (a: number, b: number) => {
      const key = a * rows.length + b;
      const value = known.get(key) ?? similarity(rows[a] ?? '', rows[b] ?? '');
      known.set(key, value);
      return value;
    };
    for (const threshold of [0.7, 0.8, 0.9]) {
      const index = new NearIndex<number>({ threshold });
      const found = new Set<string>();
      for (const [row, words] of rows.entries()) {
        index.link(words, row, Infinity, (other, similar) => {
          assert.equal(similar, similarity(words, rows[other] ?? ''));
          found.add(`${other},${row}`);
        });
      }
      let expected = 0;
      let missed = 0;
      for (let a = 0; a < rows.length; a++) {
        for (let b = a + 1; b < rows.length; b++) {
          if (b % 3 !== 2 || exact(a, b) < threshold) continue;
          expected++;
          if (!found.has(`${a},${b}`)) missed++;
        }
      }
      assert.ok(expected > 15 && missed / expected <= 0.05, `${threshold}: ${missed} of ${expected} missed`);
    }
  });

  it('come out the same at every run, and the earliest of equals is named', () => {
    const random = generator(3);
    const rows = Array.from({ length: 300 }, () => text(random, 6 + Math.floor(random() * 3)).join(' '));
    const run = () => {
      const index = new NearIndex<number>({ threshold: 0.5, seed: 9 });
      return [...rows, ...rows].map((row, id) => index.add(row, id));
    };
    assert.deepEqual(run(), run());
    const index = new NearIndex<string>();
    index.link('a b c d e f', 'first', 10, () => undefined);
    index.link('a b c d e f', 'second', 10, () => undefined);
    assert.equal(index.add('a b c d e f', 'third')?.key, 'first');
  });

  it('never keep a text without words, and never call it a twin', () => {
    const index = new NearIndex<number>();
    assert.equal(index.add('', 1), undefined);
    assert.equal(index.add('?! …', 2), undefined);
    assert.equal(index.size, 0);
  });

  it('use bands that propose twins at the threshold at least 97 times in 100', () => {
    for (let threshold = 0.5; threshold < 1; threshold += 0.05) {
      const { bands, rows } = bandShape(threshold);
      assert.ok(1 - (1 - threshold ** rows) ** bands >= 0.97);
      assert.ok(bands * rows <= 256);
    }
  });
});
