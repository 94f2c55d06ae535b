import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { evaluation } from '../../src/core/records/evaluation';
import {
  distillery,
  endless,
  freePort,
  holdAfter,
  jobFolder,
  jobOf,
  type Lab,
  openLab,
  processesOf,
  progressIn,
  shortRun,
  summaryOf,
  until,
} from './lab';

describe('training on this machine', function () {
  this.timeout(900_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  describe('a run to its last step', () => {
    before(async () => {
      const run = await distillery(lab, ...shortRun(lab, 'whole', ...endless), '--watch');
      assert.equal(run.code, 0, run.stderr);
    });

    it('is completed, and its summary holds the whole story', async () => {
      const summary = await summaryOf(lab, 'whole');
      assert.equal((await jobOf(lab, 'whole')).state, 'completed');
      assert.equal(summary.stop_reason, 'max_steps');
      assert.deepEqual([summary.stopped_step, summary.max_steps], [48, 48]);
      assert.deepEqual(summary.evaluation_steps, [4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48]);
      assert.equal(summary.loss_history.length, 12);
      assert.equal(summary.grad_norm_history.length, 48);
      const [first] = summary.loss_history;
      assert.ok(first !== null && first !== undefined && summary.best_loss !== null && summary.best_loss < first);
      assert.equal(summary.perplexity_history[0]?.toFixed(6), Math.exp(first).toFixed(6));
      assert.equal(summary.config['lora_r'], 8);
    });

    it('leaves the best checkpoint as the adapter, byte for byte', async () => {
      const output = path.join(jobFolder(lab, 'whole'), 'output');
      const { best_checkpoint, best_step } = await summaryOf(lab, 'whole');
      assert.equal(best_checkpoint, `checkpoint-${best_step}`);
      const adapter = await readFile(path.join(output, 'adapter_model.safetensors'));
      assert.ok(adapter.equals(await readFile(path.join(output, best_checkpoint, 'adapter_model.safetensors'))));
    });

    it('told its progress while it ran, with gradient norms and what it used', async () => {
      const progress = await progressIn(jobFolder(lab, 'whole'));
      assert.equal(progress.stopReason, 'max_steps');
      assert.equal(progress.train.length, 48);
      assert.ok(progress.train.every((line) => line.grad_norm !== null && line.memory_mb > 0));
      assert.equal(progress.evaluations.length, 12);
    });

    it('is merged, and the merged model answers through the trainer’s own server', async () => {
      const merge = await distillery(lab, 'jobs', 'merge', 'whole', '--json');
      assert.equal(merge.code, 0, merge.stderr);
      const files = await readdir(path.join(jobFolder(lab, 'whole'), 'merged'));
      assert.ok(files.includes('model.safetensors') && files.includes('Modelfile'), files.join());
      const port = await freePort();
      const server = spawn(
        lab.python,
        [path.join(jobFolder(lab, 'whole'), 'trainer', 'serve.py'), '--port', String(port)],
        {
          env: lab.env,
          stdio: 'ignore',
        },
      );
      try {
        await until(() => answers(`http://127.0.0.1:${port}/v1/models`));
        const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            model: 'whole',
            messages: [{ role: 'user', content: 'What is 2 plus 3?' }],
            max_tokens: 16,
          }),
        });
        const said = reply.parse(await response.json());
        assert.equal(said.model, 'whole');
        assert.equal(typeof said.choices[0]?.message.content, 'string');
      } finally {
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
    });

    it('is compared with its base model on what was held out, both served by the trainer', async () => {
      const run = await distillery(
        lab,
        'evaluate',
        '--job',
        'whole',
        '--judge',
        'exact',
        '--max-tokens',
        '12',
        '--json',
      );
      assert.equal(run.code, 0, run.stderr);
      const report = evaluation.parse(JSON.parse(run.stdout));
      assert.deepEqual(report.models, { base: 'job/whole-base', tuned: 'job/whole' });
      assert.deepEqual([report.n, report.overlap.status], [(await jobOf(lab, 'whole')).plan.validation_rows, 'none']);
      for (const { prompts, tokens_per_second, first_token_ms } of Object.values(report.speed ?? {}))
        assert.ok(prompts === 5 && tokens_per_second !== null && first_token_ms !== null);
      assert.ok(report.speed);
    });
  });

  it('stops by patience when nothing gets better', async () => {
    const set = ['learning_rate=1e-12', 'patience=2', 'convergence_spread=0'];
    const run = await distillery(lab, ...shortRun(lab, 'patience', ...set), '--watch', '--json');
    assert.equal(run.code, 0, run.stderr);
    const summary = await summaryOf(lab, 'patience');
    assert.deepEqual([summary.stop_reason, summary.stopped_step], ['patience', 12]);
  });

  it('stops by convergence when the last five evaluations lie together', async () => {
    const run = await distillery(lab, ...shortRun(lab, 'converged', 'learning_rate=1e-12', 'patience=50'), '--watch');
    assert.equal(run.code, 0, run.stderr);
    const summary = await summaryOf(lab, 'converged');
    assert.deepEqual([summary.stop_reason, summary.stopped_step], ['convergence', 20]);
  });

  it('goes on after a kill with what it knew, past a checkpoint that is cut off', async () => {
    const set = ['learning_rate=1e-12', 'patience=6', 'convergence_spread=0', 'eval_steps=2'];
    const { PYTHONPATH } = await holdAfter(3);
    const held = { ...lab, env: { ...lab.env, PYTHONPATH } };
    assert.equal((await distillery(held, ...shortRun(lab, 'killed', ...set))).code, 0);
    const folder = jobFolder(lab, 'killed');
    await until(async () => (await progressIn(folder)).checkpoints.length >= 3);
    const { pid, child } = await processesOf(folder);
    process.kill(pid, 'SIGKILL');
    process.kill(child.pid, 'SIGKILL');
    await until(() => gone(pid) && gone(child.pid));
    const failed = await distillery(lab, 'jobs', 'killed', '--json');
    assert.match(failed.stdout, /left no word/);
    const newest = await newestCheckpoint(folder);
    await truncate(path.join(folder, 'output', newest, 'adapter_model.safetensors'), 100);
    await changeSetting(folder, 'patience', 4);

    assert.equal((await distillery(lab, 'jobs', 'resume', 'killed')).code, 0);
    const watched = await distillery(lab, 'jobs', 'watch', 'killed');
    assert.equal(watched.code, 0, watched.stderr);
    const summary = await summaryOf(lab, 'killed');
    assert.deepEqual([summary.stop_reason, summary.stopped_step], ['patience', 10]);
    assert.deepEqual(summary.evaluation_steps, [2, 4, 6, 8, 10]);
    assert.deepEqual(summary.notes, ['patience was changed from 6 to 4 between runs.']);
    assert.ok(existsSync(path.join(folder, 'output', `incomplete-${newest}`)));
  });

  it('saves a checkpoint and a summary when it is cancelled, and goes on from there', async () => {
    // Long enough for everything below to find it at work.
    const set = ['patience=500', 'convergence_spread=0', 'epochs=3', 'batch_size=1', 'accumulation=1'];
    const first = await distillery(lab, ...shortRun(lab, 'stopped', ...set));
    assert.equal(first.code, 0, first.stderr);
    const folder = jobFolder(lab, 'stopped');
    await until(async () => (await progressIn(folder)).evaluations.length > 0);
    const second = await distillery(lab, ...shortRun(lab, 'second'));
    assert.equal(second.code, 1);
    assert.match(second.stderr, /Another job trains on this machine/);
    assert.equal((await distillery(lab, 'jobs', 'cancel', 'stopped')).code, 0);
    const summary = await summaryOf(lab, 'stopped');
    assert.equal((await jobOf(lab, 'stopped')).state, 'cancelled');
    assert.equal(summary.stop_reason, 'cancelled');
    assert.ok(summary.stopped_step < 1000);
    assert.equal(await newestCheckpoint(folder), `checkpoint-${summary.stopped_step}`);
  });

  it('says what is wrong with a model that is not there', async () => {
    const run = await distillery(lab, 'train', '--data', lab.data, '--model', './nowhere');
    assert.equal(run.code, 2);
    assert.match(run.stderr, /There is no model folder .*nowhere/);
  });
});

const reply = z.object({
  model: z.string(),
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })),
});

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Not up yet.
    return false;
  }
}

function gone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function newestCheckpoint(folder: string): Promise<string> {
  const steps = (await readdir(path.join(folder, 'output'))).flatMap(
    (name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [],
  );
  return `checkpoint-${Math.max(...steps.map(Number))}`;
}

async function changeSetting(folder: string, name: string, value: number): Promise<void> {
  const file = path.join(folder, 'trainer.json');
  const told = z
    .looseObject({ stopping: z.record(z.string(), z.number()) })
    .parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify({ ...told, stopping: { ...told.stopping, [name]: value } }));
}
