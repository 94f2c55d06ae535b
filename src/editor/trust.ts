import { commands, l10n, window, workspace } from 'vscode';

/**
 * Whether something that sends text or spends money may happen here. Commands can be called although they are hidden, so
 * each that spends asks this first; a refusal says why and offers the way out.
 */
export async function mayDistillHere(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = l10n.t('Manage Workspace Trust');
  const answer = await window.showWarningMessage(
    l10n.t(
      'This workspace is in Restricted Mode. Distilling sends text to a teacher and may cost money, so it needs a workspace that you trust.',
    ),
    manage,
  );
  if (answer === manage) await commands.executeCommand('workbench.trust.manage');
  return false;
}
