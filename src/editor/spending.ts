import { l10n, window } from 'vscode';
import { Setting } from './contributions';
import { readSetting } from './registration';
import { dollars } from './text';

/** Asks once more before a run that may cost more than `distillery.confirmAbove`. */
export async function agreesToSpend(capUsd: number): Promise<boolean> {
  if (capUsd <= readSetting(Setting.ConfirmAbove)) return true;
  const start = l10n.t('Start');
  const answer = await window.showWarningMessage(
    l10n.t('This run may cost up to {0}.', dollars(capUsd)),
    {
      modal: true,
      detail: l10n.t(
        'It never costs more: the budget is a wall. Runs above {0} ask first.',
        dollars(readSetting(Setting.ConfirmAbove)),
      ),
    },
    start,
  );
  return answer === start;
}
