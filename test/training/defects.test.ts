import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Hardware, trainingSpec } from '../../src/core/records/training';
import { TrainingError } from '../../src/core/training/errors';
import { inspectModel } from '../../src/core/training/model';
import { prepareJob } from '../../src/core/training/prepare';
import { type Lab, openLab } from './lab';

/** What a row does to the trainer when nobody looks before: it ends, it drops rows, or it trains on rubbish. */
type Harm = { readonly ends: RegExp } | { readonly keeps: number } | { readonly trainsOn: (loaded: Loaded) => boolean };

interface Defect {
  readonly what: string;
  readonly kind: 'alpaca' | 'chat' | 'preference';
  /** After twelve good rows: a row, or a line as it stands in the file. */
  readonly bad: object | string;
  readonly stage?: 'sft' | 'dpo';
  readonly harm: Harm;
  /** Our own word for it; `undefined` where only what the trainer needs is given to it, and it loads whole. */
  readonly refused?: RegExp;
}

const GOOD = 12;
const CUTOFF = 128;
const user = { role: 'user', content: 'What is it?' };
const assistant = { role: 'assistant', content: 'It is this.' };
const chat = (...messages: object[]) => ({ messages });
const alpaca = (fields: object) => ({ instruction: 'What is it?', input: '', output: 'It is this.', ...fields });
const longRow = alpaca({ output: 'word '.repeat(CUTOFF * 3) });

const defects: readonly Defect[] = [
  {
    what: 'a broken line',
    kind: 'alpaca',
    bad: '{"instruction": "What',
    harm: { ends: /JSON parse error/ },
    refused: /:13: /,
  },
  {
    what: 'a line that is no object',
    kind: 'alpaca',
    bad: '["a", "b"]',
    harm: { ends: /JSON parse error/ },
    refused: /:13: /,
  },
  {
    what: 'an answer that is null',
    kind: 'chat',
    bad: chat(user, { role: 'assistant', content: null }),
    harm: { ends: /Expected a string, got None/ },
    refused: /:13: /,
  },
  {
    what: 'a row without its column',
    kind: 'chat',
    bad: { other: 'x' },
    harm: { ends: /TypeError/ },
    refused: /:13: /,
  },
  {
    what: 'an answer that is a number',
    kind: 'alpaca',
    bad: alpaca({ output: 4 }),
    harm: { ends: /changed from string to number/ },
    refused: /:13: /,
  },
  {
    what: 'a type that changes in a column nobody uses',
    kind: 'alpaca',
    bad: alpaca({ meta: 'text' }),
    harm: { ends: /changed from number to string/ },
  },
  { what: 'roles out of order', kind: 'chat', bad: chat(assistant, user), harm: { keeps: GOOD }, refused: /:13: / },
  {
    what: 'an unknown role',
    kind: 'chat',
    bad: chat(user, { role: 'bot', content: 'So.' }),
    harm: { keeps: GOOD },
    refused: /:13: /,
  },
  {
    what: 'a system turn that is not the first',
    kind: 'chat',
    bad: chat(user, { role: 'system', content: 'Be kind.' }, assistant),
    harm: { keeps: GOOD },
    refused: /:13: /,
  },
  {
    what: 'a conversation that ends with the person',
    kind: 'chat',
    bad: chat(user, assistant, user),
    harm: { keeps: GOOD },
    refused: /:13: /,
  },
  {
    what: 'an empty answer',
    kind: 'chat',
    bad: chat(user, { role: 'assistant', content: '' }),
    harm: { trainsOn: ({ answers }) => answers[GOOD] === '' },
    refused: /:13: /,
  },
  {
    what: 'an empty question',
    kind: 'chat',
    bad: chat({ role: 'user', content: '' }, assistant),
    harm: { keeps: GOOD + 1 },
    refused: /:13: /,
  },
  {
    what: 'a row over the cutoff',
    kind: 'alpaca',
    bad: longRow,
    harm: { trainsOn: ({ ended }) => ended[GOOD] === false },
    refused: /:13: .*tokens/,
  },
  {
    what: 'a preference among answers',
    kind: 'alpaca',
    bad: { prompt: 'Why?', chosen: 'So.', rejected: 'No.' },
    harm: { keeps: GOOD },
    refused: /:13: /,
  },
  {
    what: 'answers for a preference stage',
    kind: 'alpaca',
    stage: 'dpo',
    bad: alpaca({}),
    harm: { ends: /not applicable in the current training stage/ },
  },
  {
    what: 'a preference without its rejected answer',
    kind: 'preference',
    bad: { ...preference(0), rejected: null },
    stage: 'dpo',
    harm: { keeps: GOOD },
    refused: /:13: /,
  },
];

