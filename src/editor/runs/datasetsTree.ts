import path from 'node:path';
import { EventEmitter, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, l10n } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import { Command } from '../contributions';
import type { DatasetRow } from '../contributions';
import { count } from '../text';
import type { Runs } from './runs';

interface RunGroup {
  readonly folder: string;
}
type DatasetFile = DatasetRow & { readonly name: string; readonly rows: number };
export type DatasetsElement = RunGroup | DatasetFile;

/** The Datasets view: the row files of the runs, with their counts. */
export class DatasetsTree implements TreeDataProvider<DatasetsElement> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor(private readonly runs: Runs) {
    runs.onDidChange(() => this.#changed.fire(undefined));
  }

  getChildren(element?: DatasetsElement): DatasetsElement[] {
    if (element === undefined)
      return this.runs.readable
        .filter((run) => datasetsOf(this.runs, run.folder).length > 0)
        .map(({ folder }) => ({ folder }));
    return 'file' in element ? [] : datasetsOf(this.runs, element.folder);
  }

  getTreeItem(element: DatasetsElement): TreeItem {
    return 'file' in element ? fileItem(element) : groupItem(element.folder);
  }
}

/** The row files of a run that have rows; the golden one, which a person reviews, first. */
export function datasetsOf(runs: Runs, folder: string): DatasetFile[] {
  const outputs = runs.get(folder)?.manifest.report.outputs ?? [];
  return outputs
    .filter((output) => /\.(jsonl|ndjson)$/u.test(output.path) && output.rows > 0)
    .map((output) => ({ file: Uri.file(path.resolve(folder, output.path)), name: output.path, rows: output.rows }))
    .sort((a, b) => Number(isGolden(b.file)) - Number(isGolden(a.file)));
}

export function isGolden(file: Uri): boolean {
  return path.basename(file.fsPath) === 'golden_dataset.jsonl';
}

function groupItem(folder: string): TreeItem {
  const item = new TreeItem(path.basename(folder), TreeItemCollapsibleState.Expanded);
  item.id = `datasets:${folder}`;
  item.iconPath = new ThemeIcon('folder');
  item.tooltip = folder;
  return item;
}

function fileItem(dataset: DatasetFile): TreeItem {
  const { file, name, rows } = dataset;
  const item = new TreeItem(name.replaceAll('\\', '/'));
  item.id = file.fsPath;
  item.description = rows === 1 ? l10n.t('1 row') : l10n.t('{0} rows', count(rows));
  item.iconPath = new ThemeIcon(isGolden(file) ? 'star-full' : 'table');
  item.tooltip = file.fsPath;
  item.contextValue = 'dataset';
  item.command = { command: Command.OpenDataset, title: l10n.t('Open in Dataset Viewer'), arguments: [dataset] };
  return item;
}
