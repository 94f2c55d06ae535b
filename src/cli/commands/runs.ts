import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { CancelledBatch } from '../../core/engine/cancelBatches';
import type { Rebuilt } from '../../core/engine/rebuild';
import type { RunReport } from '../../core/records/run';
import { manifestFile } from '../../core/records/runFiles';
import { createBatchTeacher } from '../../core/teachers/create';
import { parseTeacher } from '../../core/teachers/spec';
import { readEnvironment } from '../environment';
import { exitCode, UsageError } from '../exit';
import { type Io, printResult, say } from '../io';
import type { CommandContext } from '../context';
import { dollars, grouped } from '../progress';
import { findJournal, type FoundRun, findRun, listRuns, readManifest } from '../runFolders';
import { quoted, summarizeRun } from '../summary';

/**
 * `runs` lists, `runs NAME` shows one, `runs rebuild NAME` writes its outputs again from the journal alone,
 * `runs cancel NAME` stops one and ends the batches that it waits for.
 */
export function configure(command: Command, { io, exit }: CommandContext): void {
  command
    .argument('[name]', 'a run, or “rebuild”, or “cancel”')
    .argument('[run]', 'with rebuild and cancel: which run')
    .option('--json', 'exactly one JSON object on stdout')
    .addHelpText(
      'after',
      '\n  distillery runs rebuild NAME   writes the outputs again from the journal alone\n  distillery runs cancel NAME    stops it, and ends the batches that it waits for',
    )
    .action(async (name: string | undefined, run: string | undefined, { json = false }: { json?: boolean }) => {
      if (name === 'rebuild') {
        if (run === undefined) throw new UsageError('Name the run to rebuild: distillery runs rebuild NAME.');
        const folder = await findJournal(io.cwd, run);
        const { rebuild } = await import('../../core/engine/rebuild');
        const rebuilt = await rebuild(folder);
        const manifest = await readManifest(folder);
        printResult(io, json, rebuilt, () => summarizeRebuilt(rebuilt, folder, manifest));
        return;
      }
      if (name === 'cancel') {
        if (run === undefined) throw new UsageError('Name the run to cancel: distillery runs cancel NAME.');
        const cancelled = await cancel((await findRun(io.cwd, run)).folder, io);
        printResult(io, json, { cancelled }, () => summarizeCancel(run, cancelled));
        return;
      }
      if (name !== undefined) {
        const found = await findRun(io.cwd, name);
        printResult(io, json, found.manifest.report, () => summarizeRun(found.manifest.report, resumeCommand(found)));
        return;
      }
      const { runs, unreadable } = await listRuns(io.cwd);
      for (const folder of unreadable) say(io, `${folder}: its run.json cannot be read.`);
      if (unreadable.length > 0) exit(exitCode.failed);
      printResult(io, json, { runs: runs.map((found) => found.manifest.report) }, () => table(runs));
    });
}

function summarizeRebuilt(
  { outputs, onResume }: Rebuilt,
  folder: string,
  manifest: Awaited<ReturnType<typeof readManifest>>,
): string {
  const lines = outputs.map((file) => `→ ${file.path}  ${grouped(file.rows)} rows`);
  const lost = manifest === undefined || manifest === 'unreadable';
  const later = lost ? [...onResume, manifestFile] : onResume;
  if (later.length > 0) {
    const remove = manifest === 'unreadable' ? `remove its ${manifestFile}, which cannot be read, and give ` : '';
    const resume = lost
      ? `${remove}the command that made it, with --out ${quoted(folder)}`
      : resumeCommand({ folder, manifest });
    lines.push(`When the run is next resumed: ${later.join(', ')}`, `  go on: ${resume}`);
  }
  return lines.join('\n');
}

function table(runs: readonly FoundRun[]): string {
  if (runs.length === 0) return 'No runs here yet. Make one: distillery distill FILE';
  return runs
    .map(({ folder, manifest: { report } }) =>
      [
        path.basename(folder).padEnd(32),
        report.status.padEnd(16),
        `${grouped(report.counts.ok)} ok of ${grouped(report.counts.requested)}`.padEnd(22),
        dollars(report.spend_usd),
        waiting(report),
        report.reason ?? '',
      ]
        .join(' ')
        .trimEnd(),
    )
    .join('\n');
}

/** What providers still work on. */
function waiting({ batches = [] }: RunReport): string {
  if (batches.length === 0) return '';
  const requests = batches.reduce((sum, batch) => sum + batch.requests, 0);
  return `waits for ${grouped(requests)} in ${grouped(batches.length)} ${batches.length === 1 ? 'batch' : 'batches'}`;
}

/** A process that works on it stops first. */
async function cancel(folder: string, io: Io): Promise<CancelledBatch[]> {
  const { isAlive, readLock } = await import('../../core/engine/lock');
  const { requestStop } = await import('../../core/engine/stopRequest');
  const { cancelBatches } = await import('../../core/engine/cancelBatches');
  const holder = await readLock(folder);
  if (holder && (await isAlive(holder))) {
    await requestStop(folder);
    for (let look = 0; look < STOP_LOOKS && (await readLock(folder)); look += 1) await sleep(100);
  }
  const environment = await readEnvironment(io, {});
  const context = { ...environment, learnt: new Map() };
  const teacherOf = (name: string) => createBatchTeacher(parseTeacher(name), context);
  return await cancelBatches(folder, teacherOf, new AbortController().signal);
}

/** A run answers a stop within a second, and writes its outputs after that. */
const STOP_LOOKS = 100;

function summarizeCancel(run: string, batches: readonly CancelledBatch[]): string {
  if (batches.length === 0) return `${run} is stopped and waits for no batch.`;
  const lines = batches.map(
    ({ id, teacher, requests, became }) =>
      `  ${id ?? 'a batch without a known id'} at ${teacher}, ${grouped(requests)} requests: ${CANCELLED[became]}`,
  );
  return [`${run} is stopped. Its batches:`, ...lines].join('\n');
}

const CANCELLED: Readonly<Record<CancelledBatch['became'], string>> = {
  cancelled: 'cancelled; what is done already is billed, and taken in when the run is resumed',
  ended: 'was through already; its results are taken in when the run is resumed',
  gone: 'the provider does not know it or its results; given up: it counts as billed, and its requests are sent anew',
  unclear: 'the provider has several that it may be; given up: it counts as billed, and its requests are sent anew',
};

function resumeCommand({ manifest }: FoundRun): string {
  return ['distillery', ...manifest.resume.map(quoted)].join(' ');
}
