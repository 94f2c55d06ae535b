import path from 'node:path';
import { goldenCount } from '../../records/cascade';
import type { PlanGoal, PlanItem } from '../../records/plan';

/** What one answered request of a stage costs. */
export interface AskCost {
  readonly usd: number;
  readonly measured: boolean;
}

/** By `pipeline/stage`. A pipeline whose stages are not all there is not planned. */
export type AskCosts = ReadonlyMap<string, AskCost>;

/** A part of an allocation before it has numbers. */
interface Part {
  readonly name: string;
  readonly pipeline: PlanItem['pipeline'];
  readonly domain?: string;
  readonly share: number;
  readonly why: string;
}

export type Allocated = Pick<PlanItem, 'name' | 'pipeline' | 'usd' | 'rows' | 'usd_per_row' | 'basis' | 'why'> & {
  readonly domain?: string;
};

/** Kept back of every month: 20 %, and 25 % where what is needed shows only later. In whole cents never less or more. */
const reserveShare: Readonly<Record<PlanGoal, number>> = { depth: 0.2, breadth: 0.2, iterative: 0.25 };
/** A run plans with this much of its budget: the rest covers retries, and the worst cases of what is under way. */
const planned = 0.85;
/** Syntheses an instruction: most short answers need none. */
const synthesesPerRow = 0.5;
/** Asks an improved example: some are refused by the free checks and asked for again. */
const asksPerImproved = 1.1;
const mostRows = 1_000_000;

/** Shares an amount of at least a dollar out over pipelines, in whole cents, but for the reserve. */
export function allocate(
  usd: number,
  goal: PlanGoal,
  domains: readonly string[],
  costs: AskCosts,
  teachers: number,
): { readonly reserve_usd: number; readonly items: readonly Allocated[] } {
  const parts = partsOf(goal, domains).filter(({ pipeline }) => stagesOf[pipeline].every((stage) => costs.has(stage)));
  const whole = parts.reduce((sum, { share }) => sum + share, 0);
  const cents = Math.floor(usd * 100 + 1e-6);
  const reserve = Math.min(
    Math.floor(cents * 0.25),
    Math.max(Math.ceil(cents * 0.2), Math.round(cents * reserveShare[goal])),
  );
  let shared = 0;
  let given = 0;
  const items = parts.map(({ share, ...part }) => {
    shared += share / whole;
    // Of all up to here, so that no cent is lost to rounding.
    const upToHere = Math.round((cents - reserve) * shared);
    const amount = (upToHere - given) / 100;
    given = upToHere;
    const costOf = (rows: number): number => runCost(part.pipeline, rows, costs, teachers);
    const rows = mostRowsFor(amount * planned, costOf);
    const measured = stagesOf[part.pipeline].every((stage) => costs.get(stage)?.measured === true);
    return {
      ...part,
      usd: amount,
      rows,
      usd_per_row: costOf(Math.max(rows, 1)) / Math.max(rows, 1),
      basis: measured ? ('measured' as const) : ('prices' as const),
    };
  });
  return { reserve_usd: (cents - given) / 100, items };
}

function partsOf(goal: PlanGoal, domains: readonly string[]): readonly Part[] {
  const cases = (share: number, why: string): Part[] =>
    domains.map((domain) => ({
      name: `cascade-${path.parse(domain).name}`,
      pipeline: 'cascade',
      domain,
      share: share / domains.length,
      why,
    }));
  switch (goal) {
    case 'depth':
      return [
        ...cases(0.75, 'Many cases of one field, and its golden test set.'),
        ensemble(0.25, 'Several opinions on cases of that field: the rows to trust most, and preference pairs.'),
      ];
    case 'breadth':
      return [
        ...cases(0.85, 'Cases of every field, a golden test set for each.'),
        ensemble(0.15, 'Several opinions on cases of the first field: where teachers disagree, look.'),
      ];
    case 'iterative':
      return [
        ...cases(0.45, 'A first dataset, small enough to look at.'),
        { name: 'improve', pipeline: 'improve', share: 0.4, why: 'What the tuned model gets wrong, once you know it.' },
        ensemble(0.15, 'Preference pairs from cases of the field.'),
      ];
  }
}

function ensemble(share: number, why: string): Part {
  return { name: 'ensemble', pipeline: 'ensemble', share, why };
}

const stagesOf = {
  cascade: ['cascade/raw', 'cascade/format', 'cascade/golden'],
  ensemble: ['ensemble/answer', 'ensemble/judge', 'ensemble/synthesize'],
  improve: ['improve/improve'],
} as const satisfies Record<PlanItem['pipeline'], readonly string[]>;

/** What so many rows are likely to cost. */
export function runCost(pipeline: PlanItem['pipeline'], rows: number, costs: AskCosts, teachers: number): number {
  const each = (stage: string): number => costs.get(stage)?.usd ?? 0;
  switch (pipeline) {
    case 'cascade':
      return rows * (each('cascade/raw') + each('cascade/format')) + plannedGolden(rows) * each('cascade/golden');
    case 'ensemble': {
      const asked = teachers * (each('ensemble/answer') + each('ensemble/judge'));
      return rows * (asked + synthesesPerRow * each('ensemble/synthesize'));
    }
    case 'improve':
      return rows * asksPerImproved * each('improve/improve');
  }
}

/** As a cascade's own default; of few cases a quarter, so that some are left to train on. */
export function plannedGolden(rows: number): number {
  return Math.min(goldenCount(rows), Math.ceil(rows / 4));
}

/** The largest count whose cost fits; costs grow with the count. */
function mostRowsFor(usd: number, costOf: (rows: number) => number): number {
  if (costOf(mostRows) <= usd) return mostRows;
  let fits = 0;
  let fails = mostRows;
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (costOf(middle) <= usd) fits = middle;
    else fails = middle;
  }
  return fits;
}
