import path from 'node:path';
import { commands, l10n, Uri, window } from 'vscode';
import { labelOf } from '../../core/datasets/pairs';
import { DatasetViewError } from '../../core/datasets/view/errors';
import { freeName } from '../../core/datasets/view/freeName';
import type { PairChoices } from '../../protocol/rows';
import { cancellable } from '../cancellable';
import { datasetViewer } from '../contributions';
import { DatasetCli } from '../datasets/datasetCli';
import { Cli } from '../process/cli';
import { count } from '../text';
import type { DatasetDocument } from './datasetDocument';

/** Writes the pairs of a dataset into a new file beside it, in a process of its own, and opens it. */
export async function generatePairs(
  { uri }: DatasetDocument,
  dist: string,
  { variant, label }: PairChoices,
): Promise<string | null> {
  if (uri.scheme !== 'file') {
    throw new DatasetViewError(
      'not_local',
      l10n.t('This file is not on this machine’s disk. Download it, and make the pairs of the copy.'),
    );
  }
  const file = uri.fsPath;
  const out = await freeName(file, 'pairs');
  const cli = new DatasetCli(new Cli(path.join(dist, 'cli.js')));
  const choices = { variant, label: label === '' ? labelOf(file) : label };
  const title = l10n.t('Writing {0}', path.basename(out));
  const outputs = await cancellable(title, (signal) => cli.pairs(file, out, choices, signal));
  const [written] = outputs ?? [];
  if (!written) return null;
  await commands.executeCommand('vscode.openWith', Uri.file(out), datasetViewer);
  void window.showInformationMessage(l10n.t('{0} rows in {1}.', count(written.rows), path.basename(out)));
  return out;
}
