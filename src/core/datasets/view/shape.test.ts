import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isObject } from './fields';
import { readingOf, type Reading } from './shape';

describe('A row as it is read', () => {
  it('keeps an ensemble row in its shape when a teacher gave no answer', () => {
    const critique = { by: 'judge', score: 0.5, comment: 'Short.', position: 1 };
    const { shape, parts, rest } = readingOf({
      id: 'a',
      instruction: 'Why?',
      completions: {
        one: { answer: null, score: null, critiques: [] },
        two: { answer: 'So.', score: 0.5, critiques: [critique] },
      },
      consensus: 'So.',
    });
    assert.equal(shape, 'ensemble');
    assert.deepEqual(
      parts.map(({ name, text, isMissing = false }) => [name, text, isMissing]),
      [
        ['instruction', 'Why?', false],
        ['one', '', true],
        ['two · 0.5', 'So.', false],
        ['consensus', 'So.', false],
      ],
    );
    assert.deepEqual(parts[2]?.notes, [{ by: 'judge', score: 0.5, place: 1, text: 'Short.' }]);
    assert.deepEqual(rest, { id: 'a' });
  });

  it('shows the turns of a conversational preference: those before the choice once, then each side', () => {
    const turn = (role: string, content: string) => ({ role, content });
    const { shape, parts, rest } = readingOf({
      prompt: [turn('system', 'Be brief.'), turn('user', 'Why?')],
      chosen: [turn('user', 'Really?'), turn('assistant', 'Yes.')],
      rejected: [turn('user', 'Really?'), turn('assistant', 'No.')],
      score: 1,
    });
    assert.equal(shape, 'preference');
    assert.deepEqual(
      parts.map(({ name, text, side }) => [name, text, side]),
      [
        ['system', 'Be brief.', undefined],
        ['user', 'Why?', undefined],
        ['user', 'Really?', undefined],
        ['chosen', 'Yes.', 'chosen'],
        ['rejected', 'No.', 'rejected'],
      ],
    );
    assert.deepEqual(rest, { score: 1 });
  });

  it('keeps what a turn says beside its text, and parts of it that are no text', () => {
    const call = { id: 'c1', function: { name: 'lookUp', arguments: '{}' } };
    const image = { type: 'image_url', image_url: { url: 'a.png' } };
    const { parts } = readingOf({
      messages: [
        { role: 'user', name: 'Ann', content: [{ type: 'text', text: 'See' }, image] },
        { role: 'assistant', content: null, tool_calls: [call] },
      ],
    });
    assert.deepEqual(
      parts.map(({ text, rest }) => [text, rest]),
      [
        [`See\n${JSON.stringify(image)}`, { name: 'Ann' }],
        ['', { tool_calls: [call] }],
      ],
    );
  });

  it('hides nothing of any row', () => {
    let next = 0;
    // Every text is another one: what is shown can be found again.
    const text = fc.constant(undefined).map(() => `text ${next++};`);
    const word = fc.oneof(
      text,
      fc.constant(null),
      text.map((said) => ({ type: 'text', text: said })),
    );
    const content = fc.oneof(word, fc.array(word, { maxLength: 2 }), fc.record({ odd: text }));
    const turn = fc.record(
      { role: fc.constantFrom('user', 'assistant', 'tool'), content, name: text, tool_calls: fc.array(text) },
      { requiredKeys: ['role'] },
    );
    const turns = fc.array(fc.oneof({ weight: 9, arbitrary: turn }, { weight: 1, arbitrary: content }), {
      maxLength: 3,
    });
    const critique = fc.oneof(
      text,
      fc.record({ by: text, score: fc.integer(), comment: content, more: text }, { requiredKeys: ['by'] }),
    );
    const completion = fc.record(
      {
        answer: content,
        score: fc.oneof(fc.integer(), text),
        critiques: fc.oneof(text, fc.array(critique)),
        more: text,
      },
      { requiredKeys: ['answer'] },
    );
    const either = fc.oneof(content, turns);
    const row = fc.oneof(
      fc.record({ messages: turns, other: content }),
      fc.record(
        { prompt: either, chosen: either, rejected: either, other: content },
        { requiredKeys: ['chosen', 'rejected'] },
      ),
      fc.record({
        instruction: text,
        completions: fc.dictionary(fc.constantFrom('a', 'b'), completion),
        consensus: content,
      }),
      fc.record({ question: text, answer: text, reasoning: content, input: content, other: content }),
    );
    fc.assert(
      fc.property(row, (value) => {
        const shown = shownTexts(readingOf(value));
        for (const one of JSON.stringify(value).match(/text \d+;/gu) ?? [])
          assert.ok(shown.includes(one), `${one} is hidden`);
      }),
      { numRuns: 300 },
    );
  });

  it('is the tree of what is no training row', () => {
    assert.deepEqual(readingOf({ a: 1 }), { shape: 'other', parts: [], rest: { a: 1 } });
    assert.ok(isObject(readingOf([1]).rest));
  });
});

function shownTexts({ parts, rest }: Reading): string {
  const said = parts.flatMap((part) => [
    part.name,
    part.text,
    JSON.stringify(part.rest ?? {}),
    ...(part.notes ?? []).flatMap(({ by, text }) => [by, text]),
  ]);
  return [...said, JSON.stringify(rest)].join('\n');
}
