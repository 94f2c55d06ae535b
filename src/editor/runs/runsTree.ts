import path from 'node:path';
import { EventEmitter, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, l10n, workspace } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import type { RunRow } from '../contributions';
import { describeCriterion, describeOutlook, describeRows, describeRun, describeStages } from './describe';
import type { Run, RunState, UnreadableRun } from './run';
import type { Runs } from './runs';

interface Line {
  readonly label: string;
  readonly text: string;
  readonly icon: ThemeIcon;
}
/** A run, or a line about it. */
export type RunsElement = (RunRow & { readonly key: string }) | Line;

/** The Runs view: a run a row, what is to know about it below. */
export class RunsTree implements TreeDataProvider<RunsElement> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor(private readonly runs: Runs) {
    runs.onDidChange(() => this.#changed.fire(undefined));
  }

  getChildren(element?: RunsElement): RunsElement[] {
    if (element === undefined) return this.runs.all.map(({ folder }) => ({ folder: Uri.file(folder), key: folder }));
    if (!('key' in element)) return [];
    const run = this.runs.get(element.key);
    return run === undefined ? [] : linesOf(run);
  }

  getTreeItem(element: RunsElement): TreeItem {
    if (!('key' in element)) return lineItem(element);
    const entry = this.runs.at(element.key);
    if (entry === undefined) return new TreeItem(path.basename(element.key));
    return 'manifest' in entry ? runItem(entry) : unreadableItem(entry);
  }
}

function runItem(run: Run): TreeItem {
  const { manifest, state, folder } = run;
  const item = new TreeItem(
    path.basename(folder),
    state === 'running' ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed,
  );
  const text = describeRun(run);
  item.id = folder;
  item.description = workspaceSuffix(folder, text);
  item.tooltip = [path.basename(folder), text, folder].join('\n');
  item.iconPath = icons[state];
  item.contextValue = ['run', ...possible(run)].join(' ');
  item.accessibilityInformation = { label: `${manifest.run}, ${text}` };
  return item;
}

/** What can be done with a run, as the `viewItem` conditions of `package.json` ask for it. */
function possible({ state, manifest }: Run): string[] {
  const ended = state !== 'running';
  return [
    ...(state === 'running' ? ['stoppable'] : []),
    ...(ended && state !== 'completed' ? ['resumable'] : []),
    ...(ended && manifest.report.counts.failed > 0 ? ['retryable'] : []),
    ...(manifest.report.outputs.length > 0 ? ['reviewable'] : []),
  ];
}

function linesOf(run: Run): Line[] {
  const { report } = run.manifest;
  const reason = run.state === 'paused' || run.state === 'failed' ? report.reason : null;
  return [
    ...(reason === null ? [] : [{ label: reason, text: '', icon: icons[run.state] }]),
    ...describeStages(run).map(({ name, text }) => ({ label: name, text, icon: new ThemeIcon('comment-discussion') })),
    ...describeOutlook(run).map(({ name, text }) => ({ label: name, text, icon: new ThemeIcon('watch') })),
    { label: l10n.t('rows'), text: describeRows(run), icon: new ThemeIcon('list-unordered') },
    ...report.criteria.map((criterion) => ({
      label: criterion.name.replaceAll('_', ' '),
      text: describeCriterion(criterion),
      icon: criterion.pass ? icons.completed : new ThemeIcon('warning', new ThemeColor('list.warningForeground')),
    })),
  ];
}

function lineItem({ label, text, icon }: Line): TreeItem {
  const item = new TreeItem(label);
  item.description = text;
  item.iconPath = icon;
  item.tooltip = text === '' ? label : `${label}: ${text}`;
  return item;
}

function unreadableItem({ folder, problem }: UnreadableRun): TreeItem {
  const item = new TreeItem(path.basename(folder));
  item.id = folder;
  item.description = l10n.t('run.json cannot be read: {0}', problem);
  item.tooltip = path.join(folder, 'run.json');
  item.iconPath = new ThemeIcon('question');
  item.contextValue = 'run';
  return item;
}

/** With several folders open, a run says to which one it belongs. */
function workspaceSuffix(folder: string, text: string): string {
  const owner = workspace.getWorkspaceFolder(Uri.file(folder));
  if (owner === undefined) return `${text} · ${path.dirname(path.dirname(folder))}`;
  return (workspace.workspaceFolders?.length ?? 0) > 1 ? `${text} · ${owner.name}` : text;
}

const icons: Readonly<Record<RunState, ThemeIcon>> = {
  running: new ThemeIcon('sync~spin'),
  paused: new ThemeIcon('debug-pause', new ThemeColor('list.warningForeground')),
  completed: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  budget_exhausted: new ThemeIcon('credit-card', new ThemeColor('list.warningForeground')),
  cancelled: new ThemeIcon('circle-slash'),
  failed: new ThemeIcon('error', new ThemeColor('list.errorForeground')),
  interrupted: new ThemeIcon('debug-disconnect', new ThemeColor('list.warningForeground')),
};
