import type { FinishContext } from '../../engine/pipeline';
import { cascadeValidationRow, stageBRow } from '../../records/cascade';
import type { Criterion } from '../../records/run';
import { type CascadeOptions, samplePrefix } from './options';
import { countTopics, unevenness } from './topics';

/** `training_pairs.jsonl`: the formatted rows without those that were drawn for the golden check; and the criteria. */
export async function finishCascade(run: FinishContext, options: CascadeOptions) {
  let approved = 0;
  const drawn = new Set<string>();
  for await (const value of run.rows('validation_results.jsonl')) {
    const row = cascadeValidationRow.parse(value);
    drawn.add(row.sample_id);
    if (row.approved) approved++;
  }
  const training = { rows: 0, confidence: 0 };
  const rows = await run.write('training_pairs.jsonl', trainingRows(run, drawn, training));
  const topics = await countTopics(options.domain, options.seed, keptSamples(run));
  return {
    criteria: [...criteriaOf(run, options, { ...training, rows }, drawn.size, approved), evenness(unevenness(topics))],
    outputs: [{ path: 'training_pairs.jsonl', rows }],
    results: { topics },
  };
}

/** The places of the kept samples in the run's plan: `stage_a_000012` is 12. */
async function* keptSamples(run: FinishContext): AsyncGenerator<number> {
  for await (const value of run.rows('stage_b_formatted_pairs.jsonl'))
    yield Number(stageBRow.parse(value).sample_id.slice(samplePrefix.length));
}

/** Every value of an axis comes up within 20 % of an even share. */
function evenness(value: number | null): Criterion {
  return { name: 'axis_unevenness', target: '≤ 20 %', value, pass: value !== null && value <= 0.2 };
}

async function* trainingRows(run: FinishContext, drawn: ReadonlySet<string>, sum: { confidence: number }) {
  for await (const value of run.rows('stage_b_formatted_pairs.jsonl')) {
    const row = stageBRow.parse(value);
    if (drawn.has(row.sample_id)) continue;
    sum.confidence += row.confidence;
    yield JSON.stringify(row);
  }
}

/** Spec page 3: what a cascade is measured by. */
function criteriaOf(
  run: FinishContext,
  { samples, golden }: CascadeOptions,
  training: { readonly rows: number; readonly confidence: number },
  drawn: number,
  approved: number,
): Criterion[] {
  const target = samples - golden;
  const spent = run.capUsd === undefined || run.capUsd === 0 ? null : run.spentUsd / run.capUsd;
  const approval = drawn === 0 ? null : approved / drawn;
  const confidence = training.rows === 0 ? null : training.confidence / training.rows;
  const { ok, failed } = run.counts;
  const validity = ok + failed === 0 ? null : ok / (ok + failed);
  return [
    { name: 'training_pairs', target: `≥ ${target}`, value: training.rows, pass: training.rows >= target },
    { name: 'golden_checked', target: `= ${golden}`, value: drawn, pass: drawn === golden },
    {
      name: 'spend',
      target: '75-95 % of the budget',
      value: spent,
      pass: spent !== null && spent >= 0.75 && spent <= 0.95,
    },
    { name: 'approval', target: '80-90 %', value: approval, pass: approval !== null && approval >= 0.8 },
    { name: 'mean_confidence', target: '> 0.8', value: confidence, pass: confidence !== null && confidence > 0.8 },
    { name: 'format_validity', target: '100 %', value: validity, pass: validity === 1 },
  ];
}
