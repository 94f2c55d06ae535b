import { commands, l10n, window, workspace } from 'vscode';
import type { Disposable, Uri } from 'vscode';

/** The command of a quick fix, which is in no palette. */
export const withoutBom = 'distillery.dataset.withoutBom';

const BOM = [0xef, 0xbb, 0xbf];

/** The mark is no part of a text that is open: it goes from the file, which the editor then reads anew. */
export function registerWithoutBom(): Disposable {
  return commands.registerCommand(withoutBom, async (uri: Uri) => {
    const document = await workspace.openTextDocument(uri);
    if (document.isDirty && !(await document.save())) {
      await window.showWarningMessage(l10n.t('The file could not be saved, so its byte-order mark is still there.'));
      return;
    }
    const bytes = await workspace.fs.readFile(uri);
    if (!BOM.every((byte, index) => bytes[index] === byte)) return;
    await workspace.fs.writeFile(uri, bytes.subarray(BOM.length));
    // Else the editor would do so whenever it notices that the file is another.
    if (window.activeTextEditor?.document === document) await commands.executeCommand('workbench.action.files.revert');
  });
}
