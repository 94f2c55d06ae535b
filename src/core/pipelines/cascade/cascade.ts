import { NearIndex } from '../../datasets/near';
import {
  type Answer,
  asked,
  AskFailed,
  type Pipeline,
  StageClosed,
  type Unit,
  type UnitContext,
  type UnitResult,
} from '../../engine/pipeline';
import {
  cascadeValidationRow,
  type Formatted,
  goldenTestRow,
  type GoldenVerdict,
  stageARow,
  stageBRow,
  type StageBRow,
} from '../../records/cascade';
import { finishCascade } from './finish';
import { GoldenDraw } from './golden';
import { type CascadeOptions, samplePrefix } from './options';
import { plannedCascade } from './plan';
import { type Point, pointsOf } from './points';
import { type CascadeRows, rowsOf, stageBRowOf } from './rows';
import { cascadeStages, type CascadeStages, isGolden, type Trace } from './stages';

/** One sample of the plan, or a replacement: at a point of its own. */
export interface SampleUnit extends Unit {
  readonly point: Point;
}

/** Instructions this alike are the same case. */
const twinThreshold = 0.8;

/** A budget becomes a dataset and a golden test set: raw reasoning → strict rows → golden check. */
export function cascade(options: CascadeOptions): Pipeline<SampleUnit> {
  const stages = cascadeStages(options.domain);
  const state: CascadeState = {
    kept: new NearIndex<string>({ threshold: twinThreshold, seed: options.seed }),
    golden: new GoldenDraw(options.golden, options.samples),
    missing: 0,
    goldenLost: 0,
  };
  const points = new Samples(options);
  return {
    kind: 'cascade',
    stages: [stages.raw, stages.format, stages.golden],
    units: () => points.range(0, options.samples),
    followUp: (ended) => points.replacements(state, ended),
    unitCount: options.samples,
    planned: () => plannedCascade(stages, options),
    work: (unit, run) => workOn(unit, run, stages, state, options),
    restore: (_unit, result) => {
      recordLoss(result, stages, state);
      for (const row of result.rows['stage_b_formatted_pairs.jsonl'] ?? []) {
        const { instruction, sample_id } = stageBRow.parse(row);
        state.kept.add(instruction, sample_id);
      }
      if ((result.rows['validation_results.jsonl'] ?? []).length > 0 || lostCheck(result, stages))
        state.golden.restore();
    },
    outputs: [
      { name: 'stage_a_raw_pairs.jsonl', schema: stageARow },
      { name: 'stage_b_formatted_pairs.jsonl', schema: stageBRow },
      { name: 'validation_results.jsonl', schema: cascadeValidationRow },
      { name: 'golden_test_set.jsonl', schema: goldenTestRow },
    ],
    finish: (run) => finishCascade(run, options),
  };
}

/** What depends on more than one sample: decided in turn. */
interface CascadeState {
  readonly kept: NearIndex<string>;
  readonly golden: GoldenDraw;
  /** Samples that gave no row, and have no replacement yet. */
  missing: number;
  /** Golden checks that were lost. They go back to the draw when all samples have ended: before, it would depend on timing. */
  goldenLost: number;
}

interface Decision {
  /** The sample that says the same, or null. */
  readonly twin: string | null;
  readonly golden: boolean;
}

/** The samples of a run: the planned ones, then replacements, each at a point of its own. */
class Samples {
  readonly #replacements: Iterator<SampleUnit>;

  constructor(private readonly options: CascadeOptions) {
    this.#replacements = this.range(options.samples, options.samples + options.replacements);
  }

  /** The points are drawn anew at each call: they are the same, and a run need not keep them. */
  *range(from: number, to: number): Generator<SampleUnit> {
    let index = 0;
    for (const point of pointsOf(this.options.domain, this.options.seed)) {
      if (index >= to) return;
      if (index >= from) yield { index, id: `${samplePrefix}${String(index).padStart(6, '0')}`, point };
      index++;
    }
  }

  /**
   * A new sample for each that gave no row, as soon as that is known: the same ones in the end, whoever is lost first.
   * When all have ended, as many as the golden set lacks.
   */
  replacements(state: CascadeState, ended: boolean): readonly SampleUnit[] | undefined {
    // A teacher that gave no row at all will not give one at other points.
    if (state.kept.size === 0) return undefined;
    let wanted = state.missing;
    if (ended) {
      state.golden.lost(state.goldenLost);
      state.goldenLost = 0;
      wanted = Math.max(wanted, state.golden.missing);
    }
    state.missing = 0;
    const drawn: SampleUnit[] = [];
    while (drawn.length < wanted) {
      const next = this.#replacements.next();
      if (next.done === true) break;
      drawn.push(next.value);
    }
    return drawn.length > 0 ? drawn : undefined;
  }
}

