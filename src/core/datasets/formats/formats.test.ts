import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { DatasetError } from '../errors';
import { readRows } from '../rows';
import {
  datasetInfo,
  exportDataset,
  formatOf,
  question,
  readExample,
  trainingLines,
  type Example,
  type RowFormat,
} from '.';

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const plain = { noNullPrototype: true };
const exchange = fc.record({ user: words, assistant: words }, plain);

function examples(format: RowFormat): fc.Arbitrary<Example> {
  const apart = format === 'alpaca' || format === 'jsonl';
  const turns = format === 'alpaca' || format === 'messages' || format === 'sharegpt';
  return fc.record(
    {
      system: turns || format === 'jsonl' ? fc.oneof(fc.constant(''), words) : fc.constant(''),
      history: turns ? fc.array(exchange, { maxLength: 3 }) : fc.constant([]),
      instruction: words,
      input: apart ? fc.oneof(fc.constant(''), words) : fc.constant(''),
      output: words,
      reasoning: format === 'jsonl' ? words : fc.constant(''),
      difficulty: format === 'jsonl' ? fc.constantFrom('easy', 'hard', '') : fc.constant(''),
      ...(format === 'preference' ? { rejected: words } : {}),
    },
    plain,
  );
}

const FORMATS: readonly RowFormat[] = ['jsonl', 'alpaca', 'messages', 'sharegpt', 'prompt-completion', 'preference'];

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('training formats', () => {
  for (const format of FORMATS) {
    it(`${format}: reading what was written gives the same examples, and writing that the same lines`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(examples(format), { minLength: 1, maxLength: 5 }), async (made) => {
          // The widest format of each kind carries any example in.
          const source = made.map((example) => ({
            ...(format === 'preference'
              ? { prompt: example.instruction, chosen: example.output, rejected: example.rejected }
              : example),
            history: example.history.map(({ user, assistant }) => [user, assistant]),
          }));
          const lines = await collect(trainingLines(() => source, format));
          const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
          const read = rows.map((row) => readExample(row));
          assert.deepEqual(
            read.map((found) => 'example' in found && found.example),
            made,
          );
          assert.ok(rows.every((row) => formatOf(row) === format));
          assert.deepEqual(await collect(trainingLines(() => rows, format)), lines);
          assert.equal(new Set(rows.map((row) => Object.keys(row).join())).size, 1);
        }),
      );
    });
  }

  it('carry any single question over to any other format and back', async () => {
    const single = FORMATS.filter((format) => format !== 'preference');
    await fc.assert(
      fc.asyncProperty(
        examples('prompt-completion'),
        fc.constantFrom(...single),
        fc.constantFrom(...single),
        async (example, via, to) => {
          const source = [{ prompt: example.instruction, completion: example.output }];
          const there = (await collect(trainingLines(() => source, via))).map((line) => JSON.parse(line) as unknown);
          const back = await collect(trainingLines(() => there, to));
          const found = readExample(JSON.parse(back[0] ?? '') as Record<string, unknown>);
          assert.ok('example' in found);
          assert.equal(question(found.example), example.instruction);
          assert.equal(found.example.output, example.output);
        },
      ),
    );
  });

  it('read the rows that our own pipelines write', () => {
    const rows = [
      { qa_id: 'x', question: 'q', answer: 'a', reasoning: 'r', difficulty: 'easy', evidence: [], confidence: 1 },
      { instruction: 'q', response: 'a', prompt: 'p', completion: 'c', metadata: {} },
      { sample_id: 's', instruction: 'q', reasoning_chain: 'r', trinary_logic: { premise_a: '1', resolution: 'a' } },
    ];
    for (const row of rows) {
      const found = readExample(row);
      assert.ok('example' in found, JSON.stringify(found));
      assert.deepEqual([found.example.instruction, found.example.output], ['q', 'a']);
    }
  });

  it('refuse conversations that trainers drop, with the place', () => {
    const conversation = (...roles: string[]) => ({ messages: roles.map((role) => ({ role, content: 'x' })) });
    const cases: [object, string, (string | number)[]][] = [
      [conversation('user', 'user', 'assistant'), 'role_order', ['messages', 1]],
      [conversation('assistant', 'user'), 'role_order', ['messages', 0]],
      [conversation('user', 'system', 'assistant'), 'role_order', ['messages', 1]],
      [conversation('user', 'assistant', 'user'), 'no_answer', ['messages', 2]],
      [conversation('user', 'tool'), 'unknown_role', ['messages', 1, 'role']],
      [conversation('constructor', 'assistant'), 'unknown_role', ['messages', 0, 'role']],
      [{ messages: [] }, 'no_answer', ['messages']],
      [{ messages: 'x' }, 'wrong_type', ['messages']],
      [{ messages: [{ role: 'user', content: null }] }, 'wrong_type', ['messages', 0, 'content']],
      [
        { messages: [{ role: 'user', content: [{ type: 'image' }] }] },
        'unsupported_content',
        ['messages', 0, 'content'],
      ],
      [{ instruction: 'x', output: 3 }, 'wrong_type', ['output']],
      [{ a: 1 }, 'unknown_shape', []],
    ];
    for (const [row, code, path] of cases) {
      const found = readExample(row as Record<string, unknown>);
      assert.ok('problem' in found, JSON.stringify(row));
      assert.deepEqual([found.problem.code, found.problem.path], [code, path]);
    }
  });

  it('keep reasoning as the target wants it, and add a system prompt where there is none', async () => {
    const rows = [
      { instruction: 'q', input: '', output: 'a', reasoning: 'because' },
      { instruction: 'q', input: '', output: 'a', reasoning: '', system: 'own' },
    ];
    const lines = await collect(trainingLines(() => rows, 'messages', { reasoning: 'think', system: 'given' }));
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [
        {
          messages: [
            { role: 'system', content: 'given' },
            { role: 'user', content: 'q' },
            { role: 'assistant', content: '<think>\nbecause\n</think>\n\na' },
          ],
        },
        {
          messages: [
            { role: 'system', content: 'own' },
            { role: 'user', content: 'q' },
            { role: 'assistant', content: 'a' },
          ],
        },
      ],
    );
    const [plain] = await collect(trainingLines(() => rows.slice(0, 1), 'alpaca'));
    assert.equal(plain, '{"instruction":"q","input":"","output":"a"}');
  });

  it('lose no row silently: rows that a format cannot hold stop the export, by number', async () => {
    const rows = [{ prompt: 'q', completion: 'a' }, { x: 1 }, { messages: [{ role: 'user', content: 'q' }] }];
    await assert.rejects(collect(trainingLines(() => rows, 'alpaca')), (error: DatasetError) => {
      assert.equal(error.code, 'wrong_format');
      assert.deepEqual(
        error.rows.map((row) => row.line),
        [2, 3],
      );
      return true;
    });
  });

  it('are never declared with the formatting that changes system prompts', () => {
    for (const format of FORMATS) {
      const info = JSON.parse(datasetInfo([{ name: 'd', file: 'd.jsonl', format }])) as { d: { formatting: string } };
      assert.ok(info.d.formatting === 'alpaca' || info.d.formatting === 'sharegpt');
    }
  });
});

