import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SshHost } from '../../src/core/training/hosts/ssh';
import { watchJob } from '../../src/core/training/runner';
import {
  distillery,
  type Hold,
  holdAfter,
  jobFolder,
  jobOf,
  type Lab,
  openLab,
  progressIn,
  shortRun,
  summaryOf,
  until,
} from './lab';
import { hasSshd, openSshd, type Sshd } from './sshd';

describe('training behind SSH', function () {
  this.timeout(900_000);
  let lab: Lab;
  let sshd: Sshd;
  let hold: Hold;
  const remote: string[] = [];

  before(async function () {
    if (!hasSshd) this.skip();
    const here = await openLab();
    const cache = process.env['DISTILLERY_TRAINING_CACHE'];
    hold = await holdAfter(1);
    sshd = await openSshd(path.join(here.folder, 'sshd'), {
      PYTHONPATH: hold.PYTHONPATH,
      OMP_NUM_THREADS: '1',
      HF_HUB_OFFLINE: '1',
      PATH: process.env['PATH'] ?? '',
      ...(cache === undefined ? {} : { DISTILLERY_TRAINING_CACHE: cache }),
    });
    lab = { ...here, env: { ...here.env, DISTILLERY_SSH_CONFIG: sshd.config } };
  });
  after(async () => {
    for (const folder of remote) await rm(folder, { recursive: true, force: true });
    await sshd.stop();
  });

  it('goes on while the connection is cut, is found again, and brings everything here', async () => {
    const set = ['patience=50', 'convergence_spread=0', 'epochs=2'];
    const run = await distillery(lab, ...shortRun(lab, 'far', ...set), '--where', 'ssh:lab');
    assert.equal(run.code, 0, run.stderr);
    const folder = jobFolder(lab, 'far');
    const { place } = await jobOf(lab, 'far');
    assert.ok(place?.kind === 'ssh');
    remote.push(place.folder);

    const troubles: string[] = [];
    const host = await SshHost.open('lab', sshd.config);
    const watching = watchJob(folder, host, { everyMs: 500, onTrouble: ({ message }) => troubles.push(message) });
    await until(async () => (await progressIn(folder)).evaluations.length > 0);
    await sshd.stop();
    await until(() => troubles.length > 0);
    const before = (await progressIn(place.folder)).step;
    hold.go();
    // No connection, and yet it trains.
    await until(async () => (await progressIn(place.folder)).step > before);
    await sshd.start();
    const job = await watching;

    assert.equal(job.state, 'completed', job.reason ?? '');
    assert.match(troubles[0] ?? '', /lab cannot be reached/);
    const summary = await summaryOf(lab, 'far');
    assert.deepEqual([summary.stop_reason, summary.stopped_step], ['max_steps', 96]);
    for (const file of ['progress.jsonl', 'run.log', 'output/adapter_model.safetensors', 'output/trainer_log.jsonl']) {
      const [here, there] = await Promise.all([folder, place.folder].map((side) => readFile(path.join(side, file))));
      assert.ok(here && there && here.equals(there), file);
    }
    const output = await readdir(path.join(folder, 'output'));
    assert.ok(!output.some((name) => name.startsWith('checkpoint-')), 'checkpoints stay where they can be resumed');
  });

  it('merges there, and the model comes here', async () => {
    const merge = await distillery(lab, 'jobs', 'merge', 'far', '--json');
    assert.equal(merge.code, 0, merge.stderr);
    assert.ok(existsSync(path.join(jobFolder(lab, 'far'), 'merged', 'model.safetensors')));
  });

  it('is cancelled from here, with a checkpoint and a summary', async () => {
    const set = ['patience=500', 'convergence_spread=0', 'epochs=3', 'batch_size=1', 'accumulation=1'];
    assert.equal((await distillery(lab, ...shortRun(lab, 'stopped', ...set), '--where', 'ssh:lab')).code, 0);
    const { place } = await jobOf(lab, 'stopped');
    assert.ok(place?.kind === 'ssh');
    remote.push(place.folder);
    await until(async () => (await progressIn(place.folder)).evaluations.length > 0);
    const cancel = await distillery(lab, 'jobs', 'cancel', 'stopped');
    assert.equal(cancel.code, 0, cancel.stderr);
    assert.equal((await summaryOf(lab, 'stopped')).stop_reason, 'cancelled');
  });

  it('refuses a host whose key has changed, in words', async () => {
    const known = path.join(path.dirname(sshd.config), 'known_hosts');
    const before = await readFile(known, 'utf8');
    const other = (await readFile(path.join(path.dirname(sshd.config), 'person.pub'), 'utf8')).split(' ')[1] ?? '';
    // A server whose key was taken over by nobody: no shared connection is left to go through.
    await sshd.stop();
    await sshd.start();
    await writeFile(known, before.replace(/(\S+ ssh-ed25519 )\S+/, `$1${other}`));
    try {
      const run = await distillery(lab, ...shortRun(lab, 'changed'), '--where', 'ssh:lab');
      assert.equal(run.code, 1);
      assert.match(run.stderr, /key of lab is another one than before/);
    } finally {
      await writeFile(known, before);
    }
  });

  it('refuses a host that is an option', async () => {
    const run = await distillery(lab, ...shortRun(lab, 'option'), '--where', 'ssh:-oProxyCommand=touch pwned');
    assert.equal(run.code, 2);
    assert.match(run.stderr, /is no name of a host/);
    assert.ok(!existsSync(path.join(lab.folder, 'pwned')));
  });
});
