import { commands, Uri, window } from 'vscode';
import type { CustomReadonlyEditorProvider, Disposable } from 'vscode';
import { evaluationReport } from '../contributions';
import type { RunRow } from '../contributions';

/** Registers the panel of evaluation reports: small, because it is there from activation on. */
export function registerEvaluation(extension: Uri): Disposable {
  const provider: CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async (document, panel) => {
      const { showReport } = await import('./reportEditor');
      showReport(document, panel, extension);
    },
  };
  return window.registerCustomEditorProvider(evaluationReport, provider, { supportsMultipleEditorsPerDocument: true });
}

/** The report of a run, a file that was clicked, or one that the person picks. */
export async function openEvaluation(what?: RunRow | Uri): Promise<void> {
  const file = what instanceof Uri ? what : what ? Uri.joinPath(what.folder, 'evaluation.json') : await pickedReport();
  if (file) await commands.executeCommand('vscode.openWith', file, evaluationReport);
}

async function pickedReport(): Promise<Uri | undefined> {
  const { pickReport } = await import('./pickReport');
  return pickReport();
}
