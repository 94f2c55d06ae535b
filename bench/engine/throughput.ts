import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Bench, table } from './bundled';

/**
 * The engine against the bare SDK in a promise pool of the same width, on the same simulator in a process of its own:
 *   npx tsx bench/engine/throughput.ts [--requests 10000] [--latency 200] [--rounds 1]
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

async function main(): Promise<void> {
  const bench = await Bench.open();
  try {
    const program = await bench.bundle('contender.ts');
    const url = await bench.simulator('--latency', String(latency));
    const rows = [];
    for (const width of values.widths.split(',').map(Number)) {
      for (let round = 0; round < Number(values.rounds); round += 1) {
        for (const kind of ['bare', 'engine']) {
          const result = measured.parse(await bench.run(program, [kind, url, requests, width, bench.folder]));
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
  } finally {
    await bench.close();
  }
}

void main();
