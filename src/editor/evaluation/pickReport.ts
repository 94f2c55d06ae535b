import path from 'node:path';
import { l10n, window, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { evaluationFile } from '../../core/records/evaluation';

const mostReports = 200;

/** A report of the workspace; undefined when there is none, or the person left. */
export async function pickReport(): Promise<Uri | undefined> {
  const found = await workspace.findFiles(`**/${evaluationFile}`, '**/{node_modules,.git}/**', mostReports);
  const [only, ...others] = found;
  if (only === undefined)
    void window.showInformationMessage(
      l10n.t('There is no evaluation.json here yet. “Distillery: Evaluate…” makes one.'),
    );
  if (only === undefined || others.length === 0) return only;
  const items = found
    .map((file) => ({
      label: path.basename(path.dirname(file.path)),
      description: workspace.asRelativePath(file),
      file,
    }))
    .sort((a, b) => a.description.localeCompare(b.description));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which report?') }))?.file;
}
