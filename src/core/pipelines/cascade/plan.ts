import type { PlannedAsk } from '../../engine/pipeline';
import { requestOf } from '../../engine/request';
import type { StageBRow } from '../../records/cascade';
import type { CascadeOptions } from './options';
import { type Point, pointsOf } from './points';
import type { CascadeStages } from './stages';

/** Points whose prompts are counted; the others are like them. */
const sampled = 200;
/** Tokens of output, thinking included, as teachers of each class write them. */
const rawTokens = { low: 900, likely: 2200, high: 5000 };
const formatTokens = { low: 350, likely: 700, high: 1500 };
const verdictTokens = { low: 60, likely: 150, high: 500 };
/** A trace of likely length, for the prompts of later stages. */
const typicalTrace =
  'The finding is compatible with both readings, and the second measurement contradicts the first. '.repeat(75);

/** What a whole run asks. The first points stand for all: the domain's phrases are of like length. */
export function* plannedCascade(stages: CascadeStages, options: CascadeOptions): Iterable<PlannedAsk> {
  const points: Point[] = [];
  for (const point of pointsOf(options.domain, options.seed)) {
    points.push(point);
    if (points.length >= Math.min(sampled, options.samples)) break;
  }
  for (const point of points) {
    const count = options.samples / points.length;
    const planned = { count, role: stages.raw.role, stage: stages.raw.name };
    yield { ...planned, request: requestOf(stages.raw, point), output: rawTokens };
    const formatting = { trace: typicalTrace, point };
    yield {
      ...planned,
      stage: stages.format.name,
      role: stages.format.role,
      request: requestOf(stages.format, formatting),
      output: formatTokens,
    };
    const golden = options.golden / points.length;
    yield {
      stage: stages.golden.name,
      role: stages.golden.role,
      count: golden,
      request: requestOf(stages.golden, typicalRow(options)),
      output: verdictTokens,
    };
  }
}

function typicalRow({ domain }: CascadeOptions): StageBRow {
  const [example] = domain.examples;
  return {
    sample_id: 'stage_a_000000',
    source_domain: domain.name,
    instruction: (example?.scenario ?? '').padEnd(900, ' and so on'),
    reasoning_chain: typicalTrace.slice(0, 1800),
    trinary_logic: {
      premise_a: example?.premise_a ?? '',
      premise_b: example?.premise_b ?? '',
      premise_c: example?.premise_c ?? '',
      resolution: example?.resolution ?? '',
    },
    confidence: 0.8,
    citations: [],
    metadata: { domain: domain.name, difficulty: 'medium' },
    cost_estimate: 0,
    timestamp: '',
  };
}
