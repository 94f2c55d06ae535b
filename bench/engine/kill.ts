import path from 'node:path';
import { parseArgs } from 'node:util';
import { killAndFinish, prepareLab } from '../../test/engine/killing';
import { Bench } from './bundled';

/**
 * Runs over the faulty simulator, each killed (SIGKILL) at random moments, some several times, then finished; every
 * promise is checked (`test/engine/killing.ts`):
 *   npx tsx bench/engine/kill.ts [--runs 200] [--rows 300] [--mode batch]
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    rows: { type: 'string', default: '100' },
    mode: { type: 'string', default: 'live' },
  },
});

async function main(): Promise<void> {
  const bench = await Bench.open();
  const began = performance.now();
  try {
    const lab = await prepareLab(bench.folder, Number(values.rows), values.mode === 'batch' ? 'batch' : 'live');
    let kills = 0;
    for (let run = 0; run < Number(values.runs); run += 1) {
      const moments = Array.from({ length: 1 + (run % 3) }, () => Math.random());
      kills += moments.length;
      await killAndFinish(lab, path.join(bench.folder, `run-${String(run)}`), moments);
    }
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    process.stdout.write(
      `${values.runs} runs of ${values.rows} rows, ${String(kills)} kills: all kept, ${minutes} min\n`,
    );
  } finally {
    await bench.close();
  }
}

void main();
