import { access } from 'node:fs/promises';
import path from 'node:path';
import { l10n, Range, Selection, TextEditorRevealType, Uri, ViewColumn, window, workspace } from 'vscode';
import type { TextDocument, TextEditor } from 'vscode';
import { findPassage } from '../../core/datasets/view/findPassage';
import { isMissing } from '../../core/datasets/view/indexCache';
import type { Provenance } from '../../protocol/rows';

export type RevealedHow = 'evidence' | 'passage' | 'document' | 'none';

/** The document of a row cannot be shown. */
class SourceMissing extends Error {
  readonly code = 'source_missing';
}

/** Opens the document that a row was made from, beside the viewer, and selects the evidence. */
export async function revealSource(dataset: Uri, from: Provenance, evidence: number): Promise<RevealedHow> {
  const file = await locate(dataset, from.file);
  const document = await workspace.openTextDocument(file);
  const editor = await window.showTextDocument(document, { viewColumn: beside(), preserveFocus: false, preview: true });
  const text = document.getText();
  const quotes = from.evidence.length > 0 ? [from.evidence[evidence] ?? from.evidence[0]] : [];
  const candidates = [
    ...quotes.map((passage) => ({ how: 'evidence' as const, passage })),
    { how: 'passage' as const, passage: from.chunk },
  ];
  for (const { how, passage } of candidates) {
    const found = passage && findPassage(text, passage);
    if (!found) continue;
    select(editor, document, found.start, found.end);
    return how;
  }
  void window.showWarningMessage(
    l10n.t('{0} has changed since the run: the evidence is not in it any more.', path.basename(from.file)),
  );
  return 'document';
}

/** Shows a line of the dataset itself in the text editor. */
export async function revealLine(dataset: Uri, line: number): Promise<void> {
  const selection = new Range(line, 0, line, 0);
  await window.showTextDocument(dataset, { selection, viewColumn: beside() });
}

function select(editor: TextEditor, document: TextDocument, start: number, end: number): void {
  const [from, to] = [document.positionAt(start), document.positionAt(end)];
  editor.selection = new Selection(from, to);
  editor.revealRange(new Range(from, to), TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The column beside the viewer: the first one when the viewer itself stands beside. */
function beside(): ViewColumn {
  const active = window.tabGroups.activeTabGroup.viewColumn;
  return active > ViewColumn.One ? ViewColumn.One : ViewColumn.Beside;
}

/**
 * A run names its documents relative to the folder it was started for. That is the run folder's own workspace folder,
 * or any folder above it.
 */
async function locate(dataset: Uri, file: string): Promise<Uri> {
  if (path.isAbsolute(file)) return Uri.file(file);
  const folders: string[] = [];
  for (let folder = path.dirname(dataset.fsPath); ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (folder === path.dirname(folder)) break;
  }
  folders.push(...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath));
  for (const folder of folders) {
    const candidate = path.join(folder, ...file.split('/'));
    if (await exists(candidate)) return Uri.file(candidate);
  }
  throw new SourceMissing(
    l10n.t('{0} is not where the run found it. Put it back, or open the folder that it lies in.', file),
  );
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
