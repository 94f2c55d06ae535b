import { Disposable, window } from 'vscode';
import type { ExtensionContext, LogOutputChannel, WebviewPanel } from 'vscode';
import { Command, trainingPanel, tryPanel } from '../contributions';
import type { CommandHandlers } from '../contributions';
import type { Cli } from '../process/cli';
import type { TrainingCommands } from './commands';
import { TrainingJobs } from './jobs';
import type { JobServers } from './jobServers';
import type { TrainingPanels } from './panel';
import type { TryPanels } from './tryPanel';
import { showTraining } from './views';

type TrainingCommand =
  | Command.LaunchTraining
  | Command.LaunchTrainingWith
  | Command.SetUpTraining
  | Command.OpenTraining
  | Command.CancelTraining
  | Command.ResumeTraining
  | Command.MergeTraining
  | Command.TryModel
  | Command.OpenTensorBoard
  | Command.OpenTrainingLog
  | Command.RevealTraining;

/** What shows a trained model: its servers on this machine, and the panels that ask it. */
export interface Trials {
  readonly servers: JobServers;
  readonly panels: TryPanels;
}

/** Training in the editor. What the wizard and the panel need is loaded when they are first asked for. */
export class Training {
  readonly jobs: TrainingJobs;
  #panels: Promise<TrainingPanels> | undefined;
  #trials: Promise<Trials> | undefined;
  #commands: Promise<TrainingCommands> | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
    private readonly cli: Cli,
  ) {
    this.jobs = new TrainingJobs(cli, (error) => log.error(error));
  }

  register(): Disposable {
    return Disposable.from(
      this.jobs,
      showTraining(this.jobs),
      window.registerWebviewPanelSerializer(trainingPanel, {
        deserializeWebviewPanel: async (panel: WebviewPanel, state: unknown) =>
          (await this.#openPanels()).restore(panel, state),
      }),
      window.registerWebviewPanelSerializer(tryPanel, {
        deserializeWebviewPanel: async (panel: WebviewPanel, state: unknown) =>
          (await this.#openTrials()).panels.restore(panel, state),
      }),
      { dispose: () => void this.#trials?.then(({ servers }) => servers[Symbol.dispose]()) },
    );
  }

  handlers(): CommandHandlers<TrainingCommand> {
    const commands = () => (this.#commands ??= this.#makeCommands());
    return {
      [Command.LaunchTraining]: async () => (await commands()).launch(),
      [Command.LaunchTrainingWith]: async (clicked, selected) => (await commands()).launch(clicked, selected),
      [Command.SetUpTraining]: async () => (await commands()).setUp(),
      [Command.OpenTraining]: async (row) => (await commands()).open(row),
      [Command.CancelTraining]: async (row) => (await commands()).cancel(row),
      [Command.ResumeTraining]: async (row) => (await commands()).resume(row),
      [Command.MergeTraining]: async (row) => (await commands()).merge(row),
      [Command.TryModel]: async (row) => (await commands()).tryModel(row),
      [Command.OpenTensorBoard]: async (row) => (await commands()).openTensorBoard(row),
      [Command.OpenTrainingLog]: async (row) => (await commands()).openLog(row),
      [Command.RevealTraining]: async (row) => (await commands()).reveal(row),
    };
  }

  #openPanels(): Promise<TrainingPanels> {
    return (this.#panels ??= import('./panel').then(
      ({ TrainingPanels }) =>
        new TrainingPanels(this.jobs, this.context.extensionUri, (error) => this.log.error(error)),
    ));
  }

  #openTrials(): Promise<Trials> {
    return (this.#trials ??= Promise.all([import('./jobServers'), import('./tryPanel'), import('../keys/keys')]).then(
      ([{ JobServers }, { TryPanels }, { Keys }]) => {
        const servers = new JobServers(this.cli);
        const keys = new Keys(this.context.secrets);
        return { servers, panels: new TryPanels(this.cli, keys, servers, this.context.extensionUri) };
      },
    ));
  }

  async #makeCommands(): Promise<TrainingCommands> {
    const [{ TrainingCommands }, { TrainingCli }, { DatasetCli }, { reviewedFile }] = await Promise.all([
      import('./commands'),
      import('./trainingCli'),
      import('../datasets/datasetCli'),
      import('../datasets/reviewed'),
    ]);
    return new TrainingCommands(
      this.jobs,
      await this.#openPanels(),
      new TrainingCli(this.cli),
      await this.#openTrials(),
      this.context.globalState,
      (file) => reviewedFile(new DatasetCli(this.cli), file),
    );
  }
}