describe('exporting a dataset', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-export-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const rows = [
    { instruction: 'q1', input: '', output: 'a1', reasoning: 'r', difficulty: 'easy' },
    {
      messages: [
        { role: 'user', content: 'q0' },
        { role: 'assistant', content: 'a0' },
        { role: 'user', content: 'q2' },
        { role: 'assistant', content: 'ü' },
      ],
    },
  ];
  const card = { title: 'Test', provenance: ['handbook.txt'], method: [] };

  it('writes the splits, dataset_info.json and a card with the counts', async () => {
    const splits = [
      { name: 'train', rows: () => rows },
      { name: 'test', rows: () => rows.slice(0, 1) },
    ];
    const result = await exportDataset({ splits, format: 'alpaca', out: join(folder, 'my data'), card });
    assert.deepEqual(
      result.outputs.map((output) => output.rows),
      [2, 1],
    );
    const info = JSON.parse(await readFile(result.datasetInfo, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(info), ['my_data', 'my_data_test']);
    assert.deepEqual(info['my_data'], {
      file_name: 'train.jsonl',
      formatting: 'alpaca',
      columns: { prompt: 'instruction', query: 'input', response: 'output', history: 'history' },
    });
    const text = await readFile(result.card, 'utf8');
    assert.match(text, /3 rows in the format `alpaca`/);
    assert.match(text, /handbook\.txt/);
  });

  for (const rowFormat of ['alpaca', 'messages', 'sharegpt'] as const) {
    it(`writes ${rowFormat} as Parquet that reads back as the same rows`, async () => {
      const splits = [{ name: 'train', rows: () => rows }];
      const out = join(folder, 'train.parquet');
      await exportDataset({ splits, format: 'parquet', rowFormat, out, card });
      const read = (await collect(readRows(out))).map((row) => row.value);
      const lines = await collect(trainingLines(() => rows, rowFormat));
      assert.deepEqual(
        read,
        lines.map((line) => JSON.parse(line) as unknown),
      );
    });
  }

  it('touches no file that is there', async () => {
    await writeFile(join(folder, 'README.md'), 'mine');
    const splits = [{ name: 'train', rows: () => rows }];
    const out = join(folder, 'data.jsonl');
    const result = await exportDataset({ splits, format: 'messages', out, card });
    assert.equal(result.card, join(folder, 'data.README.md'));
    assert.equal(await readFile(join(folder, 'README.md'), 'utf8'), 'mine');
    await assert.rejects(
      exportDataset({ splits, format: 'messages', out, card }),
      (error: DatasetError) => error.code === 'exists',
    );
  });

  it('leaves nothing when a row does not fit', async () => {
    const splits = [{ name: 'train', rows: () => [...rows, { a: 1 }] }];
    for (const format of ['messages', 'parquet'] as const) {
      await assert.rejects(exportDataset({ splits, format, out: folder, card }));
    }
    assert.deepEqual(await readdir(folder), []);
  });
});
