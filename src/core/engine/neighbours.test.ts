import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Neighbours } from './neighbours';

describe('runs at the same time', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'distillery-neighbours-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('hear what the others want, and no more of one that has left', async () => {
    const one = new Neighbours(home);
    const other = new Neighbours(home);
    assert.deepEqual(await one.exchange({ 'openai gpt': { rate: 12 }, local: {} }), new Map());
    const heard = await other.exchange({ local: { rate: 3 } });
    assert.deepEqual(
      [...heard],
      [
        ['openai gpt', [{ rate: 12 }]],
        ['local', [{}]],
      ],
    );
    await one[Symbol.asyncDispose]();
    assert.deepEqual(await other.exchange({}), new Map());
  });

  it('do not count one that was killed, nor heed what is no such file', async () => {
    const here = new Neighbours(home);
    await here.exchange({});
    const folder = path.join(home, 'at-work');
    const dead = path.join(folder, '12-abc.json');
    await writeFile(dead, '{"local":{"rate":3}}');
    await utimes(dead, new Date(0), new Date(0));
    await writeFile(path.join(folder, 'half.json'), '{"local":{"ra');
    assert.deepEqual(await here.exchange({}), new Map());
    assert.ok(!(await readdir(folder)).includes('12-abc.json'));
  });

  it('go on when somebody clears the home', async () => {
    const here = new Neighbours(home);
    await here.exchange({ local: {} });
    await rm(home, { recursive: true });
    await here.exchange({ local: { rate: 2 } });
    assert.deepEqual(await new Neighbours(home).exchange({}), new Map([['local', [{ rate: 2 }]]]));
  });
});
