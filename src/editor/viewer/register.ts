import path from 'node:path';
import { window, type CustomReadonlyEditorProvider, type Disposable, type ExtensionContext } from 'vscode';
import { RunFolder } from '../../core/datasets/view/runFolder';
import { datasetViewer } from '../contributions';
import { DatasetDocument } from './datasetDocument';
import { viewerHtml, webviewRoot } from './viewerHtml';
import { ViewerPanel } from './viewerPanel';

/** Registers the dataset viewer. `report` hears of what goes wrong without anybody having asked. */
export function registerViewer(context: ExtensionContext, report: (problem: Error) => void): Disposable {
  const dist = path.join(context.extensionPath, 'dist');
  const cache = path.join(context.globalStorageUri.fsPath, 'line-index');
  const provider: CustomReadonlyEditorProvider<DatasetDocument> = {
    openCustomDocument: (uri) => DatasetDocument.open(uri, uri.fsPath, { dist, cache, report }),
    resolveCustomEditor: async (document, panel) => {
      const run = await RunFolder.around(document.uri.fsPath);
      panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(context.extensionUri)] };
      new ViewerPanel(panel, document, run !== undefined);
      panel.webview.html = viewerHtml(panel.webview, context.extensionUri, 'viewer', path.basename(document.uri.path));
    },
  };
  return window.registerCustomEditorProvider(datasetViewer, provider, { supportsMultipleEditorsPerDocument: true });
}
