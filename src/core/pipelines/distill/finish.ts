import { datasetCard, datasetInfo, type RowFormat, trainingLines } from '../../datasets/formats';
import { assignSplits } from '../../datasets/split';
import type { FinishContext } from '../../engine/pipeline';
import { type GoldenRow, goldenRow, validationRow } from '../../records/distill';
import type { Criterion } from '../../records/run';
import type { ExportOptions } from './options';
import type { Passages } from './passages';

const approvalTarget = 0.75;
const coverageTarget = 0.8;

/** After the rows: the training formats with their held-out split, and the run against its success criteria. */
export async function finishDistillation(run: FinishContext, passages: Passages, options: ExportOptions) {
  const outputs: { path: string; rows: number }[] = [];
  const covered = await coveredPassages(run);
  const splits = assignSplits(covered, { train: 1 - options.testFraction, test: options.testFraction });
  for (const format of options.formats) outputs.push(...(await exportFormat(run, format, splits)));
  return { criteria: await criteriaOf(run, covered.size / Math.max(1, passages.count)), outputs };
}

/** `export/<format>/`: train and test rows, no passage on both sides, with what a trainer and the Hub want beside them. */
async function exportFormat(run: FinishContext, format: RowFormat, assigned: ReadonlyMap<string, 'train' | 'test'>) {
  const splits: { name: string; file: string; rows: number }[] = [];
  const outputs: { path: string; rows: number }[] = [];
  for (const name of ['train', 'test'] as const) {
    if (name === 'test' && ![...assigned.values()].includes('test')) continue;
    const file = `${name}.jsonl`;
    const rows = () => selected(run, (row) => assigned.get(row.source) === name);
    const written = await run.write(`export/${format}/${file}`, trainingLines(rows, format));
    splits.push({ name, file, rows: written });
    outputs.push({ path: `export/${format}/${file}`, rows: written });
  }
  const info = datasetInfo(splits.map(({ name, file }) => ({ name, file, format })));
  await run.write(`export/${format}/dataset_info.json`, [info.trimEnd()]);
  await run.write(`export/${format}/README.md`, [cardOf(run, format, splits).trimEnd()]);
  return outputs;
}

async function* selected(run: FinishContext, wanted: (row: GoldenRow) => boolean): AsyncGenerator<GoldenRow> {
  for await (const value of run.rows('golden_dataset.jsonl')) {
    const row = goldenRow.parse(value);
    if (wanted(row)) yield row;
  }
}

function cardOf(run: FinishContext, format: RowFormat, splits: Parameters<typeof datasetCard>[0]['splits']): string {
  const title = run.folder.split(/[\\/]/).at(-1) ?? 'distilled dataset';
  return datasetCard({
    title,
    format,
    splits,
    provenance: ['Sources, teachers and prices: `run.json` of the run.'],
    method: [
      'Documents were cut into passages; a teacher wrote questions and answers with quoted evidence.',
      'Every quote was looked up in its passage; pairs whose evidence is not there were rejected.',
      `A validator judged the pairs against their passages: ${run.counts.approved} of ${run.counts.requested} were approved.`,
      'The test split holds whole passages: no passage is on both sides.',
    ],
  });
}

/** The passages that gave at least one approved pair. */
async function coveredPassages(run: FinishContext): Promise<Set<string>> {
  const covered = new Set<string>();
  for await (const value of run.rows('golden_dataset.jsonl')) covered.add(goldenRow.parse(value).source);
  return covered;
}

/** Approval, format validity and coverage (spec page 3). */
async function criteriaOf(run: FinishContext, coverage: number): Promise<Criterion[]> {
  let judged = 0;
  let approved = 0;
  let unusable = 0;
  for await (const value of run.rows('validation_results.jsonl')) {
    const { validation, status, reason } = validationRow.parse(value);
    if (validation) judged++;
    if (status === 'approved') approved++;
    if (reason === 'invalid_reply') unusable++;
  }
  const rows = run.counts.requested;
  return [
    criterion('approval', judged === 0 ? null : approved / judged, approvalTarget),
    criterion('format_validity', rows === 0 ? null : 1 - unusable / rows, 1),
    criterion('coverage', coverage, coverageTarget),
  ];
}

function criterion(name: string, value: number | null, target: number): Criterion {
  return { name, target: `≥ ${target * 100} %`, value, pass: value !== null && value >= target };
}
