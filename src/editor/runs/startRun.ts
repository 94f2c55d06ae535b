import { l10n, window, workspace } from 'vscode';
import type { LogOutputChannel, Memento } from 'vscode';
import { Command } from '../contributions';
import type { Keys } from '../keys/keys';
import type { Cli } from '../process/cli';
import { Estimates } from '../process/estimates';
import { handoverFor } from '../process/handover';
import { CliError } from '../process/result';
import { refusedSettings } from '../process/workspaceSettings';
import { runCommand } from '../registration';
import { agreesToSpend } from '../spending';
import type { Launcher } from './launcher';
import type { OutsideRoots } from './outside';

export interface StartParts {
  readonly cli: Cli;
  readonly keys: Keys;
  readonly launcher: Launcher;
  readonly outside: OutsideRoots;
  readonly memory: Memento;
  readonly log: LogOutputChannel;
}

/** What a person decided on. */
export interface Decision {
  /** The command line's, without what is said by the cap. */
  readonly args: readonly string[];
  /** USD; undefined for a run that costs nothing. */
  readonly cap: number | undefined;
}

/**
 * What every command that starts a run has in common: `decide` asks the person, with estimates for the asking; then the
 * run is on its way, under `<root>/distillery`.
 */
export async function startRun(
  { cli, keys, launcher, outside, log }: StartParts,
  root: string,
  decide: (estimates: Estimates) => Promise<Decision | undefined>,
): Promise<void> {
  await tellRefusedSettings(root);
  using estimates = new Estimates(cli, async (args) => ({ args, cwd: root, handover: await handoverFor(keys, root) }));
  try {
    const decision = await decide(estimates);
    if (decision === undefined || !(await agreesToSpend(decision.cap ?? 0))) return;
    await outside.add(root);
    // The person has agreed to the cap, so the command line does not ask again.
    await launcher.start([...decision.args, '--yes', '--json'], root);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    log.error(error.message);
    await tell(error);
  }
}

/** A refusal of the command line is a sentence for the person: it is shown as it is. */
async function tell(error: CliError): Promise<void> {
  const ways = [
    { code: 'wrong_key', label: l10n.t('Set Key'), take: () => runCommand(Command.SetKey) },
    { code: 'bad_domain', label: l10n.t('New Cascade Domain…'), take: () => runCommand(Command.NewDomain) },
  ];
  const way = ways.find(({ code }) => code === error.code);
  const answer = await window.showErrorMessage(error.message, ...(way ? [way.label] : []));
  if (way && answer === way.label) await way.take();
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