describe('rows that LLaMA-Factory chokes on', function () {
  this.timeout(900_000);
  let lab: Lab;
  let loaded: ReadonlyMap<string, Outcome | undefined>;
  const rows = new Map<string, number>();

  before(async () => {
    lab = await openLab();
    const raw = await Promise.all(defects.map((defect) => trainerCase(lab, defect)));
    await writeCase(path.join(lab.folder, 'empty'), 'alpaca', '');
    const empty: TrainerCase = { folder: path.join(lab.folder, 'empty'), stage: 'sft', cutoff: CUTOFF };
    const harmless = defects.filter(({ refused }) => refused === undefined);
    const prepared = await Promise.all(
      harmless.map(async ({ what }): Promise<TrainerCase> => {
        const { folder, job } = await prepare(lab, what);
        rows.set(what, job.plan.train_rows);
        return { folder: path.join(folder, 'data'), stage: job.plan.stage, cutoff: CUTOFF, dataset: 'training' };
      }),
    );
    const outcomes = load(lab, [...raw, empty, ...prepared]);
    const names = [...defects.map(({ what }) => what), 'empty', ...harmless.map(({ what }) => `${what}, prepared`)];
    loaded = new Map(names.map((name, at) => [name, outcomes[at]]));
  });

  for (const { what, harm, refused } of defects) {
    const ours = refused ? 'it is refused before, with its line' : 'it gets what it can load';
    it(`${what}: the trainer ${told(harm)}, and ${ours}`, async () => {
      const outcome = loaded.get(what);
      assert.ok(outcome);
      if ('ends' in harm) assert.match('error' in outcome ? outcome.error : JSON.stringify(outcome), harm.ends);
      else {
        assert.ok('answers' in outcome, JSON.stringify(outcome));
        if ('keeps' in harm) assert.equal(outcome.answers.length, harm.keeps);
        else assert.ok(harm.trainsOn(outcome), JSON.stringify(outcome));
      }
      if (refused) {
        const refusal = (error: unknown) => error instanceof TrainingError && refused.test(error.message);
        await assert.rejects(prepare(lab, what), refusal);
        return;
      }
      const whole = loaded.get(`${what}, prepared`);
      assert.ok(whole && 'answers' in whole, JSON.stringify(whole));
      assert.equal(whole.answers.length, rows.get(what));
    });
  }

  it('an empty file: the trainer ends, and it is refused before', async () => {
    const outcome = loaded.get('empty');
    assert.ok(outcome && 'error' in outcome, JSON.stringify(outcome));
    await assert.rejects(prepare(lab, 'empty'), /no rows/);
  });

  it('rows that are all over the cutoff are refused, with the way out', async () => {
    await writeCase(path.join(lab.folder, 'long'), 'alpaca', lines(Array.from({ length: 20 }, () => longRow)));
    await assert.rejects(prepare(lab, 'long'), /larger cutoff_length.*rows\.jsonl:1: .*tokens/s);
  });
});

