import { commands, type Uri } from 'vscode';
import { datasetViewer } from '../contributions';
import { chosenDataset, lineKinds } from '../datasets/chosen';
import type { TabRequests } from './tabRequests';

/** Preview Bidirectional Pairs: the dataset in its viewer, where the Pairs tab shows what would be written. */
export async function previewPairs(tabs: TabRequests, clicked?: Uri): Promise<void> {
  const file = await chosenDataset(clicked, lineKinds);
  if (!file) return;
  await commands.executeCommand('vscode.openWith', file, datasetViewer);
  tabs.ask(file, 'pairs');
}
