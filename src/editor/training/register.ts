import { Disposable, window } from 'vscode';
import type { ExtensionContext, LogOutputChannel, WebviewPanel } from 'vscode';
import { Command, trainingPanel } from '../contributions';
import type { CommandHandlers } from '../contributions';
import { Cli } from '../process/cli';
import type { TrainingCommands } from './commands';
import { TrainingJobs } from './jobs';
import type { TrainingPanels } from './panel';
import { showTraining } from './views';

type TrainingCommand =
  | Command.LaunchTraining
  | Command.LaunchTrainingWith
  | Command.SetUpTraining
  | Command.OpenTraining
  | Command.CancelTraining
  | Command.ResumeTraining
  | Command.MergeTraining
  | Command.OpenTrainingLog
  | Command.RevealTraining;

/** Training in the editor. What the wizard and the panel need is loaded when they are first asked for. */
export class Training {
  readonly jobs: TrainingJobs;
  readonly #cli: Cli;
  #panels: Promise<TrainingPanels> | undefined;
  #commands: Promise<TrainingCommands> | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {
    this.#cli = new Cli(context.asAbsolutePath('dist/cli.js'));
    this.jobs = new TrainingJobs(this.#cli, (error) => log.error(error));
  }

  register(): Disposable {
    return Disposable.from(
      this.jobs,
      showTraining(this.jobs),
      window.registerWebviewPanelSerializer(trainingPanel, {
        deserializeWebviewPanel: async (panel: WebviewPanel, state: unknown) =>
          (await this.#openPanels()).restore(panel, state),
      }),
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

  async #makeCommands(): Promise<TrainingCommands> {
    const [{ TrainingCommands }, { TrainingCli }] = await Promise.all([import('./commands'), import('./trainingCli')]);
    return new TrainingCommands(
      this.jobs,
      await this.#openPanels(),
      new TrainingCli(this.#cli),
      this.context.globalState,
    );
  }
}
