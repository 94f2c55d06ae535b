import path from 'node:path';
import { Uri, commands, l10n, window, workspace } from 'vscode';
import { trainingFormats } from '../../core/datasets/formats/example';
import { cancellable } from '../cancellable';
import { count } from '../text';
import { chosenDataset } from './chosen';
import type { DatasetCli } from './datasetCli';
import { reviewedFile } from './reviewed';

/** Convert To…: the rows in another format, as one file beside this one. */
export async function convertDataset(cli: DatasetCli, clicked?: Uri): Promise<void> {
  const file = await chosenDataset(clicked);
  const format = file && (await chosenFormat(l10n.t('Convert To')));
  if (!file || format === undefined) return;
  const reviewed = await reviewedFile(cli, file.fsPath);
  if (reviewed === undefined) return;
  const { dir, name } = path.parse(file.fsPath);
  const extension = format === 'parquet' ? 'parquet' : 'jsonl';
  const out = path.join(dir, `${name}.${format}`, `${name}.${extension}`);
  await write(cli, reviewed, format, out);
}

/** Export Dataset…: into a folder that the person chooses, with dataset_info.json and a card. */
export async function exportDataset(cli: DatasetCli, clicked?: Uri): Promise<void> {
  const file = await chosenDataset(clicked);
  const format = file && (await chosenFormat(l10n.t('Export Dataset')));
  if (!file || format === undefined) return;
  const reviewed = await reviewedFile(cli, file.fsPath);
  if (reviewed === undefined) return;
  const [folder] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: l10n.t('Export Here'),
    })) ?? [];
  if (folder) await write(cli, reviewed, format, path.join(folder.fsPath, `${path.parse(file.fsPath).name}-${format}`));
}

async function write(cli: DatasetCli, file: string, format: string, out: string): Promise<void> {
  const title = l10n.t('Writing {0}', path.basename(out));
  const outputs = await cancellable(title, (signal) => cli.export(file, format, out, signal));
  const [first] = outputs ?? [];
  if (!first) return;
  const open = l10n.t('Open');
  const reveal = l10n.t('Reveal');
  const target = Uri.file(path.resolve(path.dirname(file), first.path));
  const answer = await window.showInformationMessage(
    l10n.t('{0} rows in {1}.', count(first.rows), workspace.asRelativePath(target)),
    ...(format === 'parquet' ? [] : [open]),
    reveal,
  );
  if (answer === open) await window.showTextDocument(target);
  if (answer === reveal) await commands.executeCommand('revealFileInOS', target);
}

async function chosenFormat(title: string): Promise<string | undefined> {
  const described: Readonly<Record<string, string>> = {
    jsonl: l10n.t('instruction, input, output, reasoning, difficulty'),
    alpaca: l10n.t('instruction, input, output; LLaMA-Factory'),
    messages: l10n.t('chat turns; LLaMA-Factory, Together, OpenAI, TRL'),
    sharegpt: l10n.t('conversations of human and gpt'),
    'prompt-completion': l10n.t('prompt and completion; TRL, Together'),
    preference: l10n.t('prompt, chosen, rejected; DPO'),
    parquet: l10n.t('messages as one Parquet file; Hugging Face'),
  };
  const items = trainingFormats.map((label) => ({ label, description: described[label] ?? '' }));
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.label;
}