function told(harm: Harm): string {
  if ('ends' in harm) return 'ends';
  return 'keeps' in harm && harm.keeps === GOOD ? 'drops it without stopping' : 'trains on it without a word';
}

function goodRows(kind: Defect['kind']): object[] {
  return Array.from({ length: GOOD }, (_, at) => {
    if (kind === 'preference') return preference(at);
    const question = `What is number ${at}?`;
    if (kind === 'chat')
      return chat({ role: 'user', content: question }, { role: 'assistant', content: `It is ${at}.` });
    return { instruction: question, input: '', output: `It is ${at}.`, meta: at };
  });
}

function preference(at: number): object {
  return { instruction: `What is number ${at}?`, input: '', chosen: `It is ${at}.`, rejected: 'No idea.' };
}

function lines(rows: readonly (object | string)[]): string {
  return rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('');
}

const info: Readonly<Record<Defect['kind'], object>> = {
  alpaca: { formatting: 'alpaca', columns: { prompt: 'instruction', query: 'input', response: 'output' } },
  preference: {
    formatting: 'alpaca',
    ranking: true,
    columns: { prompt: 'instruction', query: 'input', chosen: 'chosen', rejected: 'rejected' },
  },
  chat: {
    formatting: 'sharegpt',
    columns: { messages: 'messages' },
    tags: {
      role_tag: 'role',
      content_tag: 'content',
      user_tag: 'user',
      assistant_tag: 'assistant',
      system_tag: 'system',
    },
  },
};

interface TrainerCase {
  readonly folder: string;
  readonly stage: 'sft' | 'dpo';
  readonly cutoff: number;
  readonly dataset?: string;
}

/** The rows as they are, as somebody who writes `dataset_info.json` by hand would give them to the trainer. */
async function trainerCase(lab: Lab, { what, kind, bad, stage = 'sft' }: Defect): Promise<TrainerCase> {
  const folder = path.join(lab.folder, what.replaceAll(' ', '-'));
  await writeCase(folder, kind, lines([...goodRows(kind), bad]));
  return { folder, stage, cutoff: CUTOFF };
}

async function writeCase(folder: string, kind: Defect['kind'], text: string): Promise<void> {
  await mkdir(folder);
  await writeFile(path.join(folder, 'rows.jsonl'), text);
  const entry = { rows: { file_name: 'rows.jsonl', ...info[kind] } };
  await writeFile(path.join(folder, 'dataset_info.json'), JSON.stringify(entry));
}

const loadedRows = z.object({ answers: z.array(z.string()), ended: z.array(z.boolean()) });
type Loaded = z.infer<typeof loadedRows>;
const outcomes = z.array(z.union([z.object({ error: z.string() }), loadedRows]));
type Outcome = z.infer<typeof outcomes>[number];

function load(lab: Lab, cases: readonly TrainerCase[]): Outcome[] {
  const script = path.join(import.meta.dirname, 'load_rows.py');
  const out = path.join(lab.folder, 'loaded.json');
  execFileSync(lab.python, [script, lab.model, out], {
    input: JSON.stringify(cases),
    env: { ...lab.env, HF_DATASETS_CACHE: path.join(lab.folder, 'cache') },
    stdio: ['pipe', 'ignore', 'pipe'],
    maxBuffer: 1 << 26,
  });
  return outcomes.parse(JSON.parse(readFileSync(out, 'utf8')));
}

async function prepare(lab: Lab, what: string): ReturnType<typeof prepareJob> {
  const file = path.join(lab.folder, what.replaceAll(' ', '-'), 'rows.jsonl');
  const spec = trainingSpec.parse({ datasets: [file], model: lab.model, cutoff_length: CUTOFF });
  const model = await inspectModel(lab.model, lab.folder);
  const hardware: Hardware = { kind: 'cpu', gpus: [], memory_mb: null };
  return prepareJob({ spec, model, hardware, cwd: lab.folder, name: what.replaceAll(' ', '-') });
}
