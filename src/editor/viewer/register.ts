import path from 'node:path';
import { window, workspace } from 'vscode';
import type { CustomReadonlyEditorProvider, Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import { datasetViewer } from '../contributions';
import { decodedScheme } from './decodedScheme';
import type { TabRequests } from './tabRequests';

/**
 * Registers the dataset viewer: small, because it is there from activation on. What does the work is loaded with the
 * first dataset that is opened.
 */
export function registerViewer(context: ExtensionContext, log: LogOutputChannel, tabs: TabRequests): Disposable[] {
  const report = (problem: Error) => {
    log.error(problem);
  };
  const provider: CustomReadonlyEditorProvider = {
    openCustomDocument: async (uri) => {
      const { openDataset } = await import('./viewer');
      return openDataset(context, uri, report);
    },
    resolveCustomEditor: async (document, panel) => {
      const { showDataset } = await import('./viewer');
      await showDataset(context, document, panel, tabs, report);
    },
  };
  return [
    window.registerCustomEditorProvider(datasetViewer, provider, { supportsMultipleEditorsPerDocument: true }),
    workspace.registerTextDocumentContentProvider(decodedScheme, {
      provideTextDocumentContent: async (uri) => {
        const { readDocument } = await import('../../core/documents/read');
        return (await readDocument(uri.query, { name: path.basename(uri.query) })).text;
      },
    }),
  ];
}
