import { l10n, TabInputCustom, window, type Uri } from 'vscode';
import { datasetViewer } from '../contributions';

/** What the viewer reads: rows as lines. */
export const lineKinds = ['jsonl', 'ndjson', 'gz'];

const extensions = ['jsonl', 'ndjson', 'json', 'parquet', 'gz', 'zst'];

/** The dataset that a command is about: what was clicked, what is open, or what the person picks. */
export async function chosenDataset(clicked?: Uri, kinds: readonly string[] = extensions): Promise<Uri | undefined> {
  if (clicked) return clicked;
  const open = inViewer() ?? window.activeTextEditor?.document.uri;
  if (open?.scheme === 'file' && /\.(jsonl|ndjson)(\.gz)?$/iu.test(open.path)) return open;
  const [picked] = (await window.showOpenDialog({ filters: { [l10n.t('Datasets')]: [...kinds] } })) ?? [];
  return picked;
}

/** The dataset whose viewer is in front: it is no text editor. */
function inViewer(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputCustom && input.viewType === datasetViewer ? input.uri : undefined;
}
