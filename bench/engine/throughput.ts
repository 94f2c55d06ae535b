import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Bench, holdTo, table } from './bundled';

/**
 * The engine against the bare SDK in a promise pool of the same width, on the same simulator in a process of its own:
 *   npx tsx bench/engine/throughput.ts [--requests 10000] [--latency 200] [--rounds 1]
 * Exit code 1 when the median round passes a limit: at 64 in flight wall / ideal, at 256 throughput and CPU beside the SDK's.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    latency: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '1' },
    widths: { type: 'string', default: '64,256' },
  },
});
const requests = Number(values.requests);
const latency = Number(values.latency);
const measured = z.object({ ms: z.number(), cpuMs: z.number(), rssMb: z.number() });
type Measured = z.infer<typeof measured>;

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

async function main(): Promise<void> {
  const bench = await Bench.open();
  try {
    const program = await bench.bundle('contender.ts');
    const url = await bench.simulator('--latency', String(latency));
    const rows = [];
    const results = new Map<string, Measured[]>();
    for (const width of values.widths.split(',').map(Number)) {
      for (let round = 0; round < Number(values.rounds); round += 1) {
        for (const kind of ['bare', 'engine']) {
          const result = measured.parse(await bench.run(program, [kind, url, requests, width, bench.folder]));
          const key = `${kind} ${width}`;
          results.set(key, [...(results.get(key) ?? []), result]);
          const ideal = (requests * latency) / width;
          rows.push({
            who: kind,
            'in flight': width,
            'wall s': (result.ms / 1000).toFixed(2),
            'wall / ideal': (result.ms / ideal).toFixed(2),
            'CPU ms / request': (result.cpuMs / requests).toFixed(3),
            'RSS MB': result.rssMb.toFixed(0),
          });
        }
      }
    }
    table(rows);
    const of = (key: string, figure: keyof Measured): number =>
      median(results.get(key)?.map((one) => one[figure]) ?? []);
    if (results.has('engine 64')) {
      holdTo('wall / ideal at 64', of('engine 64', 'ms') / ((requests * latency) / 64), { atMost: 1.05 });
    }
    if (results.has('engine 256')) {
      holdTo('throughput / bare SDK at 256', of('bare 256', 'ms') / of('engine 256', 'ms'), { atLeast: 0.9 });
      const beyond = (of('engine 256', 'cpuMs') - of('bare 256', 'cpuMs')) / requests;
      holdTo('CPU ms a request beyond the SDK at 256', beyond, { atMost: 0.3 });
    }
  } finally {
    await bench.close();
  }
}

void main();
