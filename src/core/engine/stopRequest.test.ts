import assert from 'node:assert/strict';
import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../../test/engine/lab';
import { lockRun } from './lock';
import { requestStop, STOP_REQUEST, watchForStop } from './stopRequest';

describe('a request to stop', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => await place.remove());

  it('that comes before anybody watches, but after the lock, is heeded', async () => {
    const lock = await lockRun(place.folder);
    await requestStop(place.folder);
    let watching: { dispose(): void } | undefined;
    await new Promise<void>((stop) => {
      void watchForStop(place.folder, stop).then((found) => (watching = found));
    });
    watching?.dispose();
    await lock.release();
  });

  it('of an earlier day, which nobody was there to heed, is dropped', async () => {
    await requestStop(place.folder);
    await utimes(path.join(place.folder, STOP_REQUEST), 1, 1);
    const lock = await lockRun(place.folder);
    const watching = await watchForStop(place.folder, () => assert.fail('nobody asked'));
    assert.ok(!(await readdir(place.folder)).includes(STOP_REQUEST));
    watching.dispose();
    await lock.release();
  });
});
