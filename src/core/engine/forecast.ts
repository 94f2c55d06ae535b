import type { RunReport } from '../records/run';
import type { Estimate, StageEstimate } from './estimate';
import { toUsd } from './money';
import type { Measured, Tally } from './tally';

/** Answers, and units that are through, after which what was measured corrects what was planned. */
const ENOUGH = 20;
const ENOUGH_UNITS = 4;
/** The plan weighs as much as this many answers, and as this many units. */
const PLAN_ANSWERS = 4;
const PLAN_UNITS = 4;
/** Answers of a stage below which its own plan says how far off it may be. */
const TELLING = 8;

type Range = Pick<Estimate, 'low_usd' | 'likely_usd' | 'high_usd'>;

/** What a whole run will have cost: its plan, corrected by what its answers cost and how many each unit needs. */
export function forecast(
  plan: Estimate,
  tally: Tally,
  units: { readonly total: number },
): NonNullable<RunReport['estimate']> {
  const answers = [...tally.measured.values()].reduce((sum, { count }) => sum + count, 0);
  const { low_usd, likely_usd, high_usd } = plan;
  if (answers < ENOUGH || tally.sample.units < Math.min(ENOUGH_UNITS, units.total))
    return { low_usd, likely_usd, high_usd, corrected: false };
  const sum = { low_usd: 0, likely_usd: 0, high_usd: 0 };
  for (const [stage, planned] of byStage(plan.stages)) {
    const range = corrected(planned, tally, stage, units);
    // Never less than is spent.
    const spent = toUsd(tally.spentByStage.get(stage) ?? 0);
    sum.low_usd += Math.max(spent, range.low_usd);
    sum.likely_usd += Math.max(spent, range.likely_usd);
    sum.high_usd += Math.max(spent, range.high_usd);
  }
  return { ...sum, corrected: true };
}

type Planned = Range & { readonly requests: number };

function byStage(stages: readonly StageEstimate[]): Map<string, Planned> {
  const sums = new Map<string, Planned>();
  for (const { name, low_usd, likely_usd, high_usd, requests } of stages) {
    const before = sums.get(name) ?? { low_usd: 0, likely_usd: 0, high_usd: 0, requests: 0 };
    sums.set(name, {
      low_usd: before.low_usd + low_usd,
      likely_usd: before.likely_usd + likely_usd,
      high_usd: before.high_usd + high_usd,
      requests: before.requests + requests,
    });
  }
  return sums;
}

function corrected(planned: Planned, tally: Tally, stage: string, units: { readonly total: number }): Range {
  const measured = tally.measured.get(stage);
  if (!measured || planned.requests === 0) return planned;
  const spent = toUsd(tally.spentByStage.get(stage) ?? 0);
  const each = (spent + (planned.likely_usd / planned.requests) * PLAN_ANSWERS) / (measured.count + PLAN_ANSWERS);
  const { sample } = tally;
  const perUnit = (sample.asks(stage) + (planned.requests / units.total) * PLAN_UNITS) / (sample.units + PLAN_UNITS);
  const likely = each * perUnit * units.total;
  if (measured.count < TELLING) {
    const scale = planned.likely_usd > 0 ? likely / planned.likely_usd : 1;
    return { low_usd: planned.low_usd * scale, likely_usd: likely, high_usd: planned.high_usd * scale };
  }
  const off = doubt(measured) + 1 / Math.sqrt(sample.units + PLAN_UNITS) / 2;
  return { low_usd: likely * Math.max(0, 1 - off), likely_usd: likely, high_usd: likely * (1 + off) };
}

/** Two and a half standard errors of the mean, as a share of it. */
function doubt({ count, sum, squares }: Measured): number {
  const mean = sum / count;
  const variance = Math.max(0, squares / count - mean * mean);
  return mean === 0 ? 0 : 0.05 + (2.5 * Math.sqrt(variance / count)) / mean;
}
