import { CodeAction, CodeActionKind, Range, WorkspaceEdit, l10n } from 'vscode';
import type { CodeActionContext, CodeActionProvider, TextDocument } from 'vscode';
import { fixesFor, type Fix } from '../../core/datasets/check/fixes';
import { source, type LiveDiagnostics } from './diagnostics';

/** Quick fixes for the problems of a line. */
export class QuickFixes implements CodeActionProvider {
  static readonly kinds = [CodeActionKind.QuickFix];

  constructor(private readonly diagnostics: LiveDiagnostics) {}

  provideCodeActions(document: TextDocument, _range: Range, context: CodeActionContext): CodeAction[] {
    return context.diagnostics
      .filter((diagnostic) => diagnostic.source === source)
      .flatMap((diagnostic) => {
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
  }
}
