import path from 'node:path';
import type { CustomDocument, ExtensionContext, Uri, WebviewPanel } from 'vscode';
import { RunFolder } from '../../core/datasets/view/runFolder';
import { DatasetDocument } from './datasetDocument';
import { keptBeside } from './keptBeside';
import { localCopy } from './localCopy';
import type { TabRequests } from './tabRequests';
import { panelHtml, webviewRoot } from '../webview/panelHtml';
import { ViewerPanel } from './viewerPanel';

export async function openDataset(
  context: Pick<ExtensionContext, 'extensionPath' | 'globalStorageUri'>,
  uri: Uri,
  report: (problem: Error) => void,
): Promise<DatasetDocument> {
  const dist = path.join(context.extensionPath, 'dist');
  const storage = context.globalStorageUri.fsPath;
  const cache = path.join(storage, 'line-index');
  const copy = await localCopy(uri);
  try {
    const original = await keptBeside(uri, storage);
    return await DatasetDocument.open(uri, copy, { dist, cache, original, report });
  } catch (error) {
    await copy.dispose();
    throw error;
  }
}

export async function showDataset(
  context: ExtensionContext,
  document: CustomDocument,
  panel: WebviewPanel,
  tabs: TabRequests,
  report: (problem: Error) => void,
): Promise<void> {
  if (!(document instanceof DatasetDocument)) throw new TypeError('The viewer shows datasets that it opened itself.');
  const run = await RunFolder.around(document.original);
  panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(context.extensionUri)] };
  new ViewerPanel(panel, document, run !== undefined, tabs, path.join(context.extensionPath, 'dist'), report);
  panel.webview.html = panelHtml(panel.webview, context.extensionUri, 'viewer', path.basename(document.uri.path));
}
