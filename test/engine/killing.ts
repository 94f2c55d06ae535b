import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { JOURNAL, type JournalLine } from '../../src/core/engine/lines';
import type { RunReport } from '../../src/core/records/run';
import type { FaultRates } from '../simulator/options';
import { type Simulator, startSimulator } from '../simulator/server';
import { linesOf, wholeLines } from './lab';

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
  /** What an undisturbed run gives, how long it takes, what it spends. */
  readonly expected: unknown;
  readonly ms: number;
  readonly usd: number;
}

/** Batched, batches also fail in parts and expire. */
export type Mode = 'live' | 'batch';

/** When a run is killed: after a share of an undisturbed run's time, or in the middle of something. */
export type Moment = number | 'first write' | 'rename' | 'poll';

export interface Killed {
  readonly report: RunReport;
  /** How many sessions were killed; the others had ended before. */
  readonly kills: number;
  /** Answers that were in the journal when the run was killed: none of them was asked for again. */
  readonly kept: number;
  readonly billed: number;
}

const CAP = 2;

/** @param folder where the worker and its undisturbed run go. */
export async function prepareLab(folder: string, rows: number, mode: Mode = 'live'): Promise<Lab> {
  const worker = path.join(folder, 'worker.cjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'worker.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
  const place = path.join(folder, `undisturbed-${mode}`);
  const simulator = await simulate();
  const began = performance.now();
  const { spend_usd } = await finish({ worker, rows, mode }, place, simulator);
  const ms = performance.now() - began;
  await simulator.close();
  return { worker, rows, mode, expected: await resultOf(place), ms, usd: spend_usd };
}

/**
 * Kills a run at each of these moments, finishes it, and checks its promises.
 * @param cap of the sessions that are killed; the one that finishes has enough.
 */
export async function killAndFinish(lab: Lab, folder: string, moments: readonly Moment[], cap = CAP): Promise<Killed> {
  let listener: ((route: string) => void) | undefined;
  const simulator = await simulate((route) => listener?.(route));
  const kept = new Map<string, number>();
  let kills = 0;
  try {
    await mkdir(folder);
    for (const moment of moments) {
      const child = start(lab, folder, simulator, cap);
      const kill = (): void => void child.kill('SIGKILL');
      if (moment === 'poll') listener = (route) => route.startsWith('GET /v1/messages/batches/') && kill();
      const disarm = arm(lab, folder, moment, kill);
      const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
      disarm();
      listener = undefined;
      if (signal === 'SIGKILL') kills += 1;
      assert.ok(simulator.bill.usd <= cap, `${simulator.bill.usd} billed of at most ${cap}`);
      for (const [hash, times] of await keptAnswers(folder, simulator)) if (!kept.has(hash)) kept.set(hash, times);
    }
    const report = await finish(lab, folder, simulator);
    assert.deepEqual(await resultOf(folder), lab.expected, 'the outputs are those of an undisturbed run');
    await checkAccounts(folder, report, simulator);
    for (const [hash, times] of kept) assert.equal(timesAsked(simulator, hash), times, 'an answer kept is asked again');
    return { report, kills, kept: kept.size, billed: simulator.bill.answers };
  } finally {
    await simulator.close();
  }
}

/** Kills when the moment comes. */
function arm(lab: Lab, folder: string, moment: Moment, kill: () => void): () => void {
  if (moment === 'poll') return () => undefined;
  if (typeof moment === 'number') {
    const timer = setTimeout(kill, moment * lab.ms);
    return () => clearTimeout(timer);
  }
  // Files come and go a dozen times in a run of this size: one of them, written beside or just put in place.
  let skip = moment === 'rename' ? Math.floor(Math.random() * 12) : 0;
  const meant = moment === 'rename' ? /\.tmp$|^(?:run|results)\.json$|^(?:words|failures)\.jsonl$/ : /^journal/;
  const watcher = watch(folder, (_event, name) => {
    if (name !== null && meant.test(name) && skip-- <= 0) kill();
  });
  return () => watcher.close();
}

async function simulate(heard?: (route: string) => void): Promise<Simulator> {
  const batches = { batchMs: 40, batchErrored: 0.1, batchExpired: 0.1 };
  const more = { ...batches, ...(heard && { heard }) };
  return await startSimulator({ faults, latencyMs: 15, jitterMs: 30, tokens: 'fast', billAbandoned: true, ...more });
}

function start(lab: Pick<Lab, 'worker' | 'rows' | 'mode'>, folder: string, { url }: Simulator, cap: number) {
  return spawn(process.execPath, [lab.worker, folder, url, String(lab.rows), String(cap), lab.mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Again while it pauses, as a person would: a machine that is too busy to answer looks like a provider that is down. */
async function finish(
  lab: Pick<Lab, 'worker' | 'rows' | 'mode'>,
  folder: string,
  simulator: Simulator,
): Promise<RunReport> {
  for (let session = 0; ; session += 1) {
    const child = start(lab, folder, simulator, CAP);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await once(child, 'close');
    const report = JSON.parse(text) as RunReport;
    if (report.status === 'paused' && session < 20) continue;
    assert.equal(report.status, 'completed', text);
    return report;
  }
}

/** Rows and failures without what they cost: that depends on how often the network failed. */
async function resultOf(folder: string): Promise<unknown> {
  const rows = await linesOf(folder, 'words.jsonl');
  return [rows.map((row) => ({ ...(row as object), cost: 0 })), await linesOf(folder, 'failures.jsonl')];
}

/** The simulator's hashes of the answers that the journal holds, and how often the simulator was asked for each. */
async function keptAnswers(folder: string, simulator: Simulator): Promise<Map<string, number>> {
  const file = path.join(folder, JOURNAL);
  const journal = existsSync(file) ? (wholeLines(file) as JournalLine[]) : [];
  const hashes = journal.flatMap((line) =>
    line.type === 'reply' && line.reply.requestId !== undefined ? [line.reply.requestId.replace(/^\w+_/, '')] : [],
  );
  return new Map(hashes.map((hash) => [hash, timesAsked(simulator, hash)]));
}

/** Live requests that came in and answers that were billed. A message's id has the first part of the hash. */
function timesAsked({ requests, bill }: Simulator, hash: string): number {
  assert.ok(requests.length < 5000, 'the simulator keeps no longer list');
  const asked = requests.filter((request) => request.hash.startsWith(hash)).length;
  return [...bill.paid].reduce((sum, [paid, times]) => sum + (paid.startsWith(hash) ? times : 0), asked);
}

async function checkAccounts(folder: string, report: RunReport, simulator: Simulator): Promise<void> {
  const journal = (await linesOf(folder, JOURNAL)) as JournalLine[];
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
