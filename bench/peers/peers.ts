import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { Bench, table } from '../engine/bundled';
import { peerNames, peers, pythonWith } from './environments';

/**
 * The engine, the bare SDK in a promise pool, and the field's Python tools, one after the other on the same simulator in a
 * process of its own, each with the same requests and as many in flight:
 *   npx tsx bench/peers/peers.ts [--requests 10000] [--latency 200] [--widths 256,64] [--who engine,distilabel]
 * Exit code 1 when the engine has not at least twice the throughput of the best peer at 256.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000' },
    latency: { type: 'string', default: '200' },
    widths: { type: 'string', default: '256' },
    who: { type: 'string', default: ['bare', 'engine', ...peerNames].join(',') },
  },
});
const requests = Number(values.requests);
const latency = Number(values.latency);
const measured = z.object({ ms: z.number(), cpuMs: z.number(), rssMb: z.number() });
type Measured = z.infer<typeof measured>;

const DECIDES = 256;
const WANTED = 2;

type Contender = (url: string, width: number, folder: string) => Promise<Measured>;

async function main(): Promise<void> {
  const bench = await Bench.open();
  try {
    const contenders = await contendersIn(bench);
    const rows = [];
    for (const width of values.widths.split(',').map(Number)) {
      const ms = new Map<string, number>();
      for (const [name, run] of contenders) {
        const url = await bench.simulator('--latency', String(latency));
        const folder = path.join(bench.folder, `${name}-${width}`);
        await mkdir(folder);
        const result = await run(url, width, folder);
        ms.set(name, result.ms);
        rows.push(rowOf(name, width, result));
        process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
      }
      const engine = ms.get('engine');
      const best = Math.min(...peerNames.flatMap((peer) => ms.get(peer) ?? []));
      if (engine === undefined || best === Infinity) continue;
      process.stdout.write(`at ${width} in flight: ${(best / engine).toFixed(2)} times the best peer's throughput\n`);
      if (width === DECIDES && best / engine < WANTED) process.exitCode = 1;
    }
    table(rows);
  } finally {
    await bench.close();
  }
}

async function contendersIn(bench: Bench): Promise<Map<string, Contender>> {
  const program = await bench.bundle('contender.ts');
  const contenders = new Map<string, Contender>();
  for (const kind of ['bare', 'engine']) {
    contenders.set(kind, async (url, width, folder) =>
      measured.parse(await bench.run(program, [kind, url, requests, width, folder])),
    );
  }
  for (const peer of peerNames) {
    if (!values.who.split(',').includes(peer)) continue;
    const python = await pythonWith(peer);
    const script = path.join(import.meta.dirname, peers[peer].program);
    contenders.set(peer, (url, width, folder) => runPython(python, [script, url, requests, width, folder], folder));
  }
  return new Map([...contenders].filter(([name]) => values.who.split(',').includes(name)));
}

/** What it prints besides its figures is its own business, unless it fails. */
async function runPython(python: string, args: readonly (string | number)[], cwd: string): Promise<Measured> {
  const { stdout } = await promisify(execFile)(python, args.map(String), { cwd, maxBuffer: 2 ** 28 });
  const figures = stdout.split('\n').findLast((line) => line.startsWith('{"ms"'));
  return measured.parse(JSON.parse(figures ?? 'null'));
}

function rowOf(who: string, width: number, { ms, cpuMs, rssMb }: Measured): Record<string, string | number> {
  return {
    who,
    'in flight': width,
    'wall s': (ms / 1000).toFixed(2),
    'wall / ideal': (ms / ((requests * latency) / width)).toFixed(2),
    'requests / s': (requests / (ms / 1000)).toFixed(0),
    'CPU ms / request': (cpuMs / requests).toFixed(2),
    'RSS MB': rssMb.toFixed(0),
  };
}

void main();
