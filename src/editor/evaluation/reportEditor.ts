import path from 'node:path';
import { FileSystemError, l10n, Uri, window, workspace } from 'vscode';
import type { CustomDocument, WebviewPanel } from 'vscode';
import { evaluation, evaluationRows } from '../../core/records/evaluation';
import type { Evaluation } from '../../core/records/evaluation';
import { serve } from '../../protocol/channel';
import type { Server } from '../../protocol/channel';
import { evaluationContract } from '../../protocol/evaluation';
import type { EvaluationContract, EvaluationSnapshot } from '../../protocol/evaluation';
import { Command } from '../contributions';
import { runCommand } from '../registration';
import { panelHtml, webviewRoot } from '../webview/panelHtml';
import { webviewPort } from '../webview/webviewPort';

/** Shows a report in a panel; it is read anew whenever the panel comes to the front. */
export function showReport({ uri }: CustomDocument, panel: WebviewPanel, extension: Uri): void {
  panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(extension)] };
  const server: Server<EvaluationContract> = serve(webviewPort(panel.webview), evaluationContract, {
    ready: () => snapshotOf(uri),
    openRows: async () => {
      await runCommand(Command.OpenDataset, rowsBeside(uri));
      return {};
    },
  });
  panel.onDidChangeViewState(() => {
    if (!panel.visible) return;
    snapshotOf(uri).then(
      (snapshot) => server.emit('changed', snapshot),
      // What was shown stays.
      (error: unknown) => void window.showWarningMessage(error instanceof Error ? error.message : String(error)),
    );
  });
  panel.onDidDispose(() => server.close());
  panel.webview.html = panelHtml(panel.webview, extension, 'evaluation', path.basename(uri.path));
}

async function snapshotOf(uri: Uri): Promise<EvaluationSnapshot> {
  const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
  return { report: readReport(text, path.basename(uri.path)), hasRows: await exists(rowsBeside(uri)) };
}

function readReport(text: string, name: string): Evaluation {
  try {
    const parsed = evaluation.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(l10n.t('{0} is no report of distillery evaluate. Open it as text to see what it holds.', name));
}

function rowsBeside(uri: Uri): Uri {
  return Uri.joinPath(uri, '..', evaluationRows);
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError) return false;
    throw error;
  }
}
