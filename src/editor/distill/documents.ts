import path from 'node:path';
import { TabInputCustom, TabInputNotebook, TabInputText, Uri, l10n, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';

/** What is to be distilled, on disk, and the folder under which its run goes. */
export interface Work {
  readonly files: readonly string[];
  /** `<root>/distillery/<run name>` */
  readonly root: string;
}

export const documentExtensions = ['txt', 'md', 'markdown', 'pdf', 'docx', 'html', 'htm', 'epub'] as const;

/**
 * What a person meant by "Distill Document…": what was clicked and selected in the explorer, else the editor they are in,
 * else what they choose. Asks where something is missing; undefined when they leave.
 */
export async function documentsFor(clicked?: Uri, selected?: readonly Uri[]): Promise<Work | undefined> {
  const meant =
    selected !== undefined && selected.length > 0
      ? selected
      : [clicked ?? activeDocument()].filter((uri) => uri !== undefined);
  const uris = meant.length > 0 ? meant : await chooseDocuments();
  if (uris === undefined || uris.length === 0) return undefined;
  const saved: Uri[] = [];
  for (const uri of uris) {
    const onDisk = await savedForm(uri);
    if (onDisk === undefined) return undefined;
    saved.push(onDisk);
  }
  const [first] = saved;
  if (first === undefined) return undefined;
  const root = await rootFor(first);
  return root === undefined ? undefined : { files: saved.map((uri) => uri.fsPath), root };
}

/** The document in the active tab, whatever editor shows it. */
function activeDocument(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const inTab = input instanceof TabInputText || input instanceof TabInputCustom || input instanceof TabInputNotebook;
  return inTab ? input.uri : window.activeTextEditor?.document.uri;
}

function chooseDocuments(): Thenable<Uri[] | undefined> {
  const at = workspace.workspaceFolders?.[0]?.uri;
  return window.showOpenDialog({
    title: l10n.t('Which documents?'),
    openLabel: l10n.t('Distill'),
    canSelectMany: true,
    filters: { [l10n.t('Documents')]: [...documentExtensions], [l10n.t('All files')]: ['*'] },
    ...(at !== undefined && { defaultUri: at }),
  });
}

/** The document as it stands on disk: unsaved text is saved first, if the person agrees. */
async function savedForm(uri: Uri): Promise<Uri | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (uri.scheme === 'untitled') return saveUntitled(uri, open);
  if (uri.scheme !== 'file') {
    void window.showErrorMessage(
      l10n.t(
        '{0} is not on a disk ({1}). Clone or download it, then distill the copy.',
        path.posix.basename(uri.path),
        uri.scheme,
      ),
    );
    return undefined;
  }
  if (open?.isDirty !== true) return uri;
  const save = l10n.t('Save and Distill');
  const asSaved = l10n.t('Distill as Last Saved');
  const answer = await window.showWarningMessage(
    l10n.t('{0} has changes that are not saved.', path.basename(uri.fsPath)),
    { modal: true, detail: l10n.t('A run reads the document from disk, and its rows point to places in that text.') },
    save,
    asSaved,
  );
  if (answer === asSaved) return uri;
  return answer === save && (await open.save()) ? uri : undefined;
}

/** A document that was never saved needs a name, so that its rows can point to it. */
async function saveUntitled(uri: Uri, open: TextDocument | undefined): Promise<Uri | undefined> {
  if (open === undefined || open.getText().trim() === '') {
    void window.showInformationMessage(l10n.t('This document is empty: there is nothing to distill in it.'));
    return undefined;
  }
  return workspace.saveAs(uri);
}

/** The document's own workspace folder; where there is none, the person says where the run goes. */
async function rootFor(document: Uri): Promise<string | undefined> {
  const own = workspace.getWorkspaceFolder(document);
  if (own !== undefined) return own.uri.fsPath;
  const beside = path.dirname(document.fsPath);
  const elsewhere = l10n.t('Another folder…');
  const places = [
    { label: l10n.t('Beside the document'), description: beside, root: beside },
    ...(workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ name, uri }) => ({ label: name, description: uri.fsPath, root: uri.fsPath })),
    { label: elsewhere, root: undefined },
  ];
  const place = await window.showQuickPick(places, {
    title: l10n.t('Where does the run go?'),
    placeHolder: l10n.t(
      '{0} is in no folder of this window. A run is a folder with everything that came out of it.',
      path.basename(document.fsPath),
    ),
    ignoreFocusOut: true,
  });
  if (place === undefined || place.root !== undefined) return place?.root;
  const [chosen] =
    (await window.showOpenDialog({
      title: l10n.t('Where does the run go?'),
      openLabel: l10n.t('Put It Here'),
      canSelectFolders: true,
      canSelectFiles: false,
      defaultUri: Uri.file(beside),
    })) ?? [];
  return chosen?.fsPath;
}
