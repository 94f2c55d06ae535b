import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Bench, holdTo, table } from './bundled';

/**
 * A provider that takes so many requests a second and pushes back the rest (token bucket, 429), with and without
 * headers; then one whose capacity halves and doubles midway. Timed from the first request to the end of the process:
 *   npx tsx bench/engine/capacity.ts [--seconds 60] [--per-second 50]
 * Exit code 1 below 0.95 of the capacity, or above 1.05 requests for each that was needed.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, 'per-second': { type: 'string', default: '50' } },
});
const seconds = Number(values.seconds);
const perSecond = Number(values['per-second']);
const BURST = 16;
const state = z.object({
  statistics: z.object({ requests: z.number(), admitted: z.number(), turnedAway: z.number() }),
});

async function change(url: string, capacity: { perSecond: number; burst: number; headers: boolean }): Promise<void> {
  await fetch(`${url}/__simulator`, { method: 'POST', body: JSON.stringify({ capacity }) });
}

async function statisticsOf(url: string): Promise<z.infer<typeof state>['statistics']> {
  return state.parse(await (await fetch(`${url}/__simulator`)).json()).statistics;
}

async function main(): Promise<void> {
  const bench = await Bench.open();
  try {
    const program = await bench.bundle('contender.ts');
    const rows = [];
    for (const [name, headers, shares] of [
      ['429 with headers', true, [1, 1, 1]],
      ['bare 429', false, [1, 1, 1]],
      ['bare 429, halves and doubles', false, [1, 0.5, 1]],
    ] as const) {
      const url = await bench.simulator(
        '--latency',
        '200',
        '--per-second',
        String(perSecond),
        '--burst',
        String(BURST),
      );
      await change(url, { perSecond, burst: BURST, headers });
      const requests = Math.round(shares.reduce((sum, share) => sum + (share * perSecond * seconds) / 3, BURST));
      const folder = path.join(bench.folder, name.replaceAll(/\W/g, '-'));
      const running = bench.run(program, ['engine', url, requests, 64, folder]);
      while ((await statisticsOf(url)).requests === 0) await sleep(20);
      const began = performance.now();
      const timers = shares.map((share, third) =>
        setTimeout(
          () => void change(url, { perSecond: perSecond * share, burst: BURST, headers }),
          (third * seconds * 1000) / 3,
        ),
      );
      await running;
      const ms = performance.now() - began;
      for (const timer of timers) clearTimeout(timer);
      const statistics = await statisticsOf(url);
      holdTo(`${name}, of capacity`, seconds / (ms / 1000), { atLeast: 0.95 });
      holdTo(`${name}, sent / needed`, statistics.requests / requests, { atMost: 1.05 });
      rows.push({
        provider: name,
        requests,
        'wall s': (ms / 1000).toFixed(1),
        'of capacity': (seconds / (ms / 1000)).toFixed(3),
        'sent / needed': (statistics.requests / requests).toFixed(3),
      });
    }
    table(rows);
  } finally {
    await bench.close();
  }
}

void main();
