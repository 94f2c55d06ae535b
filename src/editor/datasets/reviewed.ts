import path from 'node:path';
import { l10n, window } from 'vscode';
import { ReviewLog, reviewPath } from '../../core/datasets/view/reviewLog';
import { cancellable } from '../cancellable';
import { rowCount } from '../text';
import type { DatasetCli } from './datasetCli';

/**
 * The file that is to be read where rows are handed on: when a dataset has a review, the person says whether it is
 * applied before. Undefined when they left.
 */
export async function reviewedFile(cli: DatasetCli, file: string): Promise<string | undefined> {
  const { state } = await ReviewLog.open(reviewPath(file));
  const { approved, rejected, edited } = state.counts;
  if (approved + rejected + edited === 0) return file;
  const onlyApproved = {
    label: l10n.t('Approved rows only'),
    description: rowCount(approved),
    keep: 'approved',
  } as const;
  const asItIs = { label: l10n.t('As it is'), description: l10n.t('rejected rows and unedited texts too') } as const;
  const chosen = await window.showQuickPick(
    [
      ...(approved > 0 ? [onlyApproved] : []),
      {
        label: l10n.t('All but the rejected rows'),
        description: l10n.t('{0} rejected', rejected),
        keep: 'not-rejected' as const,
      },
      asItIs,
    ],
    {
      title: l10n.t('{0} was reviewed: which of its rows?', path.basename(file)),
      placeHolder: l10n.t('The dataset itself stays as it is; reviewed rows go into a new file beside it.'),
      ignoreFocusOut: true,
    },
  );
  if (!chosen || !('keep' in chosen)) return chosen && file;
  const { keep } = chosen;
  const title = l10n.t('Applying the review of {0}', path.basename(file));
  return cancellable(title, (signal) => cli.applyReview(file, keep, signal));
}
