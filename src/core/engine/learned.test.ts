import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { later, optionsFor, scripted, sensible, temporaryFolder, words } from '../../../test/engine/lab';
import { TeacherError } from '../teachers/errors';
import { readLearned, writeLearned } from './learned';
import { runPipeline } from './run';

describe('what runs learn about deployments', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => await place.remove());

  it('is there for the next run', async () => {
    const home = path.join(place.folder, 'home');
    const busy = scripted((request, count) => {
      // One push-back says nothing; several do.
      if (count >= 40 && count < 50) throw new TeacherError('rate_limited', 'Too many.');
      return sensible(request);
    });
    await runPipeline(words(60), optionsFor(path.join(place.folder, 'run'), busy, { home }));
    const learned = (await readLearned(home)).get('scripted');
    assert.ok((learned?.rate ?? 0) > 0);
    assert.ok((learned?.limit ?? 0) >= 1);
  });

  it('is what a run starts with', async () => {
    const home = path.join(place.folder, 'home');
    await writeLearned(home, new Map([['careful', { limit: 2 }]]));
    for (const [deployment, atOnce] of [
      ['careful', 2],
      ['unknown', 8],
    ] as const) {
      let all = (): void => undefined;
      const arrived = new Promise<void>((resolve) => (all = resolve));
      let first: number | undefined;
      const teacher = scripted(
        async (request, count, signal) => {
          if (count === atOnce - 1) all();
          // Nothing is answered before as many as may go at once have gone, and more could have.
          await arrived;
          if (count < atOnce) {
            const gone = await later(20, signal, () => teacher.requests.length);
            first ??= gone;
          }
          return sensible(request);
        },
        'scripted',
        deployment,
      );
      const options = optionsFor(path.join(place.folder, deployment), teacher, { home, concurrency: 8 });
      assert.equal((await runPipeline(words(20), options)).status, 'completed');
      assert.equal(first, atOnce);
    }
  });

  it('is kept by deployment, and nobody minds a file that is none', async () => {
    await writeLearned(place.folder, new Map([['a', { limit: 3 }]]));
    await writeLearned(place.folder, new Map([['b', { limit: 4, rate: 2.5 }]]));
    assert.deepEqual(
      [...(await readLearned(place.folder))],
      [
        ['a', { limit: 3 }],
        ['b', { limit: 4, rate: 2.5 }],
      ],
    );
    await writeFile(path.join(place.folder, 'deployments.json'), 'none');
    assert.equal((await readLearned(place.folder)).size, 0);
  });
});
