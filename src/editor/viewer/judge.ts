import { l10n, window } from 'vscode';
import type { Deed, ReviewCounts, StretchParams } from '../../protocol/rows';
import { withCancel } from '../cancellable';
import { count } from '../text';
import type { DatasetDocument } from './datasetDocument';

/** Fewer are judged before anybody could stop it. */
const WORTH_PROGRESS = 20_000;

interface Judged {
  readonly rows: number;
  readonly counts: ReviewCounts;
}

/** The same deed for a stretch of a view, undone as one. Of many rows it is shown how far it is; stopped, it did nothing. */
export async function judgeStretch(document: DatasetDocument, stretch: StretchParams, deed: Deed): Promise<Judged> {
  const { rows } = document;
  if (stretch.count < WORTH_PROGRESS) return rows.call('judgeStretch', { ...stretch, deed });
  const title = l10n.t('{0}: {1} rows', deedName(deed), count(stretch.count));
  let stopped: AbortSignal | undefined;
  try {
    return await withCancel(title, async (signal, progress) => {
      stopped = signal;
      let told = 0;
      using _told = {
        [Symbol.dispose]: rows.on('judging', ({ done, total }) => {
          const percent = (done / total) * 100;
          progress.report({ increment: percent - told });
          told = percent;
        }),
      };
      return await rows.call('judgeStretch', { ...stretch, deed }, signal);
    });
  } catch (error) {
    if (stopped?.aborted !== true) throw error;
    return { rows: 0, counts: document.review };
  }
}

/** What the table shows is the preview of what is done to it. */
export async function judgeAll(document: DatasetDocument, all: StretchParams, deed: Deed): Promise<number> {
  if (all.count === 0) return 0;
  const go = l10n.t('Do It');
  const answer = await window.showWarningMessage(
    all.count === 1
      ? l10n.t('{0} for the one row that the table shows?', deedName(deed))
      : l10n.t('{0} for all {1} rows that the table shows?', deedName(deed), count(all.count)),
    { modal: true, detail: l10n.t('u takes it back, as one.') },
    go,
  );
  return answer === go ? (await judgeStretch(document, all, deed)).rows : 0;
}

function deedName(deed: Deed): string {
  switch (deed.kind) {
    case 'verdict':
      return deed.verdict === 'approved'
        ? l10n.t('Approve')
        : deed.verdict === 'rejected'
          ? l10n.t('Reject')
          : l10n.t('Take the verdict back');
    case 'edit':
      return l10n.t('Edit');
    case 'note':
      return l10n.t('Note');
    case 'tags':
      return l10n.t('Set tags {0}', deed.tags.join(', '));
  }
}
