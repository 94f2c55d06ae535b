import { rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DatasetError } from '../errors';
import type { JsonObject } from '../rows';
import { writeLines, writeText } from '../writer';
import { datasetCard, type DatasetCard } from './card';
import { trainingRows, type RowSource } from './convert';
import { datasetInfo, type DatasetInfoEntry } from './dataset-info';
import type { RowFormat, TrainingFormat } from './example';
import { writeParquet } from './parquet-write';
import type { WriteOptions } from './write';

export interface ExportRequest extends WriteOptions {
  /** `train`, or `train`, `validation`, `test`. The first is the one that is trained on. */
  readonly splits: readonly { readonly name: string; readonly rows: RowSource }[];
  readonly format: TrainingFormat;
  /** The shape of the rows in a Parquet file. Default `messages`. */
  readonly rowFormat?: RowFormat;
  /** A folder (one file a split in it), or with one split also a file. Files that are there are never touched. */
  readonly out: string;
  /** What LLaMA-Factory's `dataset:` names. Default: the name of the folder or file. */
  readonly name?: string;
  readonly card: Pick<DatasetCard, 'title' | 'license' | 'languages' | 'provenance' | 'method'>;
  readonly signal?: AbortSignal;
}

export interface ExportResult {
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly datasetInfo: string;
  readonly card: string;
}

/**
 * Writes splits in a training format, with `dataset_info.json` and the dataset card `README.md`. Where a file has one of
 * those two names already, ours is named after the export (`train.README.md`).
 * @throws {DatasetError} `exists`, `empty`, `wrong_format`, `wrong_usage`
 */
export async function exportDataset(request: ExportRequest): Promise<ExportResult> {
  const rowFormat = request.format === 'parquet' ? (request.rowFormat ?? 'messages') : request.format;
  const target = placesOf(request);
  const outputs: { path: string; rows: number }[] = [];
  const entries: DatasetInfoEntry[] = [];
  for (const [index, split] of request.splits.entries()) {
    const path = join(target.folder, target.files[index] ?? `${split.name}.jsonl`);
    const columns = { system: false, history: false };
    const rows = await write(path, split.rows, rowFormat, request, columns);
    if (index === 0 && rows === 0) {
      await rm(path);
      throw new DatasetError('empty', 'There are no rows to export.');
    }
    outputs.push({ path, rows });
    const name = index === 0 ? target.name : `${target.name}_${split.name}`;
    entries.push({ name, file: basename(path), format: rowFormat, columns });
  }
  const splits = outputs.map(({ path, rows }, index) => ({
    name: request.splits[index]?.name ?? 'train',
    file: basename(path),
    rows,
  }));
  const info = await freeName(target.folder, 'dataset_info.json', target.name);
  const card = await freeName(target.folder, 'README.md', target.name);
  await writeText(info, datasetInfo(entries));
  await writeText(card, datasetCard({ ...request.card, format: rowFormat, splits }));
  return { outputs, datasetInfo: info, card };
}

async function write(
  path: string,
  source: RowSource,
  format: RowFormat,
  request: ExportRequest,
  columns: { system: boolean; history: boolean },
): Promise<number> {
  const rows = noticing(trainingRows(source, format, request));
  if (request.format === 'parquet') return writeParquet(path, rows, format, request.signal);
  return writeLines(path, asLines(rows), request.signal);

  /** The optional columns are the same in every row of a file: any row tells which there are. */
  async function* noticing(source: AsyncIterable<JsonObject>): AsyncGenerator<JsonObject> {
    for await (const row of source) {
      columns.system = 'system' in row;
      columns.history = 'history' in row;
      yield row;
    }
  }
}

async function* asLines(rows: AsyncIterable<JsonObject>): AsyncGenerator<string> {
  for await (const row of rows) yield JSON.stringify(row);
}

function placesOf({ out, splits, format, name }: ExportRequest): { folder: string; files: string[]; name: string } {
  const extension = format === 'parquet' ? '.parquet' : '.jsonl';
  const isFile = ['.jsonl', '.json', '.ndjson', '.parquet'].includes(extname(out).toLowerCase());
  if (!isFile) {
    const folder = resolve(out);
    return { folder, files: splits.map((split) => `${split.name}${extension}`), name: name ?? datasetName(folder) };
  }
  if (splits.length !== 1) {
    throw new DatasetError('wrong_usage', `${splits.length} splits need a folder, but ${out} is the name of one file.`);
  }
  if ((extname(out).toLowerCase() === '.parquet') !== (format === 'parquet')) {
    throw new DatasetError('wrong_usage', `${out} does not fit the format ${format}: name it *${extension}.`);
  }
  return { folder: dirname(resolve(out)), files: [basename(out)], name: name ?? datasetName(out) };
}

/** Letters that every tool takes in a name. */
function datasetName(path: string): string {
  return basename(path, extname(path)).replace(/[^A-Za-z0-9_]+/g, '_') || 'dataset';
}

async function freeName(folder: string, wanted: string, prefix: string): Promise<string> {
  for (const name of [wanted, `${prefix}.${wanted}`]) {
    const path = join(folder, name);
    const there = await stat(path).then(
      () => true,
      () => false,
    );
    if (!there) return path;
  }
  throw new DatasetError('exists', `${join(folder, `${prefix}.${wanted}`)} is there already. Choose another folder.`);
}
