import path from 'node:path';
import { type Lab, type Moment, killAndFinish, prepareLab } from './killing';
import { temporaryFolder } from './lab';

const RUNS = { live: 20, batch: 4 };
/** What the first runs are killed in the middle of. */
const middles = { live: ['first write', 'rename'], batch: ['poll'] } as const;

for (const mode of ['live', 'batch'] as const)
  describe(`a ${mode} run that is killed (SIGKILL) at any moment`, function () {
    this.timeout(300_000);
    let place: Awaited<ReturnType<typeof temporaryFolder>>;
    let lab: Lab;
    before(async () => {
      place = await temporaryFolder();
      lab = await prepareLab(place.folder, 60, mode);
    });
    after(async () => await place.remove());

    for (let run = 0; run < RUNS[mode]; run += 1) {
      // Evenly over the whole time of a run; every fourth is killed three times.
      const moment = middles[mode][run] ?? (run + Math.random()) / RUNS[mode];
      const moments: Moment[] = run % 4 === 3 ? [moment, Math.random(), Math.random()] : [moment];
      it(`loses nothing, pays nothing twice, ends as if nothing had been (${moments.join(', ')})`, async () => {
        await killAndFinish(lab, path.join(place.folder, `run-${run}`), moments);
      });
    }
  });
