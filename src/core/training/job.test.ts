import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type JobRecord, trainingSpec } from '../records/training';
import { explainFailure } from './failure';
import { changeJob, listJobs, moved, readJob, writeJob } from './job';
import { billionsIn, inspectModel, remoteModel } from './model';
import { parseProgress, summarizeProgress } from './progress';
import { spendOf } from './spend';

const spec = trainingSpec.parse({ datasets: ['a.jsonl'], model: 'a/b' });
const job: JobRecord = {
  version: 1,
  id: 'job-1',
  name: 'job',
  created: '2026-11-21T00:00:00Z',
  state: 'prepared',
  reason: null,
  spec,
  plan: {
    stage: 'sft',
    train_rows: 10,
    validation_rows: 1,
    longest_row_tokens: 9,
    cutoff_length: 512,
    max_steps: 30,
    eval_steps: 3,
    memory_gb: null,
    notes: [],
  },
  place: null,
  merged: null,
  history: [],
};

describe('a training job’s record', () => {
  let cwd: string;
  let folder: string;

  beforeEach(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'distillery-job-'));
    folder = path.join(cwd, 'distillery', 'training', 'job');
    await mkdir(folder, { recursive: true });
    await writeJob(folder, job);
  });
  afterEach(() => rm(cwd, { recursive: true }));

  it('keeps every word of writers that come at once', async () => {
    const notes = Array.from({ length: 8 }, (_, at) => `note ${at}`);
    await Promise.all(
      notes.map((note) =>
        changeJob(folder, (now) => ({ ...now, plan: { ...now.plan, notes: [...now.plan.notes, note] } })),
      ),
    );
    assert.deepEqual((await readJob(folder)).plan.notes.toSorted(), notes);
  });

  it('goes from state to state only as a job can, and remembers how', () => {
    const running = moved(moved(job, 'launching'), 'running');
    assert.deepEqual(
      running.history.map(({ state }) => state),
      ['launching', 'running'],
    );
    assert.throws(() => moved(running, 'completed'), { code: 'wrong_state' });
    assert.throws(() => moved(job, 'running'), { code: 'wrong_state' });
  });

  it('is listed; one that was edited into something else is named', async () => {
    const broken = path.join(cwd, 'distillery', 'training', 'broken');
    await mkdir(broken);
    await writeFile(path.join(broken, 'job.json'), '{"version": 2}');
    const { jobs, unreadable } = await listJobs(cwd);
    assert.deepEqual(
      jobs.map((found) => found.folder),
      [folder],
    );
    assert.deepEqual(unreadable, [broken]);
  });
});

describe('a base model', () => {
  it('tells its size by its name', () => {
    const sizes = {
      'Qwen/Qwen3-4B-Instruct-2507': 4,
      'a/SmolLM2-360M': 0.36,
      'm/Mixtral-8x7B-v0.1': 56,
      'Qwen/Qwen3-0.6B': 0.6,
    };
    for (const [name, billions] of Object.entries(sizes)) assert.equal(billionsIn(name), billions, name);
    assert.equal(billionsIn('microsoft/phi-4'), undefined);
  });

  it('is a hub name or a folder; what is neither is refused with what would be', async () => {
    await assert.rejects(inspectModel('./none', os.tmpdir()), /no model folder/);
    await assert.rejects(inspectModel('gpt', os.tmpdir()), /name one on the Hugging Face hub/);
    assert.throws(() => remoteModel('models/x/y'), /whole path/);
  });
});

describe('why a trainer failed', () => {
  const killed = { code: null, signal: 9 };
  const failed = { code: 1, signal: null };
  const cases: [string, Parameters<typeof explainFailure>[0], string, RegExp][] = [
    ['a kill without a word', killed, '', /memory ran out.*batch_size=2 --set accumulation=4/],
    ['memory of the GPU', failed, 'torch.OutOfMemoryError: CUDA out of memory. Tried', /batch_size=2/],
    ['a full disk', failed, 'OSError: [Errno 28] No space left on device', /disk is full/],
    ['a gated model', failed, 'You are trying to access a gated repo.', /accept its licence/],
    [
      'a model that is not there',
      failed,
      'OSError: a/b is not a local folder and is not a valid model identifier',
      /There is no model a\/b/,
    ],
    [
      'a folder that was moved',
      failed,
      "FileNotFoundError: [Errno 2] No such file or directory: b'/old/job/output/runs/events'",
      /moved or removed while it trained\. Resume the job where it lies now/,
    ],
    ['no process and no word', undefined, '', /left no word/],
    ['anything else', failed, 'noise\nValueError: bad thing.\nmore', /ValueError: bad thing\. /],
  ];
  for (const [what, exit, log, message] of cases) {
    it(`is told for ${what}`, () => assert.match(explainFailure(exit, log, spec), message));
  }

  it('is memory where torchrun says that a rank was killed', () => {
    assert.match(explainFailure(failed, 'Signal 9 (SIGKILL) received by PID 7', spec), /memory ran out/);
  });

  it('is looked for in the last start only', () => {
    const log = 'CUDA out of memory\n----- distillery starts the trainer -----\nValueError: other';
    assert.match(explainFailure(failed, log, spec), /ValueError: other/);
  });
});

describe('progress of a job', () => {
  const at = (step: number) => ({ step, epoch: 0, seconds: step * 2 });
  const lines = [
    { kind: 'begin', max_steps: 100, resumed: false, ...at(0) },
    { kind: 'evaluation', loss: 2, perplexity: 7.4, without_improvement: 0, patience: 3, stop_reason: null, ...at(10) },
    { kind: 'checkpoint', ...at(10) },
    { kind: 'evaluation', loss: 3, perplexity: 20, without_improvement: 1, patience: 3, stop_reason: null, ...at(20) },
    { kind: 'begin', max_steps: 100, resumed: true, ...at(10) },
    { kind: 'evaluation', loss: 1, perplexity: 2.7, without_improvement: 0, patience: 3, stop_reason: null, ...at(20) },
  ];

  it('forgets, after a resume, what came after the checkpoint before', () => {
    const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"kind":"tra`;
    const progress = summarizeProgress(parseProgress(text));
    assert.deepEqual(
      progress.evaluations.map(({ loss }) => loss),
      [2, 1],
    );
    assert.deepEqual(
      [progress.best, progress.checkpoints, progress.withoutImprovement],
      [{ step: 20, loss: 1 }, [10], 0],
    );
    assert.equal(progress.secondsLeft, 160);
    assert.equal(progress.seconds, 80, 'the time of the first start counts');
    assert.equal(spendOf({ ...spec, usd_per_hour: 9 }, progress.seconds), 0.2);
    assert.equal(spendOf(spec, progress.seconds), undefined);
  });
});
