import { Uri, l10n, window } from 'vscode';
import type { Disposable } from 'vscode';
import { Command } from '../contributions';
import type { RunRow } from '../contributions';
import { runCommand } from '../registration';
import { describeEnd } from './describe';
import type { Run } from './run';
import type { Runs } from './runs';

interface Action {
  readonly title: string;
  readonly command:
    Command.ReviewRun | Command.OpenEvaluation | Command.ResumeRun | Command.SetKey | Command.OpenRunLog;
}

/** One notification at the end of a run, with what a person would do next. */
export class RunNews implements Disposable {
  readonly #told = new Set<string>();
  readonly #subscription: Disposable;

  constructor(runs: Runs) {
    this.#subscription = runs.onDidEnd((run) => this.tell(run));
  }

  /** Tells the end of a run once, whoever noticed it first. */
  tell(run: Run): void {
    const ending = [run.manifest.id, run.state, run.manifest.ended ?? run.manifest.report.requests].join(' ');
    if (run.state === 'running' || run.state === 'cancelled' || this.#told.has(ending)) return;
    this.#told.add(ending);
    void this.#show(run);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #show(run: Run): Promise<void> {
    const actions = actionsFor(run);
    const titles = actions.map(({ title }) => title);
    const answer = await show(run, describeEnd(run), titles);
    const action = actions.find(({ title }) => title === answer);
    if (action === undefined) return;
    const row: RunRow = { folder: Uri.file(run.folder) };
    if (action.command !== Command.SetKey) await runCommand(action.command, row);
    else if ((await runCommand(Command.SetKey)) === true) await runCommand(Command.ResumeRun, row);
  }
}

function show({ state }: Run, sentence: string, titles: readonly string[]): Thenable<string | undefined> {
  if (state === 'failed') return window.showErrorMessage(sentence, ...titles);
  if (state === 'paused' || state === 'interrupted') return window.showWarningMessage(sentence, ...titles);
  return window.showInformationMessage(sentence, ...titles);
}

function actionsFor(run: Run): Action[] {
  const review: Action =
    run.manifest.kind === 'evaluate'
      ? { title: l10n.t('Open Report'), command: Command.OpenEvaluation }
      : { title: l10n.t('Review'), command: Command.ReviewRun };
  const resume: Action = { title: l10n.t('Resume'), command: Command.ResumeRun };
  const key: Action = { title: l10n.t('Set Key'), command: Command.SetKey };
  const log: Action = { title: l10n.t('Open Log'), command: Command.OpenRunLog };
  const hasRows = run.manifest.report.outputs.length > 0;
  switch (run.state) {
    case 'completed':
      return hasRows ? [review] : [log];
    case 'budget_exhausted':
      return hasRows ? [review, { ...resume, title: l10n.t('Resume…') }] : [{ ...resume, title: l10n.t('Resume…') }];
    case 'paused':
      return [resume, key, log];
    case 'failed':
    case 'interrupted':
      return [resume, log];
    case 'cancelled':
    case 'running':
      return [];
  }
}
