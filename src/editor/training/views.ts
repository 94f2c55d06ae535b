import path from 'node:path';
import {
  Disposable,
  EventEmitter,
  StatusBarAlignment,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  Uri,
  l10n,
  window,
} from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import type { JobState } from '../../core/records/training';
import { Command, ContextKey, View } from '../contributions';
import type { TrainingRow } from '../contributions';
import { runCommand, setContext } from '../registration';
import { describeTraining, describeTrainingEnd } from './describe';
import { hasRun, isMergeable, isResumable, isServable, isUnderWay } from './trainingJob';
import type { TrainingJob } from './trainingJob';
import type { TrainingJobs } from './jobs';

/** The Training Jobs view, its item in the status bar, and a word at the end of a job. */
export function showTraining(jobs: TrainingJobs): Disposable {
  const view = window.createTreeView(View.Training, { treeDataProvider: new TrainingTree(jobs) });
  const item = window.createStatusBarItem('distillery.training', StatusBarAlignment.Left, 9);
  item.name = l10n.t('Distillery Training');
  return Disposable.from(
    view,
    item,
    view.onDidChangeVisibility(({ visible }) => visible && void jobs.refresh()),
    jobs.onDidChange(() => {
      const [first, ...others] = jobs.underWay;
      void setContext(ContextKey.HasTraining, jobs.all.length > 0);
      if (first === undefined) {
        item.hide();
        return;
      }
      const more = others.length === 0 ? '' : ` +${others.length}`;
      item.text = `$(sync~spin) ${first.record.name} ${describeTraining(first)}${more}`;
      item.command = { command: Command.OpenTraining, title: '', arguments: [{ folder: Uri.file(first.folder) }] };
      item.accessibilityInformation = { label: `${first.record.name}, ${describeTraining(first)}` };
      item.show();
    }),
    jobs.onDidEnd((job) => void tellEnd(job)),
  );
}

class TrainingTree implements TreeDataProvider<TrainingRow> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor(private readonly jobs: TrainingJobs) {
    jobs.onDidChange(() => this.#changed.fire(undefined));
  }

  getChildren(element?: TrainingRow): TrainingRow[] {
    return element ? [] : this.jobs.all.map(({ folder }) => ({ folder: Uri.file(folder) }));
  }

  getTreeItem(row: TrainingRow): TreeItem {
    const job = this.jobs.get(row.folder.fsPath);
    const item = new TreeItem(path.basename(row.folder.fsPath));
    item.id = row.folder.fsPath;
    if (job === undefined) return item;
    const text = describeTraining(job);
    item.description = text;
    item.tooltip = [job.record.name, text, job.record.spec.model, job.folder].join('\n');
    item.iconPath = icons[job.record.state];
    item.contextValue = ['job', ...possible(job)].join(' ');
    item.command = { command: Command.OpenTraining, title: l10n.t('Open'), arguments: [row] };
    item.accessibilityInformation = { label: `${job.record.name}, ${text}` };
    return item;
  }
}

/** What can be done with a job, as the `viewItem` conditions of `package.json` ask for it. */
function possible(job: TrainingJob): string[] {
  return [
    ...(isUnderWay(job) ? ['stoppable'] : []),
    ...(isResumable(job) ? ['resumable'] : []),
    ...(isMergeable(job) ? ['mergeable'] : []),
    ...(isServable(job) ? ['tried'] : []),
    ...(hasRun(job) ? ['ran'] : []),
  ];
}

async function tellEnd(job: TrainingJob): Promise<void> {
  const [open, merge, resume] = [l10n.t('Open'), l10n.t('Merge'), l10n.t('Resume')];
  const [tryIt, evaluate] = [l10n.t('Try Model…'), l10n.t('Evaluate…')];
  const sentence = describeTrainingEnd(job);
  const row = { folder: Uri.file(job.folder) };
  const answer = await (job.record.state === 'failed'
    ? window.showErrorMessage(sentence, resume, open)
    : window.showInformationMessage(
        sentence,
        ...(isServable(job) ? [tryIt, evaluate] : []),
        ...(isMergeable(job) ? [merge] : []),
        open,
      ));
  if (answer === open) await runCommand(Command.OpenTraining, row);
  if (answer === tryIt) await runCommand(Command.TryModel, row);
  if (answer === evaluate) await runCommand(Command.Evaluate, row);
  if (answer === merge) await runCommand(Command.MergeTraining, row);
  if (answer === resume) await runCommand(Command.ResumeTraining, row);
}

const icons: Readonly<Record<JobState, ThemeIcon>> = {
  prepared: new ThemeIcon('circle-outline'),
  launching: new ThemeIcon('sync~spin'),
  running: new ThemeIcon('sync~spin'),
  cancelling: new ThemeIcon('sync~spin'),
  collecting: new ThemeIcon('cloud-download'),
  completed: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  cancelled: new ThemeIcon('circle-slash'),
  failed: new ThemeIcon('error', new ThemeColor('list.errorForeground')),
};
