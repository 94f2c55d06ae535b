import type { TextEditor, Uri } from 'vscode';
import { window } from 'vscode';
import { chosenDataset } from '../datasets/chosen';

/** Rows to answer: a file, or those of it that are selected, counted from 0. */
export interface Instructions {
  readonly file: string;
  readonly selected: { readonly from: number; readonly count: number } | undefined;
}

/** What was clicked, else the selected rows of the open file, else the whole of it, else what the person picks. */
export async function chosenInstructions(clicked?: Uri): Promise<Instructions | undefined> {
  const editor = window.activeTextEditor;
  const file = await chosenDataset(clicked);
  if (file === undefined) return undefined;
  const inEditor = clicked === undefined && editor?.document.uri.toString() === file.toString();
  // What the command line reads is what is on disk.
  if (inEditor && editor.document.isDirty && !(await editor.document.save())) return undefined;
  return { file: file.fsPath, selected: inEditor ? selectedRows(editor) : undefined };
}

/** Blank lines are no rows. */
function selectedRows({ document, selection }: TextEditor): Instructions['selected'] {
  if (selection.isEmpty) return undefined;
  const rows = (from: number, to: number) => {
    let found = 0;
    for (let line = from; line < to; line++) if (!document.lineAt(line).isEmptyOrWhitespace) found++;
    return found;
  };
  // A selection that ends at the start of a line does not include it.
  const end = selection.end.character === 0 ? selection.end.line : selection.end.line + 1;
  const count = rows(selection.start.line, end);
  return count === 0 ? undefined : { from: rows(0, selection.start.line), count };
}
