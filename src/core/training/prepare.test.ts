import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Hardware, trainingSpec } from '../records/training';
import { TrainingError } from './errors';
import { readJob } from './job';
import { type BaseModel } from './model';
import { prepareJob } from './prepare';

const cpu: Hardware = { kind: 'cpu', gpus: [], memory_mb: 16_000 };
const model: BaseModel = { name: 'Qwen/Qwen3-0.6B', local: false, billions: 0.6, chatTemplate: undefined };

describe('preparing a training job', () => {
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'distillery-prepare-'));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  async function prepare(rows: readonly unknown[] | string, fields: object = {}, over: object = {}) {
    const text = typeof rows === 'string' ? rows : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    await writeFile(path.join(cwd, 'rows.jsonl'), text);
    const spec = trainingSpec.parse({ datasets: ['rows.jsonl'], model: model.name, ...fields });
    return prepareJob({ spec, model, hardware: cpu, cwd, name: 'job', ...over });
  }

  it('writes a folder that holds all a run needs, and says where it stands', async () => {
    const { folder, job } = await prepare(answers(200));
    const files = (await readdir(folder)).sort();
    assert.deepEqual(files, ['README.md', 'data', 'job.json', 'train.yaml', 'trainer', 'trainer.json']);
    assert.equal((await readJob(folder)).state, 'prepared');
    assert.equal(job.plan.train_rows + job.plan.validation_rows, 200);
    assert.deepEqual(await readdir(path.dirname(folder)), ['job']);
    const yaml = z.looseObject({}).parse(parse(await readFile(path.join(folder, 'train.yaml'), 'utf8')));
    const wanted = {
      lora_rank: 64,
      lora_alpha: 16,
      lora_dropout: 0.05,
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 2,
      num_train_epochs: 3,
      overwrite_output_dir: false,
      restore_callback_states_from_checkpoint: true,
      load_best_model_at_end: true,
      use_cpu: true,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, yaml[key]])), wanted);
    assert.equal(yaml['eval_steps'], yaml['save_steps']);
  });

  it('gives the trainer the columns it needs and no others', async () => {
    const rows = answers(40).map((row, at) => ({ ...row, meta: at % 2 === 0 ? { at } : { at: String(at) } }));
    const { folder } = await prepare(rows.filter((_, at) => at % 2 === 0));
    const [line = ''] = (await readFile(path.join(folder, 'data', 'train.jsonl'), 'utf8')).split('\n');
    assert.deepEqual(Object.keys(z.record(z.string(), z.unknown()).parse(JSON.parse(line))), ['messages']);
  });

  it('never holds out one half of a pair, or one of two rows from a passage', async () => {
    const rows = answers(300).map((row, at) => ({ ...row, chunk_id: `chunk-${Math.floor(at / 3)}` }));
    const { folder } = await prepare(rows);
    const [train, validation] = await Promise.all(
      ['train', 'validation'].map(async (split) => {
        const text = await readFile(path.join(folder, 'data', `${split}.jsonl`), 'utf8');
        return new Set([...text.matchAll(/number (\d+)/g)].map(([, number]) => Math.floor(Number(number) / 3)));
      }),
    );
    assert.ok(validation && validation.size > 0);
    assert.ok([...validation].every((chunk) => !train?.has(chunk)));
  });

  it('trains on preferences with their own objective, and shows no perplexity', async () => {
    const { folder, job } = await prepare(
      answers(40).map((row) => ({ prompt: row.instruction, chosen: 'Yes.', rejected: 'No.' })),
    );
    assert.equal(job.plan.stage, 'dpo');
    assert.match(await readFile(path.join(folder, 'trainer.json'), 'utf8'), /"perplexity": false/);
  });

  const good = answers(12);
  const defects: [string, readonly unknown[] | string, RegExp][] = [
    ['a broken line', `${JSON.stringify(good[0])}\n{"instruction": "x"\n`, /rows\.jsonl:2: /],
    ['an empty file', '', /no rows/],
    ['an empty answer', [...good, { instruction: 'Why?', input: '', output: '' }], /:13: /],
    ['an empty question', [...good, { instruction: '', input: '', output: 'So.' }], /:13: /],
    ['a missing answer', [...good, { instruction: 'Why?', input: '' }], /:13: /],
    ['a null answer', [...good, { instruction: 'Why?', input: '', output: null }], /:13: /],
    ['an unknown role', chats('bot'), /:1: /],
    ['roles out of order', [{ messages: [turn('assistant'), turn('user')] }], /:1: /],
    ['a conversation that ends with the person', [{ messages: [turn('user')] }], /:1: /],
    ['a system turn that is not the first', [{ messages: [turn('user'), turn('system'), turn('assistant')] }], /:1: /],
    ['content that is null', [{ messages: [{ role: 'user', content: null }, turn('assistant')] }], /:1: /],
    ['answers and preferences mixed', [...good, { prompt: 'Why?', chosen: 'a', rejected: 'b' }], /:13: /],
  ];
  for (const [what, rows, message] of defects) {
    it(`refuses ${what}, with its line, before anything is written`, async () => {
      await assert.rejects(prepare(rows), (error) => {
        assert.ok(error instanceof TrainingError, String(error));
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(await readdir(path.join(cwd, 'distillery', 'training')), []);
    });
  }

  it('refuses three rows, and rows that all belong together', async () => {
    await assert.rejects(prepare(answers(3)), { code: 'too_few_rows' });
    const together = answers(30).map((row) => ({ ...row, chunk_id: 'one' }));
    await assert.rejects(prepare(together), { code: 'too_few_rows' });
  });

  it('refuses rows over a cutoff that was set, and sets one that all rows fit', async () => {
    const long = [...good, { instruction: 'Tell all.', input: '', output: 'word '.repeat(3000) }];
    await assert.rejects(prepare(long, { cutoff_length: 512 }), /rows\.jsonl:13: .*tokens/);
    const { job } = await prepare(long);
    assert.ok(job.plan.cutoff_length > 3000);
  });

  it('refuses what cannot fit, and says what would', async () => {
    const big = {
      model: { ...model, billions: 7 },
      hardware: { ...cpu, kind: 'cuda', gpus: [{ name: 'RTX', memory_mb: 12_000, bf16: true }] },
    };
    await assert.rejects(prepare(good, {}, big), /needs about .* GB, and the GPU has 12.0 GB.*--method qlora/);
    await assert.rejects(prepare(good, { method: 'qlora' }), /QLoRA needs an NVIDIA GPU/);
  });

  it('asks for a template where the model has none', async () => {
    await assert.rejects(prepare(good, {}, { model: { ...model, chatTemplate: false } }), /--set template=/);
    await prepare(good, { template: 'chatml' }, { model: { ...model, chatTemplate: false } });
  });

  it('refuses a name that is no name of a folder', async () => {
    for (const name of ['', '../up', 'a b', '-rf', 'a'.repeat(61)])
      await assert.rejects(prepare(good, {}, { name }), { code: 'bad_spec' });
  });

  it('gives a second job of the same name a folder of its own', async () => {
    const first = await prepare(good);
    const second = await prepare(good);
    assert.deepEqual(
      [first, second].map(({ folder }) => path.basename(folder)),
      ['job', 'job-2'],
    );
  });
});

function answers(count: number): { instruction: string; input: string; output: string }[] {
  return Array.from({ length: count }, (_, at) => ({
    instruction: `What is number ${at}?`,
    input: '',
    output: `It is ${at}.`,
  }));
}

function turn(role: string): { role: string; content: string } {
  return { role, content: 'Something.' };
}

function chats(role: string): object[] {
  return [{ messages: [turn('user'), turn(role)] }];
}
