/**
 * Training formats (spec page 1), both ways.
 *
 * - `rowFormat`, `trainingFormat` (zod), `RowFormat`, `TrainingFormat`: their names.
 * - `formatOf(row)`, `readExample(row)`: a row of any of them as an `Example`.
 * - `trainingLines(rows, format, options)`: rows of any format as lines of one format, streaming; for `FinishContext.write`.
 * - `datasetInfo(entries)`: the text of LLaMA-Factory's `dataset_info.json`.
 * - `datasetCard(card)`: the text of the dataset's `README.md`.
 * - `exportDataset(request)`: all of it into a folder of its own, Parquet included.
 */
export * from './example';
export { formatOf, readExample, type Imported, type ImportProblem } from './read';
export { type ReasoningPolicy, type WriteOptions } from './write';
export { trainingLines, trainingRows, type RowSource } from './convert';
export { datasetInfo, type DatasetInfoEntry } from './dataset-info';
export { datasetCard, type DatasetCard } from './card';
export { exportDataset, type ExportRequest, type ExportResult } from './export';
