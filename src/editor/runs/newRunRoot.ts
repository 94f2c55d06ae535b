import { l10n, window, workspace } from 'vscode';

/** The folder under which a run goes that starts from no document: the workspace's, or one that the person chooses. */
export async function rootForNewRun(): Promise<string | undefined> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const [only, ...others] = folders;
  if (only !== undefined && others.length === 0) return only.uri.fsPath;
  const title = l10n.t('Where does the run go?');
  if (only !== undefined) {
    const items = folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, root: uri.fsPath }));
    return (await window.showQuickPick(items, { title, ignoreFocusOut: true }))?.root;
  }
  const chosen = await window.showOpenDialog({
    title,
    openLabel: l10n.t('Put It Here'),
    canSelectFolders: true,
    canSelectFiles: false,
  });
  return chosen?.[0]?.fsPath;
}
