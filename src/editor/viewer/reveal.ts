import { access } from 'node:fs/promises';
import path from 'node:path';
import { l10n, Range, Selection, TextEditorRevealType, Uri, ViewColumn, window, workspace } from 'vscode';
import type { TextDocument, TextEditor } from 'vscode';
import { findPassage, type TextRange } from '../../core/datasets/view/findPassage';
import { isMissing } from '../../core/datasets/view/indexCache';
import { richFormat } from '../../core/documents/formats';
import type { Provenance } from '../../protocol/rows';
import { decodedScheme } from './decodedScheme';

export type RevealedHow = 'evidence' | 'passage' | 'document' | 'none';

/** The document of a row cannot be shown. */
class SourceMissing extends Error {
  readonly code = 'source_missing';
}

/**
 * Opens the document that a row was made from, beside the viewer, and selects the evidence. A document that the editor
 * cannot show as text (PDF), or reads otherwise than the run did (UTF-16 without a mark), is shown as the run read it.
 */
export async function revealSource(dataset: Uri, from: Provenance, evidence: number): Promise<RevealedHow> {
  const file = await locate(dataset, from.file);
  const decoded = file.with({ scheme: decodedScheme, path: `${file.path}.txt`, query: file.fsPath });
  const asItIs = richFormat(from.file) === undefined;
  const ways = asItIs ? [file, decoded] : [decoded];
  for (const uri of ways) {
    const document = await workspace.openTextDocument(uri);
    const found = place(document.getText(), from, evidence);
    if (!found) continue;
    select(await show(document), document, found);
    return found.how;
  }
  await show(await workspace.openTextDocument(asItIs ? file : decoded));
  void window.showWarningMessage(
    l10n.t('{0} has changed since the run: the evidence is not in it any more.', path.basename(from.file)),
  );
  return 'document';
}

function show(document: TextDocument): Thenable<TextEditor> {
  return window.showTextDocument(document, { viewColumn: beside(), preserveFocus: false, preview: true });
}

interface Place extends TextRange {
  readonly how: 'evidence' | 'passage';
}

/** Where the evidence stands in the text, else the passage it is in. */
function place(text: string, from: Provenance, evidence: number): Place | undefined {
  const quote = from.evidence[evidence] ?? from.evidence[0];
  const range = quote && findPassage(text, quote);
  if (range) return { ...range, how: 'evidence' };
  const passage = from.chunk && findPassage(text, from.chunk);
  return passage ? { ...passage, how: 'passage' } : undefined;
}

/** Shows a line of the dataset itself in the text editor. */
export async function revealLine(dataset: Uri, line: number): Promise<void> {
  const selection = new Range(line, 0, line, 0);
  await window.showTextDocument(dataset, { selection, viewColumn: beside() });
}

function select(editor: TextEditor, document: TextDocument, { start, end }: TextRange): void {
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
