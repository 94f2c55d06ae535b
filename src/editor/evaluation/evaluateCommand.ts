import { l10n, Uri, window, workspace } from 'vscode';
import type { TrainingRow } from '../contributions';
import { CliError } from '../process/result';
import { rootForNewRun } from '../runs/newRunRoot';
import { startRun } from '../runs/startRun';
import type { StartParts } from '../runs/startRun';
import type { TrainingJobs } from '../training/jobs';
import { isServable } from '../training/trainingJob';
import { mayDistillHere } from '../trust';
import { EvaluateWizard } from './evaluateWizard';

/** `Evaluate…`: a job's models on the rows that it held out, or any two; the run is on its way, its end opens the report. */
export async function evaluateModels(parts: StartParts, jobs: TrainingJobs, row?: TrainingRow): Promise<void> {
  if (!(await mayDistillHere())) return;
  await jobs.refresh();
  const job = row && jobs.get(row.folder.fsPath);
  const own = job && workspace.getWorkspaceFolder(Uri.file(job.folder))?.uri.fsPath;
  const root = own ?? (await rootForNewRun());
  if (root === undefined) return;
  const servable = job ? [job] : jobs.all.filter(isServable);
  await startRun(parts, root, async (estimates) => {
    const wizard = new EvaluateWizard(root, servable, parts, estimates);
    for (;;) {
      try {
        return await wizard.ask();
      } catch (error) {
        if (!(error instanceof CliError) || error.code !== 'overlap') throw error;
        const anyway = l10n.t('Compare All the Same');
        const answer = await window.showWarningMessage(error.message, { modal: true }, anyway);
        if (answer !== anyway) return undefined;
        wizard.allowOverlap();
      }
    }
  });
}
