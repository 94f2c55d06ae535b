import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chunkDocument } from './chunk';
import { positionAt } from './lines';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Text as documents have it and as they should not: headings, lists, code, tables, every line end, marks, emoji, CJK. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '# A heading\n',
        '\n\n',
        '\r\n',
        '\r',
        '\t',
        ' ',
        '- item ',
        '1. ',
        '```\n',
        '| a | b |\n',
        '---\n',
        'TITLE HERE\n\n',
      ),
      fc.constantFrom(
        'The pump runs. ',
        'Dr. Wu came at 9.30 a.m. ',
        '“Stop!” ',
        'wait… ',
        '中文句子。',
        '次の文！',
        'a'.repeat(60),
      ),
      fc.constantFrom('👩‍👩‍👧', '🇩🇪', 'e\u0301', '\u0301', '👍🏽', '\u200d', '\ud83d', '\ufeff', '한국', 'ก็'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    ),
    { maxLength: 120 },
  )
  .map((parts) => parts.join(''));
const anySize = fc.integer({ min: 20, max: 300 });

describe('chunks of a document', () => {
  it('are slices of it, in order, and hold every character that is not blank', () => {
    fc.assert(
      fc.property(anyText, anySize, (text, size) => {
        const chunks = chunkDocument(text, { size, overlap: Math.floor(size / 8) });
        let covered = 0;
        let previous = -1;
        for (const { start, end, text: part } of chunks) {
          assert.equal(part, text.slice(start, end));
          assert.ok(start > previous, 'starts rise');
          assert.ok(end > covered, 'each chunk says something new');
          if (start > covered) assert.equal(text.slice(covered, start).trim(), '', 'only blanks are left out');
          covered = end;
          previous = start;
        }
        assert.equal(text.slice(covered).trim(), '');
      }),
      { numRuns: 400 },
    );
  });

  it('are no longer than asked for, unless one grapheme is', () => {
    fc.assert(
      fc.property(anyText, anySize, (text, size) => {
        for (const chunk of chunkDocument(text, { size, overlap: 0 })) assert.ok(chunk.text.length <= size);
      }),
      { numRuns: 200 },
    );
  });

  it('never begin or end within a grapheme', () => {
    fc.assert(
      fc.property(anyText, anySize, (text, size) => {
        const bounds = new Set([text.length, ...[...graphemes.segment(text)].map(({ index }) => index)]);
        for (const { start, end } of chunkDocument(text, { size, overlap: 10 })) {
          assert.ok(bounds.has(start), `start ${start}`);
          assert.ok(bounds.has(end), `end ${end}`);
        }
      }),
      { numRuns: 300, examples: [['Dr. Wu came at 9.30 a.m.  \u200d', 24]] },
    );
  });

  it('know their lines as an editor counts them, whatever ends a line', () => {
    const text = 'one.\r\ntwo.\rthree.\n\nfive.\n';
    const chunks = chunkDocument(text, { size: 5, overlap: 0 });
    assert.deepEqual(
      chunks.map(({ text: part, lineStart, lineEnd }) => [part, lineStart, lineEnd]),
      [
        ['one.', 1, 1],
        ['two.', 2, 2],
        ['three', 3, 3],
        ['.', 3, 3],
        ['five.', 5, 5],
      ],
    );
    assert.deepEqual(positionAt(text, text.indexOf('three') + 2), { line: 2, character: 2 });
    assert.deepEqual(
      chunkDocument('a\n\rb\r\n\r\nc').map(({ lineStart, lineEnd }) => [lineStart, lineEnd]),
      [[1, 5]],
    );
  });

  it('follow the headings and say under which they stand', () => {
    const body = 'A sentence of some length that says one thing. '.repeat(6).trim();
    const text = `# Pump\n\n${body}\n\n## Start-up\n\n${body}\n\nShut-down\n---------\n\n${body}\n\n# Valve #\n\n${body}\n`;
    assert.deepEqual(
      chunkDocument(text, { size: 400 }).map(({ section }) => section),
      [['Pump'], ['Pump', 'Start-up'], ['Pump', 'Shut-down'], ['Valve']],
    );
  });

  it('follow the headings of plain text, and take a list or a warning for none', () => {
    const body = 'A sentence of some length that says one thing. '.repeat(6).trim();
    const text = `THE PUMP\n\n1. Safety\n\n${body}\n\nWARNING\n\n${body}\n\n2.1 Cooling water\n\n${body}\n\n1. First\n2. Second\n`;
    const sections = chunkDocument(text, { size: 700 }).map(({ section }) => section);
    assert.deepEqual(sections[0], ['THE PUMP', '1. Safety']);
    assert.deepEqual(sections.at(-1), ['THE PUMP', '1. Safety', '2.1 Cooling water']);
  });

  it('know the title of a plain text and the short lines over its paragraphs', () => {
    const body = 'A sentence of some length that says one thing. '.repeat(6).trim();
    const text = `Hollin Hall: a handbook\n\nBefore you come\n\n${body}\n\nHeating\n\n${body}\n`;
    assert.deepEqual(
      chunkDocument(text, { size: 400 }).map(({ section }) => section),
      [
        ['Hollin Hall: a handbook', 'Before you come'],
        ['Hollin Hall: a handbook', 'Heating'],
      ],
    );
  });

  it('take two lines of capitals at the top for one title', () => {
    const body = 'A sentence of some length that says one thing. '.repeat(6).trim();
    const text = `MARLOW LIBRARIES\nRULES FOR BORROWERS\n\n${body}\n`;
    assert.deepEqual(chunkDocument(text, { size: 400 })[0]?.section, ['MARLOW LIBRARIES: RULES FOR BORROWERS']);
  });

  it('take no sentence, greeting, verse or callout for a heading', () => {
    const body = 'A sentence of some length that says one thing. '.repeat(6).trim();
    for (const line of ['It rains.', 'Dear Sir', 'Note', '“So it is”', 'and so on', 'By Anna Berg', 'Is it so?']) {
      assert.deepEqual(chunkDocument(`${line}\n\n${body}`)[0]?.section, [], line);
    }
    assert.deepEqual(chunkDocument('the first line\n\nRoses are red\n\nViolets are blue\n')[0]?.section, []);
  });

  it('end between sentences and repeat whole sentences of the chunk before', () => {
    const sentences = Array.from({ length: 60 }, (_, i) => `Pump ${i} has ${i}.5 bar at approx. ${i} °C.`);
    const chunks = chunkDocument(sentences.join(' '), { size: 300, overlap: 100 });
    for (const { text } of chunks) assert.match(text, /^Pump \d+ has.*°C\.$/su);
    for (const [i, chunk] of chunks.entries()) {
      const before = chunks[i - 1];
      if (!before) continue;
      const overlap = before.end - chunk.start;
      assert.ok(overlap > 30 && overlap <= 100, `overlap ${overlap}`);
    }
  });

  it('keep code and tables together where they fit', () => {
    const prose = 'The settings are read once. '.repeat(20);
    const code = `\`\`\`yaml\n${'key: value. Next: one.\n'.repeat(10)}\`\`\``;
    const chunks = chunkDocument(`${prose}\n\n${code}\n\n${prose}`);
    assert.ok(chunks.some(({ text }) => text.includes(code)));
  });

  it('are made of three characters, and not of nothing', () => {
    assert.deepEqual(
      chunkDocument('abc').map(({ text }) => text),
      ['abc'],
    );
    assert.deepEqual(chunkDocument(' \n\t\r\n'), []);
    assert.equal(chunkDocument('# One\n\n## Two\n\n### Three').length, 1);
  });

  it('refuse a size or an overlap that makes no sense', () => {
    assert.throws(() => chunkDocument('text', { size: 0 }), RangeError);
    assert.throws(() => chunkDocument('text', { size: 100, overlap: 100 }), RangeError);
  });

  it('take time in proportion to the text, also where nothing can be told apart', function () {
    this.timeout(20_000);
    for (const part of ['a', '.', '\u0301', '"', '🇩🇪', '# a\n', '| a ', ' ', '```\n']) {
      const time = (length: number) => {
        const text = part.repeat(length / part.length);
        const started = process.cpuUsage();
        chunkDocument(text);
        return process.cpuUsage(started).user / 1000;
      };
      time(20_000);
      // Thirty times the text; in quadratic time it would take nine hundred times as long.
      assert.ok(time(600_000) < Math.max(5, time(20_000)) * 200, JSON.stringify(part));
    }
  });
});
