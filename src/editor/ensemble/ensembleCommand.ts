import { Uri, workspace } from 'vscode';
import { rootForNewRun } from '../runs/newRunRoot';
import { startRun } from '../runs/startRun';
import type { StartParts } from '../runs/startRun';
import { mayDistillHere } from '../trust';
import { EnsembleWizard } from './ensembleWizard';
import { chosenInstructions } from './instructions';

/** `Run Ensemble…`: on a file of instructions or the rows selected in it; teachers, budget; and the run is on its way. */
export async function runEnsemble(parts: StartParts, clicked?: Uri): Promise<void> {
  if (!(await mayDistillHere())) return;
  const instructions = await chosenInstructions(clicked);
  if (instructions === undefined) return;
  const root = workspace.getWorkspaceFolder(Uri.file(instructions.file))?.uri.fsPath ?? (await rootForNewRun());
  if (root === undefined) return;
  await startRun(parts, root, (estimates) => new EnsembleWizard(instructions, root, parts.keys, estimates).ask());
}
