import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { JournalLine } from '../../src/core/engine/lines';
import type { RunReport } from '../../src/core/records/run';
import type { FaultRates } from '../simulator/options';
import { type Simulator, startSimulator } from '../simulator/server';
import { linesOf } from './lab';

/** Runs that are killed at random moments, and what must be true of them when they are finished in the end. */

const faults: FaultRates = {
  rate_limit_bare: 0.03,
  server_error: 0.02,
  overloaded: 0.02,
  reset: 0.02,
  cut: 0.02,
  truncated: 0.02,
  empty: 0.01,
  refusal: 0.01,
  wrong_schema: 0.02,
};

export interface Lab {
  readonly worker: string;
  readonly rows: number;
  readonly mode: Mode;
  /** What an undisturbed run gives, and how long it takes. */
  readonly expected: unknown;
  readonly ms: number;
}

/** Batched, batches also fail in parts and expire. */
export type Mode = 'live' | 'batch';

const CAP = 2;

/** @param folder where the worker and its undisturbed run go. */
export async function prepareLab(folder: string, rows: number, mode: Mode = 'live'): Promise<Lab> {
  const worker = path.join(folder, 'worker.cjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'worker.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const place = path.join(folder, 'undisturbed');
  const simulator = await simulate();
  const began = performance.now();
  await finish({ worker, rows, mode }, place, simulator);
  const ms = performance.now() - began;
  await simulator.close();
  return { worker, rows, mode, expected: await resultOf(place), ms };
}

/** Kills a run at each of these moments (shares of an undisturbed run's time), finishes it, and checks its promises. */
export async function killAndFinish(lab: Lab, folder: string, moments: readonly number[]): Promise<RunReport> {
  const simulator = await simulate();
  try {
    for (const moment of moments) {
      const child = start(lab, folder, simulator);
      const timer = setTimeout(() => child.kill('SIGKILL'), moment * lab.ms);
      await once(child, 'exit');
      clearTimeout(timer);
    }
    const report = await finish(lab, folder, simulator);
    assert.deepEqual(await resultOf(folder), lab.expected, 'the outputs are those of an undisturbed run');
    await checkAccounts(folder, report, simulator);
    return report;
  } finally {
    await simulator.close();
  }
}

async function simulate(): Promise<Simulator> {
  const batches = { batchMs: 40, batchErrored: 0.1, batchExpired: 0.1 };
  return await startSimulator({ faults, latencyMs: 15, jitterMs: 30, tokens: 'fast', billAbandoned: true, ...batches });
}

function start(lab: Pick<Lab, 'worker' | 'rows' | 'mode'>, folder: string, { url }: Simulator) {
  return spawn(process.execPath, [lab.worker, folder, url, String(lab.rows), String(CAP), lab.mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function finish(
  lab: Pick<Lab, 'worker' | 'rows' | 'mode'>,
  folder: string,
  simulator: Simulator,
): Promise<RunReport> {
  const child = start(lab, folder, simulator);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0, `the run is completed: ${text}`);
  return JSON.parse(text) as RunReport;
}

/** Rows and failures without what they cost: that depends on how often the network failed. */
async function resultOf(folder: string): Promise<unknown> {
  const rows = await linesOf(folder, 'words.jsonl');
  return [rows.map((row) => ({ ...(row as object), cost: 0 })), await linesOf(folder, 'failures.jsonl')];
}

async function checkAccounts(folder: string, report: RunReport, simulator: Simulator): Promise<void> {
  const journal = (await linesOf(folder, 'journal.jsonl')) as JournalLine[];
  const answered = new Set<string>();
  for (const line of journal) {
    if (line.type === 'sent')
      assert.ok(!answered.has(`${line.ask}/${line.attempt}`), 'nothing in the journal is asked again');
    if (line.type === 'reply') answered.add(`${line.ask}/${line.attempt}`);
  }
  const replies = journal.filter((line) => line.type === 'reply').length;
  assert.equal(replies, answered.size);
  const ended = new Set(journal.flatMap((line) => (line.type === 'reply' || line.type === 'lost' ? [line.seq] : [])));
  for (const line of journal)
    if (line.type === 'sent') assert.ok(ended.has(line.seq), 'every request is accounted for');
  const paidTwice = simulator.bill.answers - simulator.bill.paid.size;
  const lost = journal.filter((line) => line.type === 'lost' && line.cost > 0).length;
  assert.ok(paidTwice <= lost, `${paidTwice} answers were paid twice, ${lost} were lost on the way`);
  assert.ok(report.spend_usd <= CAP);
  assert.ok(report.spend_usd >= simulator.bill.usd, `${report.spend_usd} spent, ${simulator.bill.usd} billed`);
  const { counts } = report;
  assert.equal(counts.requested, counts.ok + counts.rejected + counts.failed + counts.unvalidated);
  const extra = (await readdir(folder)).filter((name) => name.endsWith('.tmp') || name.includes('.edited-'));
  assert.deepEqual(extra, [], 'no left-overs, and no output of our own taken for a person’s');
}
