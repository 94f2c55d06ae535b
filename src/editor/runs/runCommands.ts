import path from 'node:path';
import { Uri, commands, env, l10n, window } from 'vscode';
import type { RunRow } from '../contributions';
import { mayDistillHere } from '../trust';
import { datasetsOf } from './datasetsTree';
import { describeRun } from './describe';
import type { Launcher } from './launcher';
import { openEvaluation } from '../evaluation/register';
import { openDataset } from '../datasets/openDataset';
import { continueArguments, resumeCommandLine } from './resume';
import { requestStop } from './run';
import type { Run } from './run';
import type { Runs } from './runs';

/** The commands on a run: called with a row of the view, or from the palette, where the person picks the run. */
export class RunCommands {
  constructor(
    private readonly runs: Runs,
    private readonly launcher: Launcher,
  ) {}

  async resume(row?: RunRow): Promise<void> {
    const run = await this.#runFor(
      row,
      l10n.t('Resume which run?'),
      ({ state }) => state !== 'running' && state !== 'completed',
    );
    if (run !== undefined) await this.#continue(run, []);
  }

  async retryFailed(row?: RunRow): Promise<void> {
    const run = await this.#runFor(row, l10n.t('Retry the failed rows of which run?'), failedRows);
    if (run !== undefined) await this.#continue(run, ['--retry-failed']);
  }

  async stop(row?: RunRow): Promise<void> {
    const run = await this.#runFor(row, l10n.t('Stop which run?'), ({ state }) => state === 'running');
    if (run !== undefined) await requestStop(run.folder);
  }

  async review(row?: RunRow): Promise<void> {
    const run = await this.#runFor(
      row,
      l10n.t('Review which run?'),
      ({ folder }) => datasetsOf(this.runs, folder).length > 0,
    );
    if (run?.manifest.kind === 'evaluate') {
      await openEvaluation({ folder: Uri.file(run.folder) });
      return;
    }
    const [first] = run === undefined ? [] : datasetsOf(this.runs, run.folder);
    if (first !== undefined) await openDataset(first);
  }

  async reveal(row?: RunRow): Promise<void> {
    const folder = row?.folder ?? (await this.#folder(l10n.t('Reveal which run?')));
    if (folder !== undefined) await revealFolder(folder);
  }

  async copyResume(row?: RunRow): Promise<void> {
    const run = await this.#runFor(row, l10n.t('The resume command of which run?'), () => true);
    if (run === undefined) return;
    await env.clipboard.writeText(resumeCommandLine(run.manifest.resume));
    window.setStatusBarMessage(l10n.t('The resume command is on the clipboard.'), 4000);
  }

  async openLog(row?: RunRow): Promise<void> {
    const folder = row?.folder ?? (await this.#folder(l10n.t('The log of which run?')));
    if (folder === undefined) return;
    const log = this.launcher.logOf(folder.fsPath);
    if (log !== undefined) {
      await window.showTextDocument(Uri.file(log), { preview: true });
      return;
    }
    const open = l10n.t('Open run.json');
    const answer = await window.showInformationMessage(
      l10n.t('This run was started in a terminal: what it said is there. What it did is in run.json.'),
      open,
    );
    if (answer === open) await window.showTextDocument(Uri.joinPath(folder, 'run.json'));
  }

  async #continue(run: Run, extra: readonly string[]): Promise<void> {
    if (!(await mayDistillHere())) return;
    const args = await continueArguments(run, extra);
    if (args !== undefined) await this.launcher.start(args, path.dirname(path.dirname(run.folder)));
  }

  async #folder(question: string): Promise<Uri | undefined> {
    const run = await this.#pick(question, () => true);
    return run === undefined ? undefined : Uri.file(run.folder);
  }

  async #runFor(row: RunRow | undefined, question: string, fits: (run: Run) => boolean): Promise<Run | undefined> {
    if (row === undefined) return this.#pick(question, fits);
    await this.runs.update(row.folder.fsPath);
    return this.runs.get(row.folder.fsPath);
  }

  async #pick(question: string, fits: (run: Run) => boolean): Promise<Run | undefined> {
    const candidates = this.runs.readable.filter(fits);
    if (candidates.length === 0) {
      void window.showInformationMessage(l10n.t('There is no run here for that.'));
      return undefined;
    }
    const items = candidates.map((run) => ({ label: path.basename(run.folder), description: describeRun(run), run }));
    const picked = candidates.length === 1 ? items[0] : await window.showQuickPick(items, { title: question });
    return picked?.run;
  }
}

/** In the explorer where the folder is in the workspace, else in the system's file manager. */
async function revealFolder(folder: Uri): Promise<void> {
  await commands.executeCommand('revealInExplorer', Uri.joinPath(folder, 'run.json'));
}

function failedRows({ state, manifest }: Run): boolean {
  return state !== 'running' && manifest.report.counts.failed > 0;
}
