import { l10n, window } from 'vscode';
import type { Disposable } from 'vscode';
import { ContextKey, View } from '../contributions';
import { setContext } from '../registration';
import { DatasetsTree } from './datasetsTree';
import type { Month } from './month';
import type { Runs } from './runs';
import { RunsTree } from './runsTree';
import { showRunningInStatusBar } from './statusBar';

/** The Runs and Datasets views, the badge, the status bar, and the context keys that menus ask for. */
export function showRuns(runs: Runs, month: Month): Disposable[] {
  const runsView = window.createTreeView(View.Runs, { treeDataProvider: new RunsTree(runs) });
  const datasetsView = window.createTreeView(View.Datasets, { treeDataProvider: new DatasetsTree(runs) });
  const keys = new Map<ContextKey, boolean>();
  const tell = (key: ContextKey, value: boolean) => {
    if (keys.get(key) === value) return;
    keys.set(key, value);
    void setContext(key, value);
  };
  const following = runs.onDidChange(() => {
    const running = runs.running.length;
    runsView.badge = running === 0 ? undefined : { value: running, tooltip: l10n.t('{0} running', running) };
    tell(ContextKey.HasRuns, runs.readable.length > 0);
    tell(ContextKey.HasRunning, running > 0);
    tell(
      ContextKey.HasResumable,
      runs.readable.some(({ state }) => state !== 'running' && state !== 'completed'),
    );
  });
  return [runsView, datasetsView, following, showRunningInStatusBar(runs, month)];
}
