import { CodeAction, CodeActionKind, Range, WorkspaceEdit, l10n } from 'vscode';
import type { CodeActionContext, CodeActionProvider, Diagnostic, TextDocument, Uri } from 'vscode';
import { fixesFor, type Fix } from '../../core/datasets/check/fixes';
import { BOM } from '../../core/datasets/check/problem';
import { source, tooLong, type LiveDiagnostics } from './diagnostics';
import { withoutBom } from './withoutBom';

const checkCommand = 'distillery.dataset.check';

/** Quick fixes for the problems of a line. */
export class QuickFixes implements CodeActionProvider {
  static readonly kinds = [CodeActionKind.QuickFix];

  constructor(private readonly diagnostics: LiveDiagnostics) {}

  provideCodeActions(document: TextDocument, _range: Range, context: CodeActionContext): CodeAction[] {
    return context.diagnostics
      .filter((diagnostic) => diagnostic.source === source)
      .flatMap((diagnostic) => {
        if (diagnostic.code === BOM.code)
          return [commandFor(diagnostic, l10n.t('Save without a byte-order mark'), withoutBom, document.uri)];
        if (diagnostic.code === tooLong)
          return [commandFor(diagnostic, l10n.t('Check Dataset'), checkCommand, document.uri)];
        const { line, character } = diagnostic.range.start;
        const finding = this.diagnostics
          .findingsAt(document, line)
          .find(({ code, column }) => code === diagnostic.code && column === character + 1);
        if (!finding) return [];
        return fixesFor(finding, document.lineAt(line).text).map((fix, index) => {
          const action = new CodeAction(titleOf(fix), CodeActionKind.QuickFix);
          action.diagnostics = [diagnostic];
          action.isPreferred = index === 0;
          action.edit = new WorkspaceEdit();
          const { range, rangeIncludingLineBreak } = document.lineAt(line);
          if (fix.line === null) action.edit.delete(document.uri, wholeLine(document, line, rangeIncludingLineBreak));
          else action.edit.replace(document.uri, range, fix.line);
          return action;
        });
      });
  }
}

/** What an edit of the text cannot do. */
function commandFor(diagnostic: Diagnostic, title: string, command: string, uri: Uri): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.command = { title, command, arguments: [uri] };
  return action;
}

/** The last line has no break of its own: the one before it goes instead. */
function wholeLine(document: TextDocument, line: number, range: Range): Range {
  if (line < document.lineCount - 1 || line === 0) return range;
  return new Range(document.lineAt(line - 1).range.end, range.end);
}

function titleOf({ kind }: Fix): string {
  switch (kind) {
    case 'repair':
      return l10n.t('Repair the JSON of this row');
    case 'removeLine':
      return l10n.t('Remove this row');
    case 'removeText':
      return l10n.t('Cut this text out');
    case 'removeKey':
      return l10n.t('Remove this key');
    case 'removeTurn':
      return l10n.t('Remove the turn that nobody answers');
    case 'reencode':
      return l10n.t('Read the row as UTF-8 again');
    case 'convertValue':
      return l10n.t('Give this value the type of its column');
    case 'convertRow':
      return l10n.t('Write this row in the format of the others');
  }
}