async function workOn(
  unit: SampleUnit,
  run: UnitContext,
  stages: CascadeStages,
  state: CascadeState,
  options: CascadeOptions,
): Promise<UnitResult> {
  const result = await workThrough(unit, run, stages, state, options);
  if (!result.open) recordLoss(result, stages, state);
  return result;
}

function recordLoss(result: UnitResult, stages: CascadeStages, state: CascadeState): void {
  if ((result.rows['stage_b_formatted_pairs.jsonl'] ?? []).length === 0) state.missing++;
  if (lostCheck(result, stages)) state.goldenLost++;
}

function lostCheck({ failures = [] }: UnitResult, { golden }: CascadeStages): boolean {
  return failures.some(({ stage }) => stage === golden.name);
}

async function workThrough(
  unit: SampleUnit,
  run: UnitContext,
  stages: CascadeStages,
  state: CascadeState,
  options: CascadeOptions,
): Promise<UnitResult> {
  const rows: CascadeRows = { unit, domain: options.domain };
  const raw = await asked(run.ask(stages.raw, unit.point));
  if (isLost(raw)) return rowsOf(rows, { lost: raw, stage: stages.raw.name });
  const formatted = await asked(run.ask(stages.format, { trace: raw.value.text, point: unit.point }));
  if (isLost(formatted)) return rowsOf({ ...rows, raw }, { lost: formatted, stage: stages.format.name });
  const row = stageBRowOf(unit, options.domain, formatted);
  const { twin, golden } = await run.inTurn<Decision>((recorded) => decide(row, unit.index, run, state, recorded));
  if (twin !== null) return rowsOf({ ...rows, raw }, { twin });
  if (!golden) return rowsOf({ ...rows, raw, row });
  return checkGolden({ ...rows, raw, row }, run, stages, options);
}

function decide(
  row: StageBRow,
  slot: number,
  run: UnitContext,
  { kept, golden }: CascadeState,
  recorded: Decision | undefined,
): Decision {
  const random = run.random();
  const twin = kept.add(row.instruction, row.sample_id)?.key ?? null;
  if (recorded === undefined) return { twin, golden: twin === null && golden.offer(slot, random) };
  if (recorded.golden) golden.restore();
  return recorded;
}

/** The golden check, with the checker's correction applied and checked once more when asked for. */
async function checkGolden(
  made: CascadeRows & { readonly raw: Answer<Trace>; readonly row: StageBRow },
  run: UnitContext,
  stages: CascadeStages,
  { applyCorrections }: CascadeOptions,
): Promise<UnitResult> {
  const first = await asked(run.ask(stages.golden, made.row));
  if (isLost(first)) return rowsOf(made, { lost: first, stage: stages.golden.name });
  const checked = { verdict: first.value, usd: first.costUsd };
  if (isGolden(first.value) || !applyCorrections || first.value.corrections === null)
    return rowsOf({ ...made, checked });
  const corrected = await asked(corrections(made, first.value, run, stages));
  if (isLost(corrected)) return rowsOf({ ...made, checked }, corrected instanceof StageClosed ? { open: true } : {});
  return rowsOf({
    ...made,
    row: isGolden(corrected.verdict) ? corrected.row : made.row,
    checked: { verdict: corrected.verdict, usd: checked.usd + corrected.usd },
  });
}

async function corrections(
  made: CascadeRows & { readonly raw: Answer<Trace>; readonly row: StageBRow },
  verdict: GoldenVerdict,
  run: UnitContext,
  stages: CascadeStages,
): Promise<{ row: StageBRow; verdict: GoldenVerdict; usd: number }> {
  const input = { row: made.row, verdict, trace: made.raw.value.text, point: made.unit.point };
  const again: Answer<Formatted> = await run.ask(stages.format, input, { vote: 1 });
  const row = stageBRowOf(made.unit, made.domain, again);
  const second = await run.ask(stages.golden, row, { vote: 1 });
  return { row, verdict: second.value, usd: second.costUsd };
}

function isLost(value: unknown): value is AskFailed | StageClosed {
  return value instanceof AskFailed || value instanceof StageClosed;
}
