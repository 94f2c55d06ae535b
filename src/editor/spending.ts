import { l10n, window } from 'vscode';
import { Setting } from './contributions';
import { readSetting } from './registration';
import { dollars } from './text';

/**
 * Asks once more before a run that may cost more than `distillery.confirmAbove`.
 * @param capUsd null: nothing caps the run.
 */
export async function agreesToSpend(capUsd: number | null): Promise<boolean> {
  if (capUsd !== null && capUsd <= readSetting(Setting.ConfirmAbove)) return true;
  const start = l10n.t('Start');
  const answer = await window.showWarningMessage(
    capUsd === null
      ? l10n.t('This run has no budget of its own: it costs what its work costs.')
      : l10n.t('This run may cost up to {0}.', dollars(capUsd)),
    {
      modal: true,
      detail:
        capUsd === null
          ? l10n.t('To cap it, go on in a terminal: its resume command with --budget and an amount in USD.')
          : l10n.t(
              'It never costs more: the budget is a wall. Runs above {0} ask first.',
              dollars(readSetting(Setting.ConfirmAbove)),
            ),
    },
    start,
  );
  return answer === start;
}
