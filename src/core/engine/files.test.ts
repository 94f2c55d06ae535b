import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { optionsFor, scripted, sensible, temporaryFolder, words } from '../../../test/engine/lab';
import { isDiskTrouble, removeLeftOvers } from './files';
import { runPipeline } from './run';

describe('a file system that fails', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  const { rename } = fs;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => {
    fs.rename = rename;
    await place.remove();
  });

  const CODES = ['ENOSPC', 'EROFS', 'EIO', 'ESTALE', 'ENOTCONN', 'ETIMEDOUT', 'EHOSTDOWN', 'ENXIO', 'EBUSY', 'UNKNOWN'];
  for (const code of CODES) {
    it(`pauses the run, whatever it says: ${code}`, async () => {
      const errno = [...getSystemErrorMap()].find(([, [name]]) => name === code)?.[0] ?? -4094;
      // As Node makes them; a file system that fails in all these ways cannot be had.
      fs.rename = async (from, to) => {
        if (String(to).endsWith('words.jsonl'))
          throw Object.assign(new Error(`${code}: it fails, rename`), { errno, code, syscall: 'rename', path: from });
        await rename(from, to);
      };
      const report = await runPipeline(words(10), optionsFor(place.folder, scripted(sensible)));
      assert.equal(report.status, 'paused');
      assert.match(report.reason ?? '', new RegExp(`^The outputs could not be written\\. ${code}`));
      fs.rename = rename;
      const second = scripted(sensible);
      const resumed = await runPipeline(words(10), optionsFor(place.folder, second));
      assert.equal(resumed.status, 'completed');
      assert.equal(second.requests.length, 0);
    });
  }

  it('is not told from a connection that fails by its name alone', async () => {
    const server = net.createServer((socket) => socket.resetAndDestroy());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    assert.ok(address && typeof address === 'object');
    const failure = async (port: number): Promise<unknown> =>
      await new Promise((resolve) => net.connect(port, '127.0.0.1').on('error', resolve));
    assert.equal(isDiskTrouble(await failure(address.port)), false, 'ECONNRESET');
    await new Promise((closed) => server.close(closed));
    assert.equal(isDiskTrouble(await failure(address.port)), false, 'ECONNREFUSED');
    assert.equal(isDiskTrouble(new TypeError('a mistake')), false);
    assert.equal(isDiskTrouble(await fs.readFile(place.folder).catch((error: unknown) => error)), true);
  });

  it('leaves nothing half written behind, in subfolders neither', async () => {
    await fs.mkdir(path.join(place.folder, 'export'));
    const left = ['words.jsonl.0123abcd.tmp', 'export/alpaca.json.0123abcd.tmp'];
    for (const name of [...left, 'export/mine.tmp']) await fs.writeFile(path.join(place.folder, name), '');
    await removeLeftOvers(place.folder);
    assert.deepEqual((await fs.readdir(place.folder, { recursive: true })).sort(), [
      'export',
      path.join('export', 'mine.tmp'),
    ]);
  });
});
