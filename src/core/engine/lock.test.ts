import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { temporaryFolder } from '../../../test/engine/lab';
import { lockFile } from '../records/runFiles';
import { lockRun, readLock } from './lock';

describe('the lock of a run folder', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => await place.remove());

  const holder = { started: '', host: os.hostname(), since: '2026-11-21T00:00:00Z', token: 'x' };
  const write = (lock: object): Promise<void> => writeFile(path.join(place.folder, lockFile), JSON.stringify(lock));

  it('tells the second who holds it', async () => {
    const lock = await lockRun(place.folder);
    await assert.rejects(lockRun(place.folder), { code: 'run_locked', message: new RegExp(`process ${process.pid} `) });
    await lock.release();
    await (await lockRun(place.folder)).release();
  });

  it('of a process that is gone is taken over by exactly one', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    for (let round = 0; round < 10; round += 1) {
      await write({ ...holder, pid: child.pid, token: `round ${round}` });
      const taken = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(place.folder)));
      const winners = taken.filter((result) => result.status === 'fulfilled');
      assert.equal(winners.length, 1);
      for (const { value } of winners) await value.release();
    }
    assert.deepEqual(await readdir(place.folder), [], 'nothing is left lying about');
  });

  it('of a process that ended and was never waited for, as in a container without an init, is taken over', async function () {
    if (process.platform !== 'linux') this.skip();
    // It ends when its parent is a program already that never asks for it.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = Number(
        await new Promise<string>((resolve) => parent.stdout.setEncoding('utf8').once('data', resolve)),
      );
      while (!/\) Z /u.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) await setImmediate();
      await write({ ...holder, pid });
      await (await lockRun(place.folder)).release();
    } finally {
      parent.kill();
    }
  });

  it('of a process id that is another process by now is taken over', async () => {
    const lock = await lockRun(place.folder);
    const mine = await readLock(place.folder);
    await lock.release();
    if (mine?.started === '') return;
    await write({ ...mine, started: 'long ago', token: 'other' });
    await (await lockRun(place.folder)).release();
  });

  it('on another machine is respected: nobody can tell from here', async () => {
    await write({ ...holder, pid: 1, host: 'elsewhere' });
    await assert.rejects(lockRun(place.folder), { code: 'run_locked', message: /elsewhere/ });
  });

  it('that was torn while it was written is taken over', async () => {
    await writeFile(path.join(place.folder, lockFile), '{"pid": 12');
    await (await lockRun(place.folder)).release();
  });
});
