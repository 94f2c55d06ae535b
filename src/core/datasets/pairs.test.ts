import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { DatasetError } from './errors';
import {
  pairOfLine,
  pairProblems,
  previewPairs,
  reverseInstruction,
  writePairs,
  type PairOptions,
  type PairRow,
} from './pairs';
import { rawFields } from './raw-fields';

describe('bidirectional pairs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-pairs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function pairs(content: string, options: PairOptions = {}): Promise<PairRow[]> {
    const file = join(folder, 'manual.jsonl');
    await writeFile(file, content);
    const out = join(folder, 'out.jsonl');
    await rm(out, { force: true });
    await writePairs([file], out, options);
    const text = await readFile(out, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as PairRow);
  }

  it('are exactly twice the rows, forward and reverse in turn', async () => {
    for (const rows of [2389, 4942]) {
      const content = Array.from({ length: rows }, (_, id) =>
        JSON.stringify({ instruction: `q${id}`, input: '', output: `a${id}` }),
      );
      const made = await pairs(content.join('\n'));
      assert.equal(made.length, 2 * rows);
      for (const [index, row] of made.entries()) {
        assert.equal(row.meta['direction'], index % 2 === 0 ? 'forward' : 'reverse');
        assert.equal(row.meta['pair_type'], index % 2 === 0 ? 'instruction_to_response' : 'response_to_instruction');
      }
      assert.equal(new Set(made.map((row) => row.meta['pair_id'])).size, rows);
    }
  });

  it('are the same for a single line as for the file it stands in, whatever the line', async () => {
    const lines = ['{"instruction":"Why?","input":"It rains.","output":"So."}', '{"instruction":""}', 'no JSON', '[1]'];
    const file = join(folder, 'some.jsonl');
    await writeFile(file, lines.join('\n'));
    const options = { variant: 'context', label: 'mine' } as const;
    const ofFile = [];
    for await (const made of previewPairs(file, options)) ofFile.push(made);
    const ofLines = lines.map((text, at) =>
      pairOfLine(file, { number: at + 1, offset: 0, bytes: text.length, text, ending: '\n' }, options),
    );
    assert.deepEqual(ofLines, ofFile);
    assert.deepEqual(
      ofLines.map((made) => 'message' in made),
      [false, true, true, true],
    );
  });

  it('keep the row forward, and ask for its instruction in reverse', async () => {
    const row = { instruction: 'Why?', input: 'It rains.', output: 'Because "so".\n' };
    const [forward, reverse] = await pairs(JSON.stringify({ ...row, source: 'chunk_000003', meta: { id: 7 } }), {
      label: 'docs',
    });
    const shared = { id: 7, chunk_id: 'chunk_000003', source: 'docs_bidirectional', pair_id: forward?.meta['pair_id'] };
    assert.deepEqual(forward, {
      ...row,
      meta: { ...shared, direction: 'forward', pair_type: 'instruction_to_response' },
    });
    assert.deepEqual(reverse, {
      instruction: reverseInstruction.plain,
      input: row.output,
      output: row.instruction,
      meta: { ...shared, direction: 'reverse', pair_type: 'response_to_instruction' },
    });
  });

  it('show context and response under headings in the variant with context', async () => {
    const [, reverse] = await pairs('{"instruction":"Why?","input":"It rains.","output":"So."}', {
      variant: 'context',
    });
    assert.equal(reverse?.instruction, reverseInstruction.context);
    assert.equal(reverse.input, '### Context\nIt rains.\n\n### Response\nSo.');
    assert.equal(reverse.meta['original_output'], 'So.');
    const [, without] = await pairs('{"instruction":"Why?","input":"","output":"So."}', { variant: 'context' });
    assert.equal(without?.instruction, reverseInstruction.plain);
  });

  it('carry any text through unchanged', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => value.trim() !== '');
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.string({ unit: 'binary' }),
        text,
        fc.jsonValue(),
        async (instruction, input, output, extra) => {
          const [forward, reverse] = await pairs(
            JSON.stringify({ meta: { extra }, output, instruction, input }, null, ' ').replace(/\n/g, ' '),
          );
          assert.deepEqual([forward?.instruction, forward?.input, forward?.output], [instruction, input, output]);
          assert.deepEqual([reverse?.input, reverse?.output], [output, instruction]);
          assert.equal(JSON.stringify(reverse?.meta['extra']), JSON.stringify(extra));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('read other formats and keep large numbers', async () => {
    const [chat] = await pairs('{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}');
    assert.deepEqual([chat?.instruction, chat?.output], ['q', 'a']);
    await pairs('{"instruction":"q","input":"","output":"a","meta":{"id":12345678901234567890}}');
    assert.match(await readFile(join(folder, 'out.jsonl'), 'utf8'), /"id":12345678901234567890,/);
  });

  it('name every row that cannot be reversed with its line and reason, and write nothing then', async () => {
    const file = join(folder, 'bad.jsonl');
    const lines = [
      '{"instruction":"q","input":"","output":"a"}',
      '',
      '{"instruction":" ","input":"","output":"a"}',
      '{"instruction":"q","output":"a"',
      '{"instruction":"q","output":3}',
      '{"instruction":"q","input":"","output":"a","meta":{"direction":"forward","pair_id":"x"}}',
    ];
    await writeFile(file, lines.join('\n'));
    const problems = [];
    for await (const problem of pairProblems(file)) problems.push([problem.line, problem.message]);
    assert.deepEqual(problems, [
      [3, 'The instruction is empty.'],
      [4, 'Not JSON. Column 32: the line ends before its object does.'],
      [5, 'The field output must be text, but is of type number.'],
      [6, 'The row is already half of a bidirectional pair.'],
    ]);
    await assert.rejects(
      writePairs([file], join(folder, 'out.jsonl')),
      (error: DatasetError) => error.code === 'broken_rows' && error.rows[0]?.line === 3,
    );
    assert.deepEqual(await readdir(folder), ['bad.jsonl']);
  });

  it('are shown before they are written', async () => {
    const file = join(folder, 'p.jsonl');
    await writeFile(file, '{"instruction":"q","input":"","output":"a"}\nno\n');
    const shown = [];
    for await (const item of previewPairs(file)) shown.push('forward' in item ? item.reverse.output : item.line);
    assert.deepEqual(shown, ['q', 2]);
    assert.deepEqual(await readdir(folder), ['p.jsonl']);
  });
});

describe('raw fields', () => {
  it('are the values that JSON.parse sees, as they were written', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t'),
        (row, space) => {
          const text = JSON.stringify(row, null, space);
          const parsed = JSON.parse(text) as Record<string, unknown>;
          const fields = rawFields(text);
          assert.deepEqual([...fields.keys()].sort(), Object.keys(parsed).sort());
          for (const [key, raw] of fields) assert.deepEqual(JSON.parse(raw), parsed[key]);
        },
      ),
    );
  });

  it('of a repeated key are the last, and keys may be escaped', () => {
    assert.deepEqual([...rawFields('{"a":1, "\\u0061" : 1.0e2 }')], [['a', '1.0e2']]);
  });
});
