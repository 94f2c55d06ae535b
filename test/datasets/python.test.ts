import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { exportDataset, readExample, rowFormat, type Example, type RowFormat } from '../../src/core/datasets/formats';
import { inPython, installReaders } from './python';

/** Every export in the hands of its readers: Hugging Face `datasets` and LLaMA-Factory's parser and converter. */
const turn = z.object({ role: z.string(), content: z.string() });
const seen = z.record(
  z.string(),
  z.object({
    rows: z.number(),
    columns: z.array(z.string()),
    turns: z.array(z.object({ _prompt: z.array(turn), _response: z.array(turn), _system: z.string() })),
  }),
);

const rows = [
  {
    instruction: 'Why does it “rain”?',
    input: 'It is 12 °C.\n\tCloudy.',
    output: 'Because 😀 "clouds" \\ fall.',
    reasoning: 'r',
    difficulty: 'easy',
  },
  { instruction: '雨はなぜ降る', input: '', output: '雲から。', reasoning: '', difficulty: 'hard' },
];
const chat = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello?' },
    { role: 'assistant', content: 'Yes.' },
    { role: 'user', content: 'And?' },
    { role: 'assistant', content: 'Nothing.' },
  ],
};
const preference = { prompt: 'Why?', chosen: 'So.', rejected: 'No.' };

describe('exports in Python', function () {
  this.timeout(600_000);
  let folder: string;

  before(installReaders);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'distillery-python-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const format of rowFormat.options) {
    for (const container of ['jsonl', 'parquet'] as const) {
      it(`${format} as ${container} is read with the same turns`, async () => {
        const source: readonly object[] =
          format === 'preference' ? [preference] : holdsTurns(format) ? [...rows, chat] : rows;
        const file = `data.${container}`;
        await exportDataset({
          splits: [{ name: 'train', rows: () => source }],
          format: container === 'parquet' ? 'parquet' : format,
          rowFormat: format,
          out: path.join(folder, file),
          card: { title: 'Test', provenance: [], method: [] },
        });
        const found = loaded(folder)[file];
        assert.ok(found);
        assert.equal(found.rows, source.length);
        for (const [index, row] of source.entries()) {
          const example = readExample({ ...row });
          assert.ok('example' in example);
          assert.deepEqual(found.turns[index], asTrained(example.example, format));
        }
      });
    }
  }
});

function holdsTurns(format: RowFormat): boolean {
  return format === 'alpaca' || format === 'messages' || format === 'sharegpt';
}

function loaded(folder: string): z.infer<typeof seen> {
  return seen.parse(inPython('load.py', folder, path.join(folder, 'cache')));
}

/** What LLaMA-Factory trains on: instruction and input in one, chosen before rejected. */
function asTrained(example: Example, format: RowFormat): z.infer<typeof seen>[string]['turns'][number] {
  const user = (content: string) => ({ role: 'user', content });
  const assistant = (content: string) => ({ role: 'assistant', content });
  const asked = example.input === '' ? example.instruction : `${example.instruction}\n${example.input}`;
  return {
    _prompt: [...example.history.flatMap((one) => [user(one.user), assistant(one.assistant)]), user(asked)],
    _response: [assistant(example.output), ...(format === 'preference' ? [assistant(example.rejected ?? '')] : [])],
    _system: example.system,
  };
}
