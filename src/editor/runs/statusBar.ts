import { Disposable, StatusBarAlignment, l10n, window } from 'vscode';
import { View } from '../contributions';
import { count, dollars } from '../text';
import { describeProgress, describeRows } from './describe';
import type { Month } from './month';
import type { Runs } from './runs';

/** One item while something runs; a click opens the Runs view, and the hover has the month to date. */
export function showRunningInStatusBar(runs: Runs, month: Month): Disposable {
  const item = window.createStatusBarItem('distillery.running', StatusBarAlignment.Left, 10);
  item.name = l10n.t('Distillery Runs');
  item.command = `${View.Runs}.focus`;
  const show = () => {
    const { running } = runs;
    const [first] = running;
    if (first === undefined) {
      item.hide();
      return;
    }
    const spend = running.reduce((sum, run) => sum + run.manifest.report.spend_usd, 0);
    const text =
      running.length === 1 ? describeProgress(first) : l10n.t('{0} runs · {1}', count(running.length), dollars(spend));
    item.text = `$(sync~spin) ${text}`;
    const toDate = month.text(show);
    item.tooltip = [
      ...running.map((run) => `${describeProgress(run)}\n${describeRows(run)}`),
      ...(toDate === undefined ? [] : [toDate]),
    ].join('\n\n');
    item.accessibilityInformation = { label: l10n.t('Distillery: {0}', text) };
    item.show();
  };
  return Disposable.from(item, runs.onDidChange(show));
}
