import { parentPort } from 'node:worker_threads';
import { DatasetFile } from '../../core/datasets/view/datasetFile';
import { detailMessage, previewMessage } from '../../core/datasets/view/rowMessages';
import { RunFolder } from '../../core/datasets/view/runFolder';
import { serve } from '../../protocol/channel';
import { rowsContract } from '../../protocol/rows';
import { threadPort } from './threadPort';

/** How often the file is looked at for growth, replacement or deletion. */
const FOLLOW_MS = 500;
/** Snapshots while indexing: often enough to see rows come, seldom enough to cost nothing. */
const TELL_MS = 60;

if (!parentPort) throw new Error('This file is a worker thread of the dataset viewer.');

let dataset: DatasetFile | undefined;
let lastTold = 0;

const server = serve(threadPort(parentPort), rowsContract, {
  open: async ({ path, cache }) => {
    dataset = await DatasetFile.open(path, cache ?? undefined, tell);
    void keepUp(dataset);
    return dataset.state;
  },
  previews: async ({ lines, columns }) => {
    const rows = await opened().previews(lines);
    return { generation: opened().state.generation, rows: rows.map((row) => previewMessage(row, columns)) };
  },
  detail: async ({ line }) => detailMessage(await opened().row(line)),
  raw: async ({ line, most }) => {
    const bytes = await opened().bytes(line, most);
    return { text: bytes.toString('utf8'), whole: bytes.length < most };
  },
  provenance: async ({ line }, signal) => {
    const folder = await RunFolder.around(opened().path);
    const { row } = await opened().row(line);
    if (!folder || row.state !== 'ok') return null;
    const found = await folder.provenanceOf(row.value, signal);
    return found && { ...found, evidence: [...found.evidence] };
  },
  close: async () => {
    await dataset?.close();
    dataset = undefined;
    return {};
  },
});

function opened(): DatasetFile {
  if (!dataset) throw new Error('The dataset is not open.');
  return dataset;
}

/** Indexes the file and then follows it for as long as it is open. */
async function keepUp(file: DatasetFile): Promise<void> {
  try {
    await file.indexAll();
    tellNow();
    while (dataset === file) {
      await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
      if (dataset === file) await file.follow();
    }
  } catch (error) {
    if (dataset !== file) return; // Closed while it was read.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    server.emit('failed', { code, message: error instanceof Error ? error.message : String(error) });
  }
}

function tell(): void {
  const now = Date.now();
  if (dataset?.state.complete !== true && lastTold !== 0 && now - lastTold < TELL_MS) return;
  tellNow();
}

function tellNow(): void {
  lastTold = Date.now();
  if (dataset) server.emit('changed', dataset.state);
}
