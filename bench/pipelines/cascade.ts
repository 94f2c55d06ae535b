import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { NearIndex } from '../../src/core/datasets/near';
import { goldenCount, stageBRow } from '../../src/core/records/cascade';
import { runManifest, type RunReport } from '../../src/core/records/run';
import { Bench, table } from '../engine/bundled';

/**
 * A whole cascade from the command line against a faulty simulator, killed (SIGKILL) on the way, finished, and held to
 * its promises:
 *   npx tsx bench/pipelines/cascade.ts [--samples 10000] [--width 256] [--latency 200] [--faults 0.03] [--kills 2]
 *     [--budget 100] [--batch]        the formatter through the Batch API
 */
const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000' },
    width: { type: 'string', default: '256' },
    latency: { type: 'string', default: '200' },
    faults: { type: 'string', default: '0.03' },
    kills: { type: 'string', default: '2' },
    budget: { type: 'string', default: '100' },
    batch: { type: 'boolean', default: false },
  },
});
const samples = Number(values.samples);
const cap = Number(values.budget);
const wanted = goldenCount(samples);

/** Faults that a run goes on through; each at the given rate divided among them. */
const faults = ['rate_limit_bare', 'server_error', 'overloaded', 'reset', 'cut', 'truncated', 'empty', 'wrong_schema'];

const account = z.object({
  bill: z.object({ usd: z.number(), answers: z.number(), paid: z.record(z.string(), z.number()) }),
});

async function main(): Promise<void> {
  const bench = await Bench.open();
  try {
    const cli = await bench.bundle('../../src/cli/distillery.ts');
    await cp(
      path.join(import.meta.dirname, '../../src/core/pipelines/cascade/domains'),
      path.join(bench.folder, 'domains'),
      {
        recursive: true,
      },
    );
    const rates = faults.flatMap((fault) => ['--fault', `${fault}=${Number(values.faults) / faults.length}`]);
    const url = await bench.simulator('--latency', values.latency, '--bill-abandoned', ...rates);
    const folder = path.join(bench.folder, 'run');
    const began = performance.now();
    for (let kill = 1; kill <= Number(values.kills); kill++) await killAt(start(cli, folder, url), folder, kill);
    const report = await finished(start(cli, folder, url));
    const seconds = (performance.now() - began) / 1000;
    const { bill } = account.parse(await (await fetch(`${url}/__simulator`)).json());
    await check(folder, report, bill);
    tell(report, bill, seconds, await answersByStage(folder));
  } finally {
    await bench.close();
  }
}

