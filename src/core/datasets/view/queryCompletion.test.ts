import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ColumnCollector } from './columns';
import { parseQuery } from './query';
import { queryCompletions } from './queryCompletion';
import { queryName } from './queryText';

describe('The completion of a query', () => {
  const fields = [
    { name: 'question', isText: true },
    { name: 'difficulty', values: ['easy', 'very hard', '1..2'], isText: true },
    { name: 'meta', nested: ['meta.source', 'meta.my field'] },
  ];
  const complete = (typed: string) => queryCompletions(typed, fields, ['units', 'in doubt']);

  it('knows fields, also nested ones, their values, lengths, tags and states', () => {
    assert.deepEqual(complete('pump diff'), ['pump difficulty:']);
    assert.deepEqual(complete('-difficulty:'), ['-difficulty:easy', '-difficulty:="very hard"', '-difficulty:="1..2"']);
    assert.deepEqual(complete('difficulty:="very'), ['difficulty:="very hard"']);
    assert.deepEqual(complete('meta.'), ['meta.source:', 'meta.my\\ field:']);
    assert.deepEqual(complete('missing:"meta'), ['missing:"meta.my field"']);
    assert.deepEqual(complete('tokens.q'), ['tokens.question:']);
    assert.deepEqual(complete('tag:'), ['tag:units', 'tag:"in doubt"']);
    assert.deepEqual(complete('is:un'), ['is:unreviewed']);
    assert.deepEqual(complete('"40 bar'), []);
    assert.deepEqual(complete('pump '), []);
  });

  it('only writes what is understood', () => {
    const piece = fc.constantFrom('a', '.', ' ', '"', ':', '\\', '-', '1', '..', '<');
    const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (name, value) => {
        const beginning = 'x has:';
        for (const query of queryCompletions(beginning, [{ name }], [])) {
          assert.deepEqual(parseQuery(query).conditions[1], { negated: false, kind: 'has', field: name });
        }
        const field = { name: `k${name}`, values: [value] };
        const completed = queryCompletions(`${queryName(field.name)}:`, [field], []).map(
          (query) => parseQuery(query).conditions,
        );
        assert.ok(completed.some(([it]) => it?.kind === 'field' && it.field === field.name && it.text === value));
      }),
    );
  });

  it('offers the values of a column as long as they are few', () => {
    const columns = new ColumnCollector();
    for (let at = 0; at < 100; at++)
      columns.observe({ level: at % 3, id: at, text: 'x'.repeat(80), flag: true, none: null });
    assert.deepEqual(
      columns.list().map(({ name, values }) => [name, values]),
      [
        ['level', ['0', '1', '2']],
        ['id', []],
        ['text', []],
        ['flag', ['true']],
        ['none', []],
      ],
    );
  });
});
