import type { Estimate } from '../../engine/estimate';
import type { RunManifest } from '../../records/run';
import { type Teacher, teacherName } from '../../teachers/teacher';
import type { AskCost } from './allocate';

/** Fewer answers than this say little about what the next one costs. */
const enoughAnswers = 20;

/** What a request of each stage is likely to cost by the estimate, which stands on the price table. */
export function estimatedCosts(kind: string, { stages }: Estimate): Map<string, AskCost> {
  const sums = new Map<string, { usd: number; asks: number }>();
  for (const { name, likely_usd, requests } of stages) {
    const sum = sums.get(name) ?? { usd: 0, asks: 0 };
    sums.set(name, { usd: sum.usd + likely_usd, asks: sum.asks + requests });
  }
  return new Map(
    [...sums].map(([stage, { usd, asks }]) => [`${kind}/${stage}`, { usd: usd / Math.max(1, asks), measured: false }]),
  );
}

/** What it did cost in earlier runs of the same kind by the same teachers, where there were enough of them. */
export function measuredCosts(
  kind: string,
  teachers: Readonly<Record<string, readonly Teacher[]>>,
  runs: readonly Pick<RunManifest, 'kind' | 'teachers' | 'report'>[],
): Map<string, AskCost> {
  const cast = namesOf(teachers);
  const sums = new Map<string, { usd: number; answers: number }>();
  for (const run of runs) {
    if (run.kind !== kind || namesOf(run.teachers) !== cast) continue;
    for (const { name, spend_usd, ok } of run.report.stages) {
      const sum = sums.get(name) ?? { usd: 0, answers: 0 };
      sums.set(name, { usd: sum.usd + spend_usd, answers: sum.answers + ok });
    }
  }
  return new Map(
    [...sums]
      .filter(([, { answers }]) => answers >= enoughAnswers)
      .map(([stage, { usd, answers }]) => [`${kind}/${stage}`, { usd: usd / answers, measured: true }]),
  );
}

function namesOf(teachers: Readonly<Record<string, readonly Pick<Teacher, 'provider' | 'model'>[]>>): string {
  const roles = Object.entries(teachers).map(([role, several]) => [role, several.map(teacherName)] as const);
  return JSON.stringify(roles.sort(([a], [b]) => (a < b ? -1 : 1)));
}
