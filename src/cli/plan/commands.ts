import path from 'node:path';
import { type Allocated, plannedGolden } from '../../core/pipelines/plan/allocate';
import type { BudgetPlan, PlanItem } from '../../core/records/plan';
import { teachersFor } from './costs';

interface Given {
  readonly teacher?: readonly string[];
  readonly config?: string;
}

const rolesOf: Readonly<Record<PlanItem['pipeline'], readonly string[]>> = {
  cascade: ['generator', 'formatter', 'validator'],
  ensemble: ['answerer'],
  improve: ['generator'],
};
const firstSeed = 42;

/** The parts of a plan with the command lines that run them: a folder beside the plan's for each run, a seed for each month. */
export function itemsOf(parts: readonly Allocated[], given: Given, folder: string): PlanItem[] {
  const cases = parts.find(({ pipeline }) => pipeline === 'cascade');
  return parts.map(({ domain, ...part }) => {
    const out = runFolder(folder, 1, part.name);
    const source = sourceOf(part.pipeline, runFolder(folder, 1, cases?.name ?? ''));
    const teachers = teachersFor(rolesOf[part.pipeline], given.teacher ?? []);
    const count =
      part.pipeline === 'cascade'
        ? ['--samples', String(part.rows), '--golden', String(plannedGolden(part.rows))]
        : ['--max-examples', String(part.rows)];
    const command = [
      part.pipeline,
      ...source,
      ...(domain === undefined ? [] : ['--domain', domain]),
      ...count,
      ...['--budget', String(part.usd), '--seed', String(firstSeed), '--out', out],
      ...teachers.flatMap((teacher) => ['--teacher', teacher]),
      ...(given.config === undefined ? [] : ['--config', given.config]),
    ];
    return { ...part, starts: part.pipeline !== 'improve' && part.rows > 0, command };
  });
}

/** An ensemble answers the cases that the first cascade made; what to improve only the person knows. */
function sourceOf(pipeline: PlanItem['pipeline'], cascade: string): string[] {
  switch (pipeline) {
    case 'cascade':
      return [];
    case 'ensemble':
      return [path.join(cascade, 'training_pairs.jsonl')];
    case 'improve':
      return ['FAILURES.jsonl'];
  }
}

/** The command lines of a month, from 0: another seed and other folders than the first month's, so that cases differ. */
export function commandsOf({ items }: BudgetPlan, month: number, folder: string): string[][] {
  const first = runFolder(folder, 1, '');
  const now = runFolder(folder, month + 1, '');
  return items
    .filter(({ starts }) => starts)
    .map(({ command }) =>
      command.map((word, at) => {
        if (command[at - 1] === '--seed') return String(firstSeed + month);
        return word.startsWith(first) ? now + word.slice(first.length) : word;
      }),
    );
}

/** Beside the plan's own, where everybody looks for runs. */
function runFolder(folder: string, month: number, name: string): string {
  return `${folder}-month-${month}-${name}`;
}
