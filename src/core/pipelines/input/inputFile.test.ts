import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readInstruction } from '../ensemble/instructions';
import { InputFile, longestText, type Part } from './inputFile';

describe('a file of instructions', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-input-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function open(...rows: readonly unknown[]) {
    const file = path.join(folder, 'rows.jsonl');
    await writeFile(file, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
    return InputFile.open(file, readInstruction);
  }

  it('is read under its usual column names, and says which', async () => {
    const file = await open({ prompt: 'Why?' }, '', { question: 'How?', id: 7, context: 'Here.' });
    assert.equal(file.count, 2);
    assert.deepEqual([...(file.renamed.get('instruction') ?? [])], ['prompt', 'question']);
    const rows = await all(file);
    assert.deepEqual(rows, [
      { index: 0, id: 'row_000000', value: { instruction: 'Why?', input: '' }, tooLong: false },
      { index: 1, id: '7', value: { instruction: 'How?', input: 'Here.' }, tooLong: false },
    ]);
  });
  it('leaves out rows that ask nothing, by line', async () => {
    const file = await open({ instruction: 'Why?' }, { instruction: '  ' }, { instruction: null });
    assert.deepEqual([file.count, file.blank.map(({ line }) => line)], [1, [2, 3]]);
  });
  it('is worked on in parts, counted as a person counts: rows that ask nothing too, empty lines not', async () => {
    const texts = ['one', '', 'two', 'x'.repeat(longestText + 1), 'three'];
    const file = await open('', ...texts.map((instruction) => ({ instruction })));
    const part = file.part(1, 3);
    assert.deepEqual([part.count, part.fit], [2, 1]);
    const rows = await all(part);
    assert.deepEqual(
      rows.map(({ index, id, tooLong }) => [index, id, tooLong]),
      [
        [0, 'row_000001', false],
        [1, 'row_000002', true],
      ],
    );
    assert.equal(rows[0]?.value.instruction, 'two');
    assert.deepEqual([file.part(3).count, file.part(9).count], [2, 0]);
  });
  it('takes logged conversations', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Why?' }] },
      { role: 'assistant', content: 'Because.' },
    ];
    const [row] = await all(await open({ messages }));
    assert.equal(row?.value.instruction, 'System: Be brief.\n\nUser: Why?');
  });
  it('refuses what cannot be worked on with every line, what was found and what was expected', async () => {
    await assert.rejects(
      open({ text: 'x', label: 1 }, { instruction: ['a'] }, '{"instruction":', { messages: [] }),
      (error: Error) => {
        assert.match(error.message, /line 1: Found the columns text, label; expected “instruction” \(or prompt, /);
        assert.match(error.message, /line 2: “instruction” is no text/);
        assert.match(error.message, /line 3: Not JSON/);
        assert.match(error.message, /line 4: Nobody asks anything/);
        return true;
      },
    );
  });
  it('refuses an id that stands there twice, with both lines', async () => {
    await assert.rejects(
      open({ id: 'a', instruction: 'Why?' }, { id: 'a', instruction: 'How?' }),
      /line 2: It has the id “a” of line 1/,
    );
  });
  it('refuses a file without rows, and one that changed while it was read', async () => {
    await assert.rejects(open(''), /holds no row/);
    const file = await open({ instruction: 'Why?' });
    await writeFile(file.path, '{"instruction":"Something else"}');
    await assert.rejects(all(file), /was changed/);
  });
});

async function all<T>(file: Pick<Part<T>, 'rows'>) {
  const rows = [];
  for await (const row of file.rows()) rows.push(row);
  return rows;
}
