import { rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { killAndFinish, type Moment, prepareLab } from '../../test/engine/killing';
import { Bench } from './bundled';

/**
 * Runs over the faulty simulator, each killed (SIGKILL) at random moments and in the middle of things, some several
 * times, then finished; every promise is checked (`test/engine/killing.ts`). Every fourth run is batched, every fifth is
 * killed under a wall that is half of what it needs:
 *   npx tsx bench/engine/kill.ts [--runs 200] [--rows 300] [--mode live|batch]
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    rows: { type: 'string', default: '100' },
    mode: { type: 'string', default: 'both' },
  },
});
const runs = Number(values.runs);
const rows = Number(values.rows);

/** One to three kills: at any time, or in the middle of something that the run does. */
function momentsOf(run: number, batched: boolean): Moment[] {
  const middles: readonly Moment[] = ['first write', 'rename', ...(batched ? (['poll'] as const) : [])];
  return Array.from({ length: 1 + (run % 3) }, () => {
    const middle = middles[Math.floor(Math.random() * middles.length)] ?? 'rename';
    return Math.random() < 0.4 ? middle : Math.random();
  });
}

async function main(): Promise<void> {
  const bench = await Bench.open();
  const began = performance.now();
  const total = { runs: 0, kills: 0, kept: 0, billed: 0, batched: 0, walled: 0, unharmed: 0 };
  const asked: Record<string, number> = {};
  try {
    const live = await prepareLab(bench.folder, rows);
    const batch = await prepareLab(bench.folder, rows, 'batch');
    for (let attempt = 0; total.runs < runs; attempt += 1) {
      const lab = values.mode === 'batch' || (values.mode === 'both' && attempt % 4 === 3) ? batch : live;
      const walled = attempt % 5 === 4;
      const moments = momentsOf(attempt, lab === batch);
      const folder = path.join(bench.folder, `run-${attempt}`);
      const { kills, kept, billed } = await killAndFinish(lab, folder, moments, walled ? lab.usd / 2 : undefined).catch(
        async (error: unknown) => {
          const left = path.join(os.tmpdir(), `distillery-killed-${process.pid}`);
          await rename(folder, left);
          throw new Error(`Run ${attempt}, killed at ${moments.join(', ')}, broke a promise: see ${left}`, {
            cause: error,
          });
        },
      );
      process.stderr.write(kills === 0 ? '-' : '.');
      total.kills += kills;
      total.kept += kept;
      total.billed += billed;
      // A run that had ended before its moment came is none of those that are counted.
      if (kills === 0) total.unharmed += 1;
      else total.runs += 1;
      if (lab === batch) total.batched += 1;
      if (walled) total.walled += 1;
      for (const moment of moments) {
        const name = typeof moment === 'number' ? 'any time' : moment;
        asked[name] = (asked[name] ?? 0) + 1;
      }
    }
  } finally {
    await bench.close();
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  process.stdout.write(
    `${total.runs} runs of ${rows} rows killed ${total.kills} times (meant: ${JSON.stringify(asked)}), ` +
      `${total.batched} batched, ${total.walled} under half a wall; ${total.unharmed} more had ended before\n` +
      `${total.billed} answers billed; ${total.kept} were in a journal at a kill, 0 of them asked for again; ` +
      `all outputs as undisturbed; ${minutes} min\n`,
  );
}

void main();