function start(cli: string, folder: string, url: string): ChildProcess {
  const cast = [
    'generator=deepseek/deepseek-flash',
    'formatter=openai/gpt-6-luna',
    'validator=anthropic/claude-sonnet-5-5',
  ];
  const words = ['cascade', '--out', folder, '--samples', values.samples, '--budget', values.budget, '--yes', '--json'];
  const batch = values.batch ? ['--batch', '--live', 'raw', '--live', 'golden', '--poll', '0.2'] : [];
  const teachers = cast.flatMap((teacher) => ['--teacher', teacher]);
  return spawn(process.execPath, [cli, ...words, ...teachers, ...batch, '--quiet', '--concurrency', values.width], {
    env: {
      ...process.env,
      ...{ OPENAI_BASE_URL: `${url}/v1`, DEEPSEEK_BASE_URL: url, ANTHROPIC_BASE_URL: url },
      ...{ OPENAI_API_KEY: 'sk-a', DEEPSEEK_API_KEY: 'sk-b', ANTHROPIC_API_KEY: 'sk-c' },
      DISTILLERY_HOME: path.join(path.dirname(folder), 'home'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills the run when its part of the samples is done: at a third and two thirds for two kills. */
async function killAt(child: ChildProcess, folder: string, kill: number): Promise<void> {
  const part = (samples * kill) / (Number(values.kills) + 1);
  const exited = once(child, 'exit');
  while (child.exitCode === null && (await unitsDone(folder)) < part) await sleep(50);
  child.kill('SIGKILL');
  await exited;
}

async function unitsDone(folder: string): Promise<number> {
  try {
    return runManifest.parse(JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8'))).report.units.done;
  } catch (error) {
    // Not yet written.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

async function finished(child: ChildProcess): Promise<RunReport> {
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0, out);
  return JSON.parse(out) as RunReport;
}

async function check(folder: string, report: RunReport, bill: z.infer<typeof account>['bill']): Promise<void> {
  const { requested, ok, rejected, failed, unvalidated, approved } = report.counts;
  assert.equal(report.status, 'completed', report.reason ?? '');
  assert.equal(requested, ok + rejected + failed + unvalidated);
  assert.ok(ok >= samples, `${ok} rows of ${samples}`);
  assert.ok(bill.usd <= cap, 'the provider billed more than the cap');
  assert.ok(report.spend_usd >= bill.usd - 1e-6, 'less was counted than was billed');
  assert.ok(report.spend_usd <= cap);
  const drawn = new Set<string>();
  for await (const row of rows(folder, 'validation_results.jsonl'))
    drawn.add(z.object({ sample_id: z.string() }).parse(row).sample_id);
  assert.equal(drawn.size, wanted);
  const near = new NearIndex<string>({ threshold: 0.8 });
  const ids = new Set<string>();
  let twins = 0;
  for await (const value of rows(folder, 'stage_b_formatted_pairs.jsonl')) {
    const row = stageBRow.parse(value);
    assert.ok(!ids.has(row.sample_id));
    ids.add(row.sample_id);
    if (near.add(row.instruction, row.sample_id)) twins++;
  }
  assert.equal(ids.size, ok);
  assert.ok(twins < ok / 100, `${twins} near-duplicates`);
  let training = 0;
  for await (const value of rows(folder, 'training_pairs.jsonl')) {
    assert.ok(!drawn.has(stageBRow.parse(value).sample_id), 'a golden row is trained on');
    training++;
  }
  assert.equal(training, ok - drawn.size);
  const results = z
    .object({ criteria: z.array(z.object({ name: z.string(), value: z.number().nullable() })) })
    .parse(JSON.parse(await readFile(path.join(folder, 'results.json'), 'utf8')));
  const value = (name: string) => results.criteria.find((criterion) => criterion.name === name)?.value;
  assert.equal(value('training_pairs'), training);
  assert.equal(value('golden_checked'), wanted);
  assert.equal(value('approval'), approved / wanted);
}

async function* rows(folder: string, name: string): AsyncGenerator {
  for await (const line of createInterface({ input: createReadStream(path.join(folder, name)) }))
    yield JSON.parse(line);
}

/** Requests that took an answer's time: the useless answers and the cut ones too, but not those that were turned away. */
async function answersByStage(folder: string): Promise<number[]> {
  const line = z.object({ type: z.string(), stage: z.string().optional(), cost: z.number().optional() });
  const counts = new Map<string, number>();
  for await (const row of rows(folder, 'journal.jsonl')) {
    const { type, stage = '', cost = 0 } = line.parse(row);
    if (type === 'reply' || (type === 'lost' && cost > 0)) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  }
  return [...counts.values()];
}

function tell(
  report: RunReport,
  { usd, answers, paid }: z.infer<typeof account>['bill'],
  seconds: number,
  byStage: readonly number[],
): void {
  const latency = Number(values.latency) / 1000;
  // The slowest stage alone at the full width, with what its faults made necessary, and one answer of each other stage.
  const slowest = Math.max(...byStage);
  const critical = (slowest / Number(values.width)) * latency + (report.stages.length - 1) * latency;
  table([
    {
      rows: report.counts.ok,
      'rejected/failed': `${report.counts.rejected}/${report.counts.failed}`,
      golden: `${report.counts.approved} of ${wanted}`,
      requests: report.requests,
      'paid twice': answers - Object.keys(paid).length,
      'billed $': usd.toFixed(4),
      'counted $': report.spend_usd.toFixed(4),
      'wall s': seconds.toFixed(1),
      // A run that was killed, or that waits for batches, has another way to go.
      ...(values.kills === '0' &&
        !values.batch && { 'critical path s': critical.toFixed(1), ratio: (seconds / critical).toFixed(2) }),
    },
  ]);
}

void main();
