import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { exportDataset, readExample, rowFormat, type Example, type RowFormat } from '../../src/core/datasets/formats';

/**
 * Every export in the hands of its readers: Hugging Face `datasets` and LLaMA-Factory's parser and converter, in an
 * environment under the user's cache that is made at the first run (`npm run test:python`, about two minutes).
 */
const venv = path.join(homedir(), '.cache', 'distillery-datasets', 'venv');
const python = path.join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

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

  before(() => {
    if (existsSync(python)) return;
    execFileSync(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', venv]);
    execFileSync(python, ['-m', 'pip', 'install', '-q', 'datasets==4.0.0', 'datasketch']);
    execFileSync(python, ['-m', 'pip', 'install', '-q', '--no-deps', 'llamafactory==0.9.5']);
  });
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
  const said = execFileSync(python, [path.join(import.meta.dirname, 'load.py'), folder, path.join(folder, 'cache')], {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return seen.parse(JSON.parse(said.trim().split('\n').at(-1) ?? ''));
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
