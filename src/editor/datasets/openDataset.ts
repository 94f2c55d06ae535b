import { Uri, ViewColumn, commands, window } from 'vscode';
import { datasetViewer } from '../contributions';
import type { DatasetRow } from '../contributions';
import { chosenDataset, lineKinds } from './chosen';

/** Opens rows beside what the person looks at, in the dataset viewer. */
export async function openDataset(what?: DatasetRow | Uri): Promise<void> {
  const file = what === undefined || what instanceof Uri ? await chosenDataset(what, lineKinds) : what.file;
  if (file) await commands.executeCommand('vscode.openWith', file, datasetViewer, besideTheRest());
}

export async function openDatasetAsText({ file }: DatasetRow): Promise<void> {
  await window.showTextDocument(file, { preview: true });
}

/** Beside the document, so that its evidence stays in sight; in an empty window there is nothing to stand beside. */
function besideTheRest(): ViewColumn {
  return window.tabGroups.all.some(({ tabs }) => tabs.length > 0) ? ViewColumn.Beside : ViewColumn.Active;
}
