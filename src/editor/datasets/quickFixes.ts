import { CodeAction, CodeActionKind, Range, WorkspaceEdit, l10n } from 'vscode';
import type { CodeActionContext, CodeActionProvider, Diagnostic, TextDocument, Uri } from 'vscode';
import { fixesFor, type Fix } from '../../core/datasets/check/fixes';
import type { PlacedFinding } from '../../core/datasets/check/line-checks';
import { BOM } from '../../core/datasets/check/problem';
import { columnAsText, fixAll, type MendedLines } from '../../core/datasets/check/wide-fixes';
import { count } from '../text';
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
        const placed = this.diagnostics
          .findingsOf(document)
          .find((one) => one.line === line && one.finding.code === diagnostic.code && isAt(one, character));
        return placed ? this.fixes(document, diagnostic, placed) : [];
      });
  }

  /** What a wide fix changes is only found out when somebody chooses it: it may be every line. */
  resolveCodeAction(action: CodeAction): CodeAction {
    if (action instanceof WideFix) action.edit = action.mend();
    return action;
  }

  private fixes(document: TextDocument, diagnostic: Diagnostic, placed: PlacedFinding): CodeAction[] {
    const { line, finding } = placed;
    const all = this.diagnostics.findingsOf(document);
    const alike = all.filter((one) => one.finding.code === finding.code).length;
    const fixes = fixesFor(finding, document.lineAt(line).text);
    const narrow = fixes.map((fix, index) => {
      const action = new CodeAction(titleOf(fix), CodeActionKind.QuickFix);
      action.isPreferred = index === 0;
      action.edit = new WorkspaceEdit();
      const { range, rangeIncludingLineBreak } = document.lineAt(line);
      if (fix.line === null) action.edit.delete(document.uri, wholeLine(document, line, rangeIncludingLineBreak));
      else action.edit.replace(document.uri, range, fix.line);
      return action;
    });
    const wide = fixes.map((fix) => {
      const mended = () => fixAll(all, finding, fix.kind, (number) => document.lineAt(number).text);
      return new WideFix(l10n.t('{0}, and {1} like it…', titleOf(fix), count(alike - 1)), document, mended);
    });
    const column = new WideFix(l10n.t('Write all values of this column as text…'), document, () =>
      columnAsText(document.getText().split(/\r?\n/u), placed),
    );
    const actions = [
      ...narrow,
      ...(alike > 1 ? wide : []),
      ...(finding.code === 'mixed_types' && finding.expected !== 'text' ? [column] : []),
    ];
    for (const action of actions) action.diagnostics = [diagnostic];
    return actions;
  }
}

function isAt({ finding }: PlacedFinding, character: number): boolean {
  return finding.column === character + 1;
}

/** Many lines at once: shown before they are written, and undone as one. */
class WideFix extends CodeAction {
  constructor(
    title: string,
    private readonly document: TextDocument,
    private readonly mended: () => MendedLines,
  ) {
    super(title, CodeActionKind.QuickFix);
  }

  mend(): WorkspaceEdit {
    const edit = new WorkspaceEdit();
    const preview = { needsConfirmation: true, label: this.title };
    for (const [number, text] of this.mended()) {
      const { range, rangeIncludingLineBreak } = this.document.lineAt(number);
      if (text === null) edit.delete(this.document.uri, rangeIncludingLineBreak, preview);
      else edit.replace(this.document.uri, range, text, preview);
    }
    return edit;
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
