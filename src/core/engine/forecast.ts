import type { RunReport } from '../records/run';
import type { Estimate, StageEstimate } from './estimate';
import { toUsd } from './money';
import type { Measured, Tally } from './tally';

/** Answers after which what was measured corrects what was planned. */
const ENOUGH = 20;
/** So few answers or units do not tell how much they differ. */
const FEW = 4;
/** How many answers and units the plan weighs as much as: it guesses prices of answers badly, and their number well. */
const PLAN_ANSWERS = 1;
const PLAN_UNITS = 4;
/** How much answers of a stage differ in price, and units in what they ask, as a share, before enough are there to tell. */
const UNKNOWN_SPREAD = 0.4;
/** What no sample shows: later documents are other ones, caches fill. */
const DRIFT = 0.05;

type Range = Pick<Estimate, 'low_usd' | 'likely_usd' | 'high_usd'>;

/**
 * What a whole run will have cost: its plan, corrected by what its answers cost and how many each unit needs. The range
 * says how much that is worth: with few answers it is wide.
 */
export function forecast(
  plan: Estimate,
  tally: Tally,
  units: { readonly total: number },
): NonNullable<RunReport['estimate']> {
  const answers = [...tally.measured.values()].reduce((sum, { count }) => sum + count, 0);
  const { low_usd, likely_usd, high_usd } = plan;
  if (answers < ENOUGH) return { low_usd, likely_usd, high_usd, corrected: false };
  const sum = { low_usd: 0, likely_usd: 0, high_usd: 0 };
  for (const [stage, planned] of byStage(plan.stages)) {
    const { likely_usd: likely, error } = corrected(planned, tally, stage, units);
    // Never less than is spent.
    const spent = toUsd(tally.spentByStage.get(stage) ?? 0);
    const off = DRIFT * likely + 2.5 * error;
    sum.low_usd += Math.max(spent, likely - off);
    sum.likely_usd += Math.max(spent, likely);
    sum.high_usd += Math.max(spent, likely + off);
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

/** What a stage will have cost, and the standard error of that. */
function corrected(planned: Planned, tally: Tally, stage: string, units: { readonly total: number }) {
  const measured = tally.measured.get(stage);
  const { low_usd, likely_usd, high_usd, requests } = planned;
  if (!measured?.count || requests === 0) return { likely_usd, error: (high_usd - low_usd) / 4 };
  const { sample } = tally;
  const spent = toUsd(tally.spentByStage.get(stage) ?? 0);
  const each = (spent + (likely_usd / requests) * PLAN_ANSWERS) / (measured.count + PLAN_ANSWERS);
  const known = sample.units + PLAN_UNITS;
  const perUnit = (sample.asks(stage) + (requests / units.total) * PLAN_UNITS) / known;
  const likely = each * perUnit * units.total;
  const unseen = Math.max(0, 1 - sample.units / units.total);
  const toCome = Math.max(0, perUnit * units.total - measured.count);
  const ofLosses = toUsd(Math.sqrt((measured.lostSquares / measured.count) * toCome));
  const ofEach = spread(measured) ** 2 / (measured.count + PLAN_ANSWERS);
  const measuredSpread = perUnit > 0 ? Math.sqrt(sample.variance(stage)) / perUnit : 0;
  const ofNumber = (sample.units < FEW ? UNKNOWN_SPREAD : measuredSpread) ** 2 / known;
  return { likely_usd: likely, error: Math.hypot(likely * Math.sqrt((ofEach + ofNumber) * unseen), ofLosses) };
}

/** The standard deviation of the price of an answer, as a share of it. */
function spread({ count, sum, squares }: Measured): number {
  const mean = sum / count;
  if (count < FEW || mean === 0) return UNKNOWN_SPREAD;
  return Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean;
}
