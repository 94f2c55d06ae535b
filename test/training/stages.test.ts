import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Hardware, trainingSpec } from '../../src/core/records/training';
import { trainerYaml } from '../../src/core/training/trainerConfig';
import { distillery, endless, freePort, jobFolder, jobOf, type Lab, openLab, shortRun, summaryOf } from './lab';

describe('training in other ways', function () {
  this.timeout(900_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  it('on preferences, to the end, with a loss and no perplexity', async () => {
    const data = path.join(lab.folder, 'preferences.jsonl');
    await writeFile(data, preferences(120));
    const run = await distillery(lab, ...shortRun({ ...lab, data }, 'preferred', ...endless), '--watch');
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.equal((await jobOf(lab, 'preferred')).plan.stage, 'dpo');
    const { stop_reason, best_loss, perplexity_history } = await summaryOf(lab, 'preferred');
    assert.equal(stop_reason, 'max_steps');
    assert.ok(best_loss !== null && best_loss < Math.log(2), `${best_loss}: worse than not knowing`);
    assert.ok(perplexity_history.every((one) => one === null));
  });

  it('in two processes of one machine, which stop at one step when nothing gets better', async () => {
    const set = ['learning_rate=1e-12', 'patience=2', 'convergence_spread=0'];
    assert.equal((await distillery(lab, ...shortRun(lab, 'two', ...set), '--prepare-only')).code, 0);
    await distribute(jobFolder(lab, 'two'), { nnodes: 1, nproc_per_node: 2 });
    assert.equal((await distillery(lab, 'jobs', 'resume', 'two')).code, 0);
    const end = await distillery(lab, 'jobs', 'watch', 'two');
    assert.equal(end.code, 0, end.stdout + end.stderr);
    const { stop_reason, stopped_step, max_steps } = await summaryOf(lab, 'two');
    assert.deepEqual([stop_reason, stopped_step, max_steps], ['patience', 12, 24]);
  });

  it('on two nodes with one folder, started by hand as its README says', async () => {
    const set = [...endless, 'nodes=2', 'eval_steps=8'];
    assert.equal((await distillery(lab, ...shortRun(lab, 'nodes', ...set), '--prepare-only')).code, 0);
    const folder = jobFolder(lab, 'nodes');
    assert.match(await readFile(path.join(folder, 'README.md'), 'utf8'), /set NODE_RANK, MASTER_ADDR and MASTER_PORT/);
    const port = await freePort();
    const nodes = [0, 1].map((rank) =>
      spawn(lab.python, [path.join(folder, 'trainer', 'launch.py'), 'run'], {
        env: { ...lab.env, NODE_RANK: String(rank), MASTER_ADDR: '127.0.0.1', MASTER_PORT: String(port) },
        stdio: 'ignore',
      }),
    );
    // One that fails leaves the other waiting for it.
    for (const node of nodes)
      node.once('exit', (code) => {
        if (code !== 0) for (const other of nodes) other.kill();
      });
    await Promise.all(nodes.map((node) => once(node, 'exit')));
    assert.deepEqual(
      nodes.map(({ exitCode }) => exitCode),
      [0, 0],
    );
    const { stop_reason, stopped_step } = await summaryOf(lab, 'nodes');
    assert.deepEqual([stop_reason, stopped_step], ['max_steps', 24]);
  });

  it('with settings for GPUs that are not here: every key is one that the trainer knows', () => {
    const gpu = { name: 'A100', memory_mb: 80_000, bf16: true };
    const hardware: Hardware = { kind: 'cuda', gpus: [gpu, { ...gpu, bf16: false }], memory_mb: null };
    const schedule = { maxSteps: 100, evalSteps: 10, loggingSteps: 1 };
    const specs = [
      { method: 'qlora' },
      { method: 'qlora', gpus: 2, deepspeed: 'z3' },
      { method: 'full', gpus: 8, nodes: 2, deepspeed: 'z2' },
      { method: 'lora', template: 'qwen3_nothink' },
    ];
    const configs = specs.flatMap((fields) =>
      (['sft', 'dpo'] as const).map((stage): unknown => {
        const spec = trainingSpec.parse({ datasets: ['a'], model: 'a/b', ...fields });
        const deepspeed = spec.deepspeed === undefined ? undefined : 'deepspeed.json';
        return parse(trainerYaml({ spec, stage, model: 'a/b', schedule, cutoffLength: 512, hardware, deepspeed }));
      }),
    );
    const unknown = execFileSync(lab.python, ['-c', UNKNOWN_KEYS], {
      input: JSON.stringify(configs),
      env: lab.env,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    assert.equal(unknown.trim().split('\n').at(-1), '[]');
  });
});

/** Keys that the trainer's own parser does not know. Values need the hardware and are not asked here. */
const UNKNOWN_KEYS = `
import dataclasses, json, sys
from llamafactory.hparams.parser import _TRAIN_ARGS
known = {field.name for group in _TRAIN_ARGS for field in dataclasses.fields(group)}
print(json.dumps(sorted({key for config in json.load(sys.stdin) for key in config if key not in known})))
`;

function preferences(count: number): string {
  return Array.from({ length: count }, (_, at) => {
    const prompt = `What is ${at % 12} plus ${Math.floor(at / 12)}?`;
    const sum = (at % 12) + Math.floor(at / 12);
    return `${JSON.stringify({ prompt, chosen: `The sum is ${sum}.`, rejected: 'What is what?' })}\n`;
  }).join('');
}

const trainerFile = z.looseObject({});

/** As on a machine with so many GPUs; here they are processes. */
async function distribute(folder: string, distributed: object): Promise<void> {
  const file = path.join(folder, 'trainer.json');
  const told = trainerFile.parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify({ ...told, distributed }));
}
