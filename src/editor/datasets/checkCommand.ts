import path from 'node:path';
import { Diagnostic, Range, commands, l10n, languages, window } from 'vscode';
import type { DiagnosticCollection, Uri } from 'vscode';
import { cancellable } from '../cancellable';
import { count } from '../text';
import type { CheckOutcome, DatasetCli } from './datasetCli';
import { severityOf, source } from './diagnostics';
import { chosenDataset } from './chosen';

let collection: DiagnosticCollection | undefined;

/** Checks a dataset from disk and fills the Problems panel. */
export async function checkDataset(cli: DatasetCli, clicked?: Uri): Promise<void> {
  const file = await chosenDataset(clicked);
  if (!file) return;
  const title = l10n.t('Checking {0}', path.basename(file.fsPath));
  const outcome = await cancellable(title, (signal) => cli.check(file.fsPath, signal));
  if (!outcome) return;
  collection ??= languages.createDiagnosticCollection('distillery-check');
  fill(collection, file, outcome);
  await tell(file, outcome);
}

function fill(problems: DiagnosticCollection, file: Uri, outcome: CheckOutcome): void {
  problems.set(
    file,
    outcome.problems.map(({ line, column, endColumn, message, severity, code }) => {
      const diagnostic = new Diagnostic(
        new Range(line - 1, column - 1, line - 1, endColumn - 1),
        message,
        severityOf(severity),
      );
      diagnostic.source = source;
      diagnostic.code = code;
      return diagnostic;
    }),
  );
}

async function tell(file: Uri, { totals }: CheckOutcome): Promise<void> {
  const name = path.basename(file.fsPath);
  if (totals.errors + totals.warnings === 0) {
    await window.showInformationMessage(l10n.t('{0}: {1} rows, nothing to complain about.', name, count(totals.rows)));
    return;
  }
  const show = l10n.t('Show Problems');
  const answer = await window.showWarningMessage(
    l10n.t(
      '{0}: {1} rows, {2} errors, {3} warnings.',
      name,
      count(totals.rows),
      count(totals.errors),
      count(totals.warnings),
    ),
    show,
  );
  if (answer === show) await commands.executeCommand('workbench.actions.view.problems');
}
