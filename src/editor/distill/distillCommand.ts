import { l10n, window, workspace } from 'vscode';
import type { LogOutputChannel, Memento, Uri } from 'vscode';
import { Command } from '../contributions';
import type { Keys } from '../keys/keys';
import type { Cli } from '../process/cli';
import { CliError } from '../process/result';
import { Estimates } from '../process/estimates';
import { handoverFor } from '../process/handover';
import { refusedSettings } from '../process/workspaceSettings';
import { runCommand } from '../registration';
import type { Launcher } from '../runs/launcher';
import type { OutsideRoots } from '../runs/outside';
import type { Runs } from '../runs/runs';
import { agreesToSpend } from '../spending';
import { mayDistillHere } from '../trust';
import { documentsFor } from './documents';
import { runArguments } from './plan';
import { Wizard } from './wizard';

export interface DistillParts {
  readonly cli: Cli;
  readonly keys: Keys;
  readonly launcher: Launcher;
  readonly runs: Runs;
  readonly outside: OutsideRoots;
  readonly memory: Memento;
  readonly log: LogOutputChannel;
}

/** `Distill Document…`: which documents, three questions, and the run is on its way. */
export async function distillDocument(parts: DistillParts, clicked?: Uri, selected?: readonly Uri[]): Promise<void> {
  if (!(await mayDistillHere())) return;
  const work = await documentsFor(clicked, selected);
  if (work === undefined) return;
  await tellRefusedSettings(work.root);
  const { cli, keys, launcher, memory, log } = parts;
  using estimates = new Estimates(cli, async (args) => ({
    args,
    cwd: work.root,
    handover: await handoverFor(keys, work.root),
  }));
  try {
    const decision = await new Wizard(work, keys, estimates, memory).ask();
    if (decision === undefined || !(await agreesToSpend(decision.cap ?? 0))) return;
    await parts.outside.add(work.root);
    await launcher.start(runArguments(work, decision.plan, decision.cap), work.root);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    log.error(error.message);
    await tell(error);
  }
}

/** A refusal of the command line is a sentence for the person: it is shown as it is. */
async function tell(error: CliError): Promise<void> {
  const setKey = l10n.t('Set Key');
  const answer = await window.showErrorMessage(error.message, ...(error.code === 'wrong_key' ? [setKey] : []));
  if (answer === setKey) await runCommand(Command.SetKey);
}

const told = new Set<string>();

/** Once a window: a repository that sets addresses or prices is not obeyed. */
async function tellRefusedSettings(root: string): Promise<void> {
  if (told.has(root)) return;
  told.add(root);
  const file = workspace.workspaceFile?.scheme === 'file' ? workspace.workspaceFile.fsPath : undefined;
  const refused = await refusedSettings([root], file);
  if (refused.length === 0) return;
  void window.showWarningMessage(
    l10n.t(
      'The workspace sets {0}. That is not used: a repository must not decide where your keys and your money go. Set it in your user settings if it is right.',
      refused.join(', '),
    ),
  );
}
