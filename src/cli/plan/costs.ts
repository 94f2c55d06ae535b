import { estimateRun } from '../../core/engine/estimate';
import type { Pipeline, Unit } from '../../core/engine/pipeline';
import { pricesFor } from '../../core/engine/pricing';
import { builtInDomain } from '../../core/pipelines/cascade/builtIn';
import { cascade } from '../../core/pipelines/cascade/cascade';
import { parseDomain } from '../../core/pipelines/cascade/domain';
import { defaultRubric, fewestTeachers } from '../../core/pipelines/ensemble/options';
import { plannedEnsemble } from '../../core/pipelines/ensemble/plan';
import { ensembleStages } from '../../core/pipelines/ensemble/stages';
import { withBuiltIn } from '../../core/pipelines/improve/guidance';
import { improveStage } from '../../core/pipelines/improve/stage';
import { plannedImprove } from '../../core/pipelines/improve/plan';
import type { AskCost } from '../../core/pipelines/plan/allocate';
import { estimatedCosts, measuredCosts } from '../../core/pipelines/plan/costs';
import type { RunManifest } from '../../core/records/run';
import { defaultTeachers } from '../../core/teachers/defaults';
import type { Environment } from '../environment';
import { type Cast, castTeachers } from '../teachers';

/** What the requests of all pipelines cost, and how many teachers an ensemble would have. */
export interface Costs {
  readonly byStage: ReadonlyMap<string, AskCost>;
  readonly answerers: number;
}

/** Prompts that are counted; others are like them. */
const samples = 20;
const instruction = 'Explain to a careful reader what follows from the case, and why. '.repeat(12);

/** From this person's own runs where there were enough, else from prices and typical prompts. Nothing is sent. */
export async function readCosts(
  teachers: readonly string[],
  environment: Environment,
  runs: readonly RunManifest[],
): Promise<Costs> {
  const cast = (roles: Parameters<typeof castTeachers>[1], several = false) =>
    castTeachers(teachersFor(roles, teachers), roles, environment, { timeoutMs: 1000, several });
  const cascading = await cast(['generator', 'formatter', 'validator']);
  const improving = await cast(['generator']);
  const answering = await cast(['answerer'], true);
  const answerers = answering.teachers['answerer']?.length ?? 0;
  const byStage = new Map([
    ...(await costsOf('cascade', cascading, await typicalCascade(), runs)),
    ...(await costsOf('improve', improving, typicalImprove(), runs)),
    ...(answerers < fewestTeachers ? [] : await costsOf('ensemble', answering, typicalEnsemble(answerers), runs)),
  ]);
  return { byStage, answerers };
}

/** The `--teacher` flags that a command with these roles takes. One for all roles is no ensemble. */
export function teachersFor(roles: readonly string[], flags: readonly string[]): string[] {
  return flags.filter((flag) => {
    const [, role] = /^([a-z]+)=/.exec(flag) ?? [];
    return role === undefined ? !roles.includes('answerer') : roles.includes(role);
  });
}

/** Whether any teacher with a model behind it can be asked. */
export function hasKey({ keys }: Environment): boolean {
  return defaultTeachers('answerer', keys).length > 0;
}

/** The same environment with a key for every provider: for planning before there is one. Nothing is sent with it. */
export function asIfWithKeys(environment: Environment): Environment {
  const given = { DEEPSEEK_API_KEY: 'for-planning', OPENAI_API_KEY: 'for-planning', ANTHROPIC_API_KEY: 'for-planning' };
  return { ...environment, keys: { ...environment.keys, given } };
}

async function costsOf(
  kind: string,
  { teachers, prices }: Cast,
  planned: NonNullable<ReturnType<NonNullable<Pipeline<Unit>['planned']>>>,
  runs: readonly RunManifest[],
): Promise<Map<string, AskCost>> {
  const priceOf = await pricesFor(Object.values(teachers).flat(), prices);
  const estimated = estimatedCosts(kind, await estimateRun(planned, teachers, priceOf));
  return new Map([...estimated, ...measuredCosts(kind, teachers, runs)]);
}

async function typicalCascade() {
  const domain = parseDomain(await builtInDomain('medical'), 'medical.yaml');
  const options = { domain, samples, golden: samples, applyCorrections: false, replacements: 0, seed: 42 };
  return cascade(options).planned?.() ?? [];
}

async function* typicalUnits() {
  await Promise.resolve();
  yield {
    index: 0,
    id: 'typical',
    instruction: { instruction, input: '' },
    failure: { category: 'reasoning', instruction, reference: instruction.slice(0, 200), previous: instruction },
  };
}

function typicalEnsemble(teachers: number) {
  return plannedEnsemble(ensembleStages(defaultRubric), typicalUnits(), 1, teachers);
}

function typicalImprove() {
  return plannedImprove(improveStage(withBuiltIn()), typicalUnits(), 1);
}
