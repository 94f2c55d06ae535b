import { parseArgs } from 'node:util';
import { FAULTS, type FaultName } from './options';
import { startSimulator } from './server';

/**
 * The simulator as a process of its own:
 *   npx tsx test/simulator/main.ts --port 8787 --latency 200 --fault rate_limit=0.05 --fault reset=0.05
 * Prints one line of JSON with its address when it listens. `GET /__simulator` is its bill and statistics,
 * `POST /__simulator` changes options while it runs. Ends with its standard input when `--attached`.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '42' },
    latency: { type: 'string', default: '0' },
    jitter: { type: 'string', default: '0' },
    fault: { type: 'string', multiple: true, default: [] },
    'all-faults': { type: 'string' },
    fabrication: { type: 'string', default: '0' },
    cached: { type: 'string', default: '0' },
    'per-second': { type: 'string' },
    burst: { type: 'string', default: '16' },
    tokens: { type: 'string', default: 'exact' },
    'batch-ms': { type: 'string', default: '50' },
    'bill-abandoned': { type: 'boolean', default: false },
    attached: { type: 'boolean', default: false },
  },
});

function faultRates(): Partial<Record<FaultName, number>> {
  const all = values['all-faults'];
  const rates: Partial<Record<FaultName, number>> = {};
  if (all !== undefined) for (const name of FAULTS) rates[name] = Number(all);
  for (const pair of values.fault) {
    const [name, rate] = pair.split('=');
    const known = FAULTS.find((one) => one === name);
    if (!known) throw new Error(`No fault is called ${String(name)}: ${FAULTS.join(', ')}`);
    rates[known] = Number(rate);
  }
  return rates;
}

async function main(): Promise<void> {
  const perSecond = values['per-second'];
  const simulator = await startSimulator({
    port: Number(values.port),
    seed: Number(values.seed),
    latencyMs: Number(values.latency),
    jitterMs: Number(values.jitter),
    faults: faultRates(),
    fabrication: Number(values.fabrication),
    cached: Number(values.cached),
    tokens: values.tokens === 'fast' ? 'fast' : 'exact',
    batchMs: Number(values['batch-ms']),
    billAbandoned: values['bill-abandoned'],
    ...(perSecond !== undefined && { capacity: { perSecond: Number(perSecond), burst: Number(values.burst) } }),
  });
  process.stdout.write(`${JSON.stringify({ url: simulator.url, env: simulator.env, pid: process.pid })}\n`);
  if (values.attached) {
    process.stdin.resume();
    process.stdin.once('end', () => {
      void simulator.close();
    });
  }
  process.once('SIGTERM', () => {
    void simulator.close();
  });
}

void main();
