import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { z } from 'zod';
import type { keep } from '../../protocol/rows';
import { datasetViewer } from '../contributions';
import { count, rowCount } from '../text';
import type { DatasetDocument } from './datasetDocument';

/** Asks what the new file is to hold, writes it, and offers to open it. */
export async function applyReviewTo(document: DatasetDocument): Promise<void> {
  const { approved, rejected, edited } = document.review;
  if (approved + rejected + edited === 0) {
    await window.showInformationMessage(l10n.t('Nothing was reviewed yet: approve rows with a, reject them with r.'));
    return;
  }
  const total = document.state.lines;
  const choices: { label: string; description: string; detail: string; keep: z.infer<typeof keep> }[] = [
    {
      label: l10n.t('Approved rows only'),
      description: rowCount(approved),
      detail: l10n.t('Rows without a verdict are left out.'),
      keep: 'approved',
    },
    {
      label: l10n.t('All but the rejected rows'),
      description: rowCount(total - rejected),
      detail: l10n.t('Rows without a verdict are kept.'),
      keep: 'not_rejected',
    },
  ];
  const chosen = await window.showQuickPick(choices, {
    title: l10n.t('Apply Review: what is the new file to hold?'),
    placeHolder: l10n.t('The dataset itself stays as it is.'),
  });
  if (!chosen) return;
  const target = await elsewhere(document.uri);
  if (target === null) return;
  const done = await document.rows.call('apply', { keep: chosen.keep });
  const written = Uri.file(done.path);
  if (target) {
    await workspace.fs.copy(written, target, { overwrite: true });
    await workspace.fs.delete(written);
  }
  const open = l10n.t('Open');
  const answer = await window.showInformationMessage(
    done.rows === 1
      ? l10n.t('1 row written, {0} left out, {1} with edits.', done.dropped, done.edited)
      : l10n.t('{0} rows written, {1} left out, {2} with edits.', count(done.rows), done.dropped, done.edited),
    open,
  );
  if (answer !== open) return;
  await commands.executeCommand('vscode.openWith', target ?? written, datasetViewer);
}

/** Nothing is written beside a file of another file system unasked; null when the person left. */
async function elsewhere(dataset: Uri): Promise<Uri | null | undefined> {
  if (dataset.scheme === 'file') return undefined;
  const { name, ext } = path.posix.parse(dataset.path.replace(/\.gz$/iu, ''));
  const defaultUri = Uri.joinPath(dataset.with({ query: '' }), '..', `${name}.reviewed${ext}`);
  return (await window.showSaveDialog({ defaultUri })) ?? null;
}
