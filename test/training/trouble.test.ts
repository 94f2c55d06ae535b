import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import {
  distillery,
  endless,
  freshFolder,
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

describe('what happens to a job, and what it says', function () {
  this.timeout(900_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  it('killed without a word: memory, a smaller batch, and on; its folder moved while it trains: said, and on', async () => {
    const set = [...endless, 'epochs=2'];
    assert.equal((await distillery(lab, ...shortRun(lab, 'hurt', ...set))).code, 0);
    const folder = jobFolder(lab, 'hurt');
    await until(async () => (await progressIn(folder)).checkpoints.length >= 1);
    process.kill((await processesOf(folder)).child.pid, 'SIGKILL');
    const killed = await distillery(lab, 'jobs', 'watch', 'hurt');
    assert.equal(killed.code, 1);
    const advice = /memory ran out\. Resume it with a smaller batch of the same effect: (--set \S+ --set [^\s.]+)/;
    const [, flags = ''] = advice.exec(killed.stdout) ?? [];
    assert.equal(flags, '--set batch_size=2 --set accumulation=4', killed.stdout);

    const before = (await progressIn(folder)).step;
    assert.equal((await distillery(lab, 'jobs', 'resume', 'hurt', ...flags.split(' '))).code, 0);
    const yaml = await readFile(path.join(folder, 'train.yaml'), 'utf8');
    assert.match(yaml, /per_device_train_batch_size: 2\n[^]*gradient_accumulation_steps: 4\n/);
    await until(async () => (await progressIn(folder)).step > before + 4);
    const moved = jobFolder(lab, 'moved');
    await rename(folder, moved);
    const lost = await distillery(lab, 'jobs', 'watch', folder);
    assert.match(lost.stderr, /There is no training job .* There are: .*moved/);
    const told = await distillery(lab, 'jobs', 'watch', 'moved');
    assert.match(told.stdout, /folder was moved or removed while it trained\. Resume the job where it lies now/);

    assert.equal((await distillery(lab, 'jobs', 'resume', 'moved')).code, 0);
    const end = await distillery(lab, 'jobs', 'watch', 'moved');
    assert.equal(end.code, 0, end.stdout + end.stderr);
    const summary = await summaryOf(lab, 'moved');
    assert.deepEqual([summary.stop_reason, summary.stopped_step], ['max_steps', 96]);
    const output = path.join(moved, 'output');
    const adapters = ['', summary.best_checkpoint ?? ''].map((one) =>
      readFile(path.join(output, one, 'adapter_model.safetensors')),
    );
    const [kept, best] = await Promise.all(adapters);
    assert.ok(kept && best && kept.equals(best));
  });

  it('a clock that jumps by days, and a record that is edited meanwhile, end nothing', async () => {
    const shim = await freshFolder(lab, 'clock');
    await writeFile(path.join(shim, 'sitecustomize.py'), JUMPING_CLOCK);
    const jumping: Lab = { ...lab, env: { ...lab.env, PYTHONPATH: shim } };
    assert.equal((await distillery(jumping, ...shortRun(lab, 'clock', ...endless))).code, 0);
    const folder = jobFolder(lab, 'clock');
    const record = path.join(folder, 'job.json');
    const whole = await readFile(record, 'utf8');
    await writeFile(record, whole.slice(0, 200));
    const broken = await distillery(jumping, 'jobs', 'watch', 'clock');
    assert.match(broken.stderr, /job\.json cannot be read as a training job: was it edited\?/);
    await writeFile(record, whole);
    const end = await distillery(jumping, 'jobs', 'watch', 'clock');
    assert.equal(end.code, 0, end.stdout + end.stderr);
    assert.equal((await summaryOf(lab, 'clock')).stopped_step, 48);
    const { seconds } = await progressIn(folder);
    assert.ok(seconds > 0 && seconds < 3600, `${seconds} s`);
  });

  it('a loss that is not a number from the start: nothing is kept, and a way out is named', async () => {
    const model = path.join(lab.folder, 'broken-model');
    execFileSync(lab.python, ['-c', NOT_A_NUMBER, lab.model, model], { stdio: ['ignore', 'ignore', 'pipe'] });
    const run = await distillery(lab, ...shortRun({ ...lab, model }, 'nan'), '--watch');
    assert.equal(run.code, 1);
    assert.match(run.stdout, /not a number from the first evaluation on\. Try --set learning_rate=0\.001/);
    assert.equal((await summaryOf(lab, 'nan')).stop_reason, 'not_a_number');
  });

  it('a model that is gated on the hub, or not there', async () => {
    const cases = [
      ['GatedRepo', 403, /owner\/tiny is gated: accept its licence on huggingface\.co, and set HF_TOKEN/],
      ['RepoNotFound', 404, /There is no model owner\/tiny, or it is private/],
    ] as const;
    await Promise.all(
      cases.map(async ([code, status, message]) => {
        await using hub = await hubThatSays(code, status);
        const env = { ...lab.env, HF_ENDPOINT: hub.url, HF_HUB_OFFLINE: undefined, HF_TOKEN: undefined };
        const words = shortRun({ ...lab, model: 'owner/tiny' }, `hub-${code}`);
        const run = await distillery({ ...lab, env }, ...words, '--watch', '--share');
        assert.equal(run.code, 1);
        assert.match(run.stdout, message);
        assert.equal((await jobOf(lab, `hub-${code}`)).state, 'failed');
      }),
    );
  });

  it('no Python, a wrong one, and no disk', async function () {
    if (process.platform === 'win32') this.skip();
    const none = await freshFolder(lab, 'no-python');
    const without = await distillery({ ...lab, env: { ...lab.env, PATH: none } }, 'train', '--set-up');
    assert.equal(without.code, 1);
    assert.match(without.stderr, /There is no Python on this machine\. Install Python 3\.11, 3\.12 or 3\.13/);
    const old = path.join(lab.folder, 'old-python');
    await mkdir(old);
    await writeFile(path.join(old, 'python3'), '#!/bin/sh\necho 3 8\n', { mode: 0o755 });
    const wrong = await distillery({ ...lab, env: { ...lab.env, PATH: old } }, 'train', '--set-up');
    assert.match(wrong.stderr, /Python 3\.8 on this machine is none that the trainer runs on/);
    const said = execFileSync(lab.python, ['-c', FULL_DISK], { cwd: trainer, encoding: 'utf8' });
    assert.match(said, /GB free; the trainer needs 1000000000 GB\. Make room and try again/);
  });
});

/** The model hub, as far as it refuses. */
async function hubThatSays(code: string, status: number): Promise<{ readonly url: string } & AsyncDisposable> {
  const hub = createServer((_request, response) => {
    response.writeHead(status, { 'x-error-code': code, 'x-error-message': 'No.' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(hub, 'listening');
  const { port } = z.object({ port: z.number() }).parse(hub.address());
  const close = async () => {
    hub.closeAllConnections();
    hub.close();
    await once(hub, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

const trainer = path.resolve(import.meta.dirname, '..', '..', 'trainer');

/** `time.time` jumps two days forth and three back while the trainer works; the trainer's own Python reads this first. */
const JUMPING_CLOCK = `
import time
_real, _began = time.time, time.monotonic()
def _jumping():
    passed = time.monotonic() - _began
    return _real() + (0 if passed < 6 else 2 * 86400 if passed < 9 else -3 * 86400)
time.time = _jumping
`;

const NOT_A_NUMBER = `
import sys
from transformers import AutoModelForCausalLM, AutoTokenizer
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
model.model.norm.weight.data.fill_(float("nan"))
model.save_pretrained(sys.argv[2])
AutoTokenizer.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[2])
`;

const FULL_DISK = `
from pathlib import Path
from environment import SetupError, refuse_full_disk
try:
    refuse_full_disk(Path("."), 10**9)
except SetupError as error:
    print(error)
`;
