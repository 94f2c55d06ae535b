import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseQuery } from './query';
import { queryFieldIs, queryHas, queryMissing, queryName } from './queryText';

describe('A condition as it is written for a person', () => {
  const piece = fc.constantFrom(
    'a',
    'b.c',
    ' ',
    '"',
    ':',
    '\\',
    '-',
    '=',
    '\n',
    '<',
    'is',
    'has',
    'missing',
    'tag',
    'ü',
  );
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const name = text.filter((field) => field !== '');

  it('is read as the same condition, whatever the field is called', () => {
    fc.assert(
      fc.property(text, (field) => {
        assert.deepEqual(parseQuery(queryMissing(field)).conditions, [{ negated: true, kind: 'has', field }]);
        assert.deepEqual(parseQuery(queryHas(field)).conditions, [{ negated: false, kind: 'has', field }]);
      }),
    );
    fc.assert(
      fc.property(name, text, (field, value) => {
        const expected = { negated: false, kind: 'field', field, text: value, exact: true };
        assert.deepEqual(parseQuery(queryFieldIs(field, value)).conditions, [expected]);
        const number = { negated: false, kind: 'number', field, least: 1, most: 2, open: 'none' };
        assert.deepEqual(parseQuery(`${queryName(field)}:1..2`).conditions, [number]);
      }),
    );
  });

  it('stays as plain as it can be', () => {
    assert.equal(queryMissing('answer'), 'missing:answer');
    assert.equal(queryMissing('my field'), 'missing:"my field"');
    assert.equal(`${queryName('meta.difficulty')}:easy`, 'meta.difficulty:easy');
  });
});
