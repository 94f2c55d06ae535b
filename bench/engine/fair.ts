import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Bench, table } from './bundled';

/**
 * Several runs, each a process of its own, at one provider that takes so many requests a second: does everybody get an
 * equal share, also who comes late, and is the capacity used?
 *   npx tsx bench/engine/fair.ts [--seconds 30] [--per-second 60]
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, 'per-second': { type: 'string', default: '60' } },
});
const seconds = Number(values.seconds);
const perSecond = Number(values['per-second']);
const BURST = 16;
const measured = z.object({ ms: z.number() });
const state = z.object({ statistics: z.object({ requests: z.number() }) });

/** Three with equal work, so that equal shares end together; the last two begin when the first has gone on alone. */
const crowds = [
  { name: 'three at once', headers: false, lateS: 0 },
  { name: 'three at once, with headers', headers: true, lateS: 0 },
  { name: 'two come late', headers: false, lateS: seconds / 6 },
];

async function main(): Promise<void> {
  const bench = await Bench.open();
  try {
    const program = await bench.bundle('contender.ts');
    const rows = [];
    for (const { name, headers, lateS } of crowds) {
      const url = await bench.simulator('--latency', '200');
      const capacity = { perSecond, burst: BURST, headers };
      await fetch(`${url}/__simulator`, { method: 'POST', body: JSON.stringify({ capacity }) });
      const each = Math.round((perSecond * seconds) / 3);
      // Who was alone for a while has that much more to do.
      const work = [each + Math.round(perSecond * lateS), each, each];
      const home = path.join(bench.folder, 'home', name);
      const rates = await Promise.all(
        work.map(async (requests, index) => {
          const alone = index === 0 ? 0 : lateS;
          await sleep(alone * 1000);
          const folder = path.join(bench.folder, `${name}-${index}`.replaceAll(/\W/g, '-'));
          const { ms } = measured.parse(await bench.run(program, ['engine', url, requests, 64, folder, home]));
          return ms / 1000 + alone;
        }),
      );
      const { statistics } = state.parse(await (await fetch(`${url}/__simulator`)).json());
      const total = work.reduce((sum, requests) => sum + requests, 0);
      rows.push({
        runs: name,
        'ended at s': rates.map((s) => s.toFixed(1)).join(' '),
        'first / last': (Math.min(...rates) / Math.max(...rates)).toFixed(2),
        'of capacity': ((total - BURST) / perSecond / Math.max(...rates)).toFixed(3),
        'sent / needed': (statistics.requests / total).toFixed(3),
      });
    }
    table(rows);
  } finally {
    await bench.close();
  }
}

void main();
