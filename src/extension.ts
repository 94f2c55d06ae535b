import { window } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { commandHandlers, commandLine } from './editor/commands';
import { registerDatasets } from './editor/datasets/register';
import { registerEvaluation } from './editor/evaluation/register';
import { registerCommands } from './editor/registration';
import { Month } from './editor/runs/month';
import { RunNews } from './editor/runs/news';
import { OutsideRoots } from './editor/runs/outside';
import { Runs } from './editor/runs/runs';
import { showRuns } from './editor/runs/views';
import { Training } from './editor/training/register';
import { registerViewer } from './editor/viewer/register';
import { TabRequests } from './editor/viewer/tabRequests';

/** Registers what `package.json` contributes. What does the work is loaded when it is first used. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Distillery', { log: true });
  const outside = new OutsideRoots(context.globalState);
  const runs = new Runs(() => outside.all);
  const news = new RunNews(runs);
  const tabs = new TabRequests();
  const training = new Training(context, log, commandLine(context));
  const parts = { context, log, runs, news, outside, tabs, training };
  context.subscriptions.push(
    log,
    runs,
    news,
    tabs,
    runs.onDidFail((error) => log.error(error)),
  );
  const month = new Month(
    async () => (await import('./editor/runs/monthSpend')).monthSpend(commandLine(context)),
    (error) => log.warn(String(error)),
  );
  context.subscriptions.push(...showRuns(runs, month), ...registerCommands(commandHandlers(parts), log));
  context.subscriptions.push(
    ...registerViewer(context, log, tabs),
    registerDatasets(context, log),
    training.register(),
    registerEvaluation(context.extensionUri),
  );
  // Watching folders and reading runs waits until activation is over.
  setImmediate(() => {
    void runs.refresh();
    void training.jobs.refresh();
  });
}
