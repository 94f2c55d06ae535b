import path from 'node:path';
import { commands, env, l10n, Uri, window, workspace } from 'vscode';
import type { Memento } from 'vscode';
import { withCancel } from '../cancellable';
import type { TrainingRow } from '../contributions';
import { Command } from '../contributions';
import { CliError } from '../process/result';
import { runCommand } from '../registration';
import { rootForNewRun } from '../runs/newRunRoot';
import { mayDistillHere } from '../trust';
import { hasRun, isMergeable, isResumable, isServable, isUnderWay } from './trainingJob';
import type { TrainingJob } from './trainingJob';
import type { TrainingJobs } from './jobs';
import type { JobServers } from './jobServers';
import { LaunchWizard } from './launchWizard';
import type { TrainingPanels } from './panel';
import type { TrainingCli } from './trainingCli';
import type { TryPanels } from './tryPanel';

/** What the person can do with training jobs. Failures are told in the command line's own sentence. */
export class TrainingCommands {
  constructor(
    private readonly jobs: TrainingJobs,
    private readonly panels: TrainingPanels,
    private readonly cli: TrainingCli,
    private readonly trials: { readonly servers: JobServers; readonly panels: TryPanels },
    private readonly memory: Memento,
    private readonly reviewed: (file: string) => Promise<string | undefined>,
  ) {}

  async launch(clicked?: Uri, selected?: readonly Uri[]): Promise<void> {
    if (!(await mayDistillHere())) return;
    const root = await rootForNewRun();
    if (root === undefined) return;
    const given = selected && selected.length > 0 ? selected : clicked ? [clicked] : [];
    const files = given.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
    await this.#telling(files, async () => {
      const wanted = await new LaunchWizard(root, files, this.cli, this.memory, this.reviewed).ask();
      if (wanted === undefined) return;
      const { choice, ready } = wanted;
      if (!ready) await this.#setUp(choice.where, root);
      const title = l10n.t('Starting the training');
      const folder = await withCancel(title, (signal) => this.cli.launch(choice, root, signal));
      await this.jobs.refresh();
      this.panels.show(folder);
    });
  }

  async setUp(): Promise<void> {
    if (!(await mayDistillHere())) return;
    const root = await rootForNewRun();
    if (root === undefined) return;
    await this.#telling([], async () => {
      await this.#setUp('local', root);
      void window.showInformationMessage(l10n.t('The trainer is set up on this machine.'));
    });
  }

  async open(row?: TrainingRow): Promise<void> {
    const job = await this.#chosen(row, () => true);
    if (job) this.panels.show(job.folder);
  }

  async cancel(row?: TrainingRow): Promise<void> {
    const job = await this.#chosen(row, isUnderWay);
    if (!job) return;
    const title = l10n.t('Stopping {0}: the best checkpoint is kept', job.record.name);
    await this.#telling([], () => withCancel(title, (signal) => this.cli.cancel(job.folder, rootOf(job), signal)));
    await this.jobs.refresh();
  }

  async resume(row?: TrainingRow): Promise<void> {
    if (!(await mayDistillHere())) return;
    const job = await this.#chosen(row, isResumable);
    if (!job) return;
    const changes = await askChanges(job);
    if (changes === undefined) return;
    const title = l10n.t('Going on with {0}', job.record.name);
    await this.#telling([], () =>
      withCancel(title, (signal) => this.cli.resume(job.folder, changes, rootOf(job), signal)),
    );
    await this.jobs.refresh();
    this.panels.show(job.folder);
  }

  async merge(row?: TrainingRow): Promise<void> {
    if (!(await mayDistillHere())) return;
    const job = await this.#chosen(row, isMergeable);
    if (!job) return;
    const title = l10n.t('Merging the adapter of {0}', job.record.name);
    await this.#telling([], async () => {
      const folder = await withCancel(title, (signal) => this.cli.merge(job.folder, rootOf(job), signal));
      await window.showTextDocument(Uri.file(path.join(folder, 'SERVING.md')));
    });
  }

  /** The models of a job that was trained on this machine; without one, any two. */
  async tryModel(row?: TrainingRow): Promise<void> {
    if (!(await mayDistillHere())) return;
    this.trials.panels.show(await this.#chosen(row, isServable));
  }

  async openTensorBoard(row?: TrainingRow): Promise<void> {
    const job = await this.#chosen(row, hasRun);
    if (!job) return;
    await this.#telling([], async () => {
      const title = l10n.t('Starting TensorBoard');
      const { url } = await withCancel(title, () => this.trials.servers.get(job.folder, 'tensorboard'));
      await env.openExternal(await env.asExternalUri(Uri.parse(url)));
    });
  }

  async openLog(row?: TrainingRow): Promise<void> {
    const job = await this.#chosen(row, () => true);
    if (job) await window.showTextDocument(Uri.file(path.join(job.folder, 'run.log')));
  }

  async reveal(row?: TrainingRow): Promise<void> {
    const job = await this.#chosen(row, () => true);
    if (job) await commands.executeCommand('revealInExplorer', Uri.file(path.join(job.folder, 'README.md')));
  }

  async #setUp(where: string, root: string): Promise<void> {
    const title = l10n.t('Setting up the trainer: 2 to 6 GB, some minutes');
    await withCancel(title, (signal) => this.cli.setUp(where, root, signal));
  }

  async #chosen(row: TrainingRow | undefined, fits: (job: TrainingJob) => boolean): Promise<TrainingJob | undefined> {
    await this.jobs.refresh();
    if (row) return this.jobs.get(row.folder.fsPath);
    const fitting = this.jobs.all.filter(fits);
    if (fitting.length <= 1) return fitting[0];
    const items = fitting.map((job) => ({ label: job.record.name, description: job.record.state, job }));
    return (await window.showQuickPick(items, { placeHolder: l10n.t('Which training job?') }))?.job;
  }

  async #telling(files: readonly string[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      if (!(error instanceof CliError)) throw error;
      const [file] = files;
      const problems = l10n.t('Show Problems');
      const badRows = error.code === 'bad_dataset' && file !== undefined;
      const answer = await window.showErrorMessage(error.message, ...(badRows ? [problems] : []));
      if (answer === problems && file !== undefined) await runCommand(Command.CheckDataset, Uri.file(file));
    } finally {
      await this.jobs.refresh();
    }
  }
}

/** Memory ran out: the smaller batch that the failure names, or as before. Undefined when the person left. */
async function askChanges({ record }: TrainingJob): Promise<readonly string[] | undefined> {
  const named = [...(record.reason ?? '').matchAll(/--set ((?:batch_size|accumulation)=\d+)/gu)];
  const settings = named.flatMap(([, setting]) => setting ?? []);
  if (settings.length === 0) return [];
  const smaller = { label: l10n.t('With a smaller batch'), description: settings.join(', '), settings };
  const same = { label: l10n.t('As it was'), description: '', settings: [] };
  const placeHolder = l10n.t('Memory ran out. How should it go on?');
  const picked = await window.showQuickPick([smaller, same], { placeHolder });
  return picked?.settings.flatMap((setting) => ['--set', setting]);
}

function rootOf({ folder }: TrainingJob): string {
  return workspace.getWorkspaceFolder(Uri.file(folder))?.uri.fsPath ?? path.resolve(folder, '..', '..', '..');
}
