import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { builtOnce } from '../lab/cache';

describe('The cache of the VS Code lab', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'distillery-cache-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  it('is built once, however many ask for it at the same time', async () => {
    const folder = path.join(root, 'server');
    let builds = 0;
    const build = async (staging: string) => {
      builds++;
      await writeFile(path.join(staging, 'main.js'), 'built');
    };
    const folders = await Promise.all([builtOnce(folder, build), builtOnce(folder, build), builtOnce(folder, build)]);
    assert.deepEqual(new Set(folders), new Set([folder]));
    assert.equal(builds, 1);
    assert.equal(await readFile(path.join(folder, 'main.js'), 'utf8'), 'built');
  });

  it('has nothing that looks ready after a build that failed, and builds again', async () => {
    const folder = path.join(root, 'server');
    await assert.rejects(
      builtOnce(folder, async (staging) => {
        await writeFile(path.join(staging, 'half'), '');
        throw new Error('no compiler');
      }),
      /no compiler/,
    );
    assert.equal(existsSync(folder), false);
    await builtOnce(folder, (staging) => writeFile(path.join(staging, 'whole'), ''));
    assert.deepEqual([existsSync(path.join(folder, 'half')), existsSync(path.join(folder, 'whole'))], [false, true]);
  });

  it('takes over the lock of a process that is gone', async () => {
    const folder = path.join(root, 'server');
    // Above the largest process id that any system hands out.
    await writeFile(`${folder}.lock`, '99999999');
    await builtOnce(folder, (staging) => writeFile(path.join(staging, 'main.js'), ''));
    assert.equal(existsSync(path.join(folder, 'main.js')), true);
    assert.equal(existsSync(`${folder}.lock`), false);
  });
});
