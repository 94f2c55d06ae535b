import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide, type Given, preferenceOf, reviewOf } from './consensus';
import { countVotes, voteKey } from './vote';

function given(...answers: readonly (readonly [answer: string, score: number | null])[]): Given[] {
  return answers.map(([answer, score], teacher) => ({ teacher, answer, score, critiques: [] }));
}
const long = (word: string) => `It is ${word}, and the reason takes more than a handful of words to tell to the end.`;

describe('votes', () => {
  for (const [one, other] of [
    ['42', 'The answer is 42.'],
    ['1,000', '1000'],
    ['B', '(B) Paris'],
    ['**Paris**', 'paris.'],
    ['\\boxed{7}', '7'],
    ['The Rhine', 'rhine'],
  ] as const) {
    it(`count “${one}” and “${other}” as the same`, () => {
      assert.ok(voteKey(one));
      assert.equal(voteKey(one), voteKey(other));
    });
  }
  it('tell different answers apart', () => {
    const keys = ['42', '4.2', 'B', 'A', 'Paris', 'yes', 'no', '42 km', '42 %'].map(voteKey);
    assert.equal(new Set(keys).size, keys.length);
  });
  it('do not count long answers, or where most are long', () => {
    assert.equal(voteKey(long('so')), undefined);
    assert.equal(countVotes(['42', long('a'), long('b')]), undefined);
    assert.deepEqual(countVotes(['42', long('a'), '42'])?.groups, [[0, 2]]);
  });
});

describe('consensus', function () {
  this.timeout(60_000);

  it('follows the majority of short answers, whatever is scored best', () => {
    const { method, winner, agreement } = decide(given(['41', 0.9], ['42', 0.5], ['42.', 0.6]));
    assert.deepEqual([method, winner.answer, agreement], ['vote', '42.', 0.666667]);
  });
  it('breaks ties by score', () => {
    assert.equal(decide(given(['41', 0.4], ['42', 0.5])).winner.answer, '42');
  });
  it('takes the best of long answers when its lead is clear, and has one written when it is not', () => {
    const clear = decide(given([long('a'), 0.9], [long('b'), 0.6]));
    assert.deepEqual([clear.method, clear.winner.teacher], ['best', 0]);
    assert.equal(decide(given([long('a'), 0.62], [long('b'), 0.6])).method, 'synthesis');
  });
  it('writes nothing new where nobody scored', () => {
    const decision = decide(given([long('a'), null], [long('b'), null]));
    assert.equal(decision.method, 'best');
    assert.equal(reviewOf(given([long('a'), null], [long('b'), null]), decision, limits), 'not_scored');
  });
  it('sends to review what one teacher answered, what is scored low and where they disagree', () => {
    const review = (answers: Given[]) => reviewOf(answers, decide(answers), limits);
    assert.equal(review(given(['42', 1])), 'one_answer');
    assert.equal(review(given(['42', 0.6], ['42', 0.6])), 'low_score');
    assert.equal(review(given(['1', 0.9], ['2', 0.8], ['3', 0.7])), 'low_agreement');
    assert.equal(review(given(['42', 0.9], ['42', 0.8])), '');
  });
  it('prefers the best to the worst, never an answer to one that says the same', () => {
    const preference = (answers: Given[]) => preferenceOf(answers, decide(answers));
    assert.deepEqual(preference(given([long('a'), 0.9], [long('b'), 0.2])), {
      chosen: long('a'),
      rejected: long('b'),
      margin: 0.7,
    });
    assert.equal(preference(given(['42', 0.9], ['42.', 0.1])), undefined);
    assert.equal(preference(given(['42', 0.3], ['42.', 0.3], ['41', 0.9])), undefined);
    assert.equal(preference(given([long('a'), 0.6], [long('b'), 0.5])), undefined);
  });

  it('does not depend on the order of the teachers, but where two are equal', () => {
    const answer = fc.tuple(
      fc.constantFrom('1', '2', 'one', long('a'), long('b')),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(answer, { minLength: 2, maxLength: 6, selector: ([, score]) => score }), (answers) => {
        const one = decide(given(...answers));
        const other = decide(given(...[...answers].reverse()));
        assert.equal(one.winner.answer, other.winner.answer);
        assert.equal(one.method, other.method);
        assert.equal(one.agreement, other.agreement);
        assert.ok(one.agreement >= 0 && one.agreement <= 1);
      }),
    );
  });
});

const limits = { threshold: 0.7, minAgreement: 0.5 };
