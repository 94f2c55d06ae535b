import type { Uri } from 'vscode';
import { l10n, window } from 'vscode';

const extensions = ['jsonl', 'ndjson', 'json', 'parquet', 'gz', 'zst'];

/** The dataset that a command is about: what was clicked, what is open, or what the person picks. */
export async function chosenDataset(clicked?: Uri): Promise<Uri | undefined> {
  if (clicked) return clicked;
  const open = window.activeTextEditor?.document.uri;
  if (open?.scheme === 'file' && /\.(jsonl|ndjson)$/iu.test(open.path)) return open;
  const [picked] = (await window.showOpenDialog({ filters: { [l10n.t('Datasets')]: extensions } })) ?? [];
  return picked;
}
