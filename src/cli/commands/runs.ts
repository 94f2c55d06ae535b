import path from 'node:path';
import type { Command } from 'commander';
import { exitCode, UsageError } from '../exit';
import { printResult, say } from '../io';
import type { CommandContext } from '../main';
import { dollars, grouped } from '../progress';
import { type FoundRun, findRun, listRuns } from '../runFolders';
import { quoted, summarizeRun } from '../summary';

/** `runs` lists, `runs NAME` shows one, `runs rebuild NAME` writes its outputs again from the journal alone. */
export function configure(command: Command, { io, exit }: CommandContext): void {
  command
    .argument('[name]', 'a run, or “rebuild”')
    .argument('[run]', 'with rebuild: which run')
    .option('--json', 'exactly one JSON object on stdout')
    .addHelpText('after', '\n  distillery runs rebuild NAME   writes the outputs again from the journal alone')
    .action(async (name: string | undefined, run: string | undefined, { json = false }: { json?: boolean }) => {
      if (name === 'rebuild') {
        if (run === undefined) throw new UsageError('Name the run to rebuild: distillery runs rebuild NAME.');
        const found = await findRun(io.cwd, run);
        const { rebuild } = await import('../../core/engine/rebuild');
        const outputs = await rebuild(found.folder);
        printResult(io, json, { outputs }, () =>
          outputs.map((file) => `→ ${file.path}  ${grouped(file.rows)} rows`).join('\n'),
        );
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

function table(runs: readonly FoundRun[]): string {
  if (runs.length === 0) return 'No runs here yet. Make one: distillery distill FILE';
  return runs
    .map(({ folder, manifest: { report } }) =>
      [
        path.basename(folder).padEnd(32),
        report.status.padEnd(16),
        `${grouped(report.counts.ok)} ok of ${grouped(report.counts.requested)}`.padEnd(22),
        dollars(report.spend_usd),
        report.reason ?? '',
      ]
        .join(' ')
        .trimEnd(),
    )
    .join('\n');
}

function resumeCommand({ manifest }: FoundRun): string {
  return ['distillery', ...manifest.resume.map(quoted)].join(' ');
}
