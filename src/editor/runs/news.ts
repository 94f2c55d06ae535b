import path from 'node:path';
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
  take(row: RunRow): Thenable<unknown>;
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
    await action?.take({ folder: Uri.file(run.folder) });
  }
}

function show({ state }: Run, sentence: string, titles: readonly string[]): Thenable<string | undefined> {
  if (state === 'failed') return window.showErrorMessage(sentence, ...titles);
  if (state === 'paused' || state === 'interrupted') return window.showWarningMessage(sentence, ...titles);
  return window.showInformationMessage(sentence, ...titles);
}

function actionsFor(run: Run): Action[] {
  const command = run.manifest.kind === 'evaluate' ? Command.OpenEvaluation : Command.ReviewRun;
  const title = command === Command.OpenEvaluation ? l10n.t('Open Report') : l10n.t('Review');
  const review: Action = { title, take: (row) => runCommand(command, row) };
  const resume: Action = { title: l10n.t('Resume'), take: (row) => runCommand(Command.ResumeRun, row) };
  const resumeWith: Action = { ...resume, title: l10n.t('Resume…') };
  const key: Action = {
    title: l10n.t('Set Key'),
    take: async (row) => {
      if ((await runCommand(Command.SetKey)) === true) await runCommand(Command.ResumeRun, row);
    },
  };
  const log: Action = { title: l10n.t('Open Log'), take: (row) => runCommand(Command.OpenRunLog, row) };
  const hasRows = run.manifest.report.outputs.length > 0;
  switch (run.state) {
    case 'completed':
      return hasRows ? [review, ...training(run)] : [log];
    case 'budget_exhausted':
      return hasRows ? [review, resumeWith] : [resumeWith];
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

/** On the rows that the run has written for a trainer, where there are any. */
function training({ folder, manifest }: Run): Action[] {
  const file = manifest.report.outputs.find(({ path: name, rows }) => /(?:^|\/)train\.jsonl$/u.test(name) && rows > 0);
  if (file === undefined) return [];
  const dataset = Uri.file(path.join(folder, file.path));
  return [{ title: l10n.t('Train…'), take: () => runCommand(Command.LaunchTrainingWith, dataset) }];
}
