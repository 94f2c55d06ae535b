import assert from 'node:assert/strict';
import type { EnsembleRow } from '../../records/ensemble';
import { JudgeBias, positionBias } from './bias';

/** Three teachers, each scored by the other two, in both orders by turns. */
function rows(score: (judge: string, of: string, position: number, row: number) => number) {
  const bias = new JudgeBias();
  for (let row = 0; row < 200; row++) {
    const completions: EnsembleRow['completions'] = {};
    for (const of of ['a', 'b', 'c']) {
      const critiques = ['a', 'b', 'c']
        .filter((judge) => judge !== of)
        .map((by) => {
          const others = ['a', 'b', 'c'].filter((one) => one !== by);
          const position = (others.indexOf(of) + row) % 2;
          return { by, score: score(by, of, position, row), comment: '', position };
        });
      completions[of] = { answer: 'x', score: null, critiques };
    }
    bias.add({ completions });
  }
  return bias.rows();
}

const wobble = (row: number) => (((row * 37) % 11) - 5) / 100;

describe('judge bias', () => {
  it('finds a judge that favours what it reads first', () => {
    const found = rows((judge, _, position, row) => 0.6 + wobble(row) + (judge === 'a' && position === 0 ? 0.2 : 0));
    const first = found.find(({ judge, kind, of }) => judge === 'a' && kind === 'position' && of === 'A');
    assert.ok(first?.bias !== null && first?.bias !== undefined && Math.abs(first.bias - 0.1) < 1e-6);
    assert.ok((positionBias(found) ?? 0) > 0.08);
  });
  it('finds whom a judge favours, apart from how strict it is', () => {
    const found = rows((judge, of) => 0.6 - (judge === 'b' ? 0.3 : 0) + (judge === 'b' && of === 'c' ? 0.2 : 0));
    const of = (kind: string, name: string) =>
      found.find((row) => row.judge === 'b' && row.kind === kind && row.of === name);
    assert.ok((of('all', '')?.bias ?? 0) < -0.15, 'strict');
    assert.ok((of('teacher', 'c')?.bias ?? 0) > 0.05, 'favours c');
    assert.ok((of('teacher', 'a')?.bias ?? 0) < -0.05);
  });
  it('finds nothing where there is nothing', () => {
    const found = rows((_, __, ___, row) => 0.6 + wobble(row));
    assert.equal(positionBias(found), 0);
    assert.ok(found.every(({ bias }) => Math.abs(bias ?? 0) < 0.01));
  });
});
