import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Bench, table } from './bundled';

/**
 * A provider that takes so many requests a second and pushes back the rest (token bucket, 429), with and without
 * headers; then one whose capacity halves and doubles midway:
 *   npx tsx bench/engine/capacity.ts [--seconds 60] [--per-second 50]
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '24' }, 'per-second': { type: 'string', default: '50' } },
});
const seconds = Number(values.seconds);
const perSecond = Number(values['per-second']);
const BURST = 16;
const state = z.object({
  statistics: z.object({ requests: z.number(), admitted: z.number(), turnedAway: z.number() }),
});
const measured = z.object({ ms: z.number() });

async function change(url: string, capacity: { perSecond: number; burst: number; headers: boolean }): Promise<void> {
  await fetch(`${url}/__simulator`, { method: 'POST', body: JSON.stringify({ capacity }) });
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
      const timers = shares.map((share, third) =>
        setTimeout(
          () => void change(url, { perSecond: perSecond * share, burst: BURST, headers }),
          (third * seconds * 1000) / 3,
        ),
      );
      const folder = path.join(bench.folder, name.replaceAll(/\W/g, '-'));
      const { ms } = measured.parse(await bench.run(program, ['engine', url, requests, 64, folder]));
      for (const timer of timers) clearTimeout(timer);
      const { statistics } = state.parse(await (await fetch(`${url}/__simulator`)).json());
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
