import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jsonProblem } from './jsonProblem';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('The reason why a line is not JSON', () => {
  it('is none exactly when the engine can parse it', () => {
    const json = fc.json({ maxDepth: 4 });
    const mutated = fc
      .tuple(json, fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '{', '0', 'e', '-', '\u0001', ' ', 'x'))
      .map(([text, at, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(json, mutated, fc.string()), (text) => {
        assert.equal(jsonProblem(text) === undefined, parses(text), text);
      }),
      { numRuns: 5000 },
    );
  });

  for (const [text, column, reason] of [
    ['{"a":1 "b":2}', 8, 'a comma is missing'],
    ['{"a":1', 7, 'the line ends before its object does'],
    ['[1,2', 5, 'the line ends before its list does'],
    ["{'a':1}", 2, 'a key must be a string in double quotes'],
    ['{"a":None}', 6, 'None is Python; JSON says null'],
    ['{"a":1,}', 8, 'a comma stands before }'],
    ['{"a":"x', 6, 'a string has no closing quote'],
    ['{"a":1} {"b":2}', 9, 'something follows the end of the row'],
    ['{"a" 1}', 6, 'a colon is missing after the key'],
    ['{"a":"\\x"}', 7, '\\x is not an escape that JSON knows'],
    ['{"a":NaN}', 6, 'NaN is not JSON; use null'],
    ['not json', 1, 'a text needs double quotes'],
    ['\ufeff{}', 1, 'a byte order mark stands before the row'],
  ] as const) {
    it(`of ${JSON.stringify(text)} is that ${reason}`, () => {
      assert.deepEqual(jsonProblem(text), { column, reason });
    });
  }

  it('is found at any depth', () => {
    assert.equal(jsonProblem('['.repeat(200_000))?.reason, 'the line ends before its list does');
  });
});
