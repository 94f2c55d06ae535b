import path from 'node:path';
import type { Command } from 'commander';
import type { BatchMode } from '../core/engine/batches';
import { type Estimate, estimateRun } from '../core/engine/estimate';
import type { OpenTelemetry } from '../core/engine/openTelemetry';
import type { Pipeline, Unit } from '../core/engine/pipeline';
import { pricesFor } from '../core/engine/pricing';
import { runPipeline } from '../core/engine/run';
import type { RunOptions } from '../core/engine/options';
import type { RunReport } from '../core/records/run';
import { batchPlan } from './batch';
import { confirmSpending } from './confirm';
import { exitCode, type ExitCode, UsageError } from './exit';
import type { AskFlags } from './flags';
import { type Io, printResult, say } from './io';
import { ledgerHome, monthlyCap } from './ledger';
import type { CommandContext } from './context';
import { ProgressLine } from './progress';
import { resumeArguments } from './resume';
import { chooseRunFolder } from './runFolders';
import { interruptible } from './signals';
import { quoted, summarizeEstimate, summarizeRun } from './summary';
import type { Cast } from './teachers';

/**
 * How a pipeline's money is laid out: fixed caps by stage, or one sum of which each stage has a share, any stage may draw
 * on the reserve, and what a stage leaves of its share goes to the others (`RunOptions.budget`).
 */
export type Budgeting =
  | { readonly stages: Readonly<Record<string, number>> }
  | { readonly run: number; readonly shares: Readonly<Record<string, number>>; readonly reserve: number };

/** A pipeline that is ready to run, and what its command was called with. */
export interface Launch<U extends Unit> {
  /** A pipeline knows what its run has had so far: an estimate has one of its own. */
  readonly pipeline: () => Pipeline<U>;
  /** `distill-handbook`: the run folder's name when `--out` names none. */
  readonly name: string;
  readonly cast: Cast;
  readonly config: RunOptions['config'];
  readonly inputs: RunOptions['inputs'];
  readonly flags: AskFlags;
  /** Stage caps in USD when the person gives no budget at all. */
  readonly defaultBudget: Budgeting;
  readonly command: Command;
  /** The command's arguments (files), made absolute. */
  readonly operands: readonly string[];
  /** What the command says at the end in place of the run's report; undefined where there is nothing else to say. */
  readonly result?: (report: RunReport) => Promise<Told | undefined>;
}

/** A result as `--json`, and as a person reads it above the run's report. */
export interface Told {
  readonly json: object;
  readonly text: string;
}

/** Estimates or runs a pipeline as the common flags say, tells the person, and sets the exit code. */
export async function launch<U extends Unit>(job: Launch<U>, { io, exit }: CommandContext): Promise<void> {
  const { flags, cast } = job;
  const pipeline = job.pipeline();
  const json = flags.json === true;
  if (!flags.quiet) for (const notice of cast.notices) say(io, notice);
  const budget = budgetOf(job);
  const batch = batchPlan(flags, pipeline.stages, cast);
  if (!flags.quiet) for (const notice of batch.notices) say(io, notice);
  if (flags.estimateOnly) {
    const estimate = await estimateOf(job, batch.mode);
    printResult(io, json, { estimate }, () => summarizeEstimate(estimate));
    return;
  }
  const capUsd = monthlyCap(io);
  await confirmSpending(io, flags, budget.run, () => estimateOf(job, batch.mode));
  const options = {
    teachers: cast.teachers,
    prices: cast.prices,
    config: job.config,
    inputs: job.inputs,
    seed: flags.seed,
    budget,
    concurrency: flags.concurrency,
    batch: batch.mode,
    home: ledgerHome(io),
    ...(capUsd !== undefined && { monthCapUsd: capUsd }),
    ...(flags.delay !== undefined && { delayMs: flags.delay }),
    ...(flags.retryFailed && { retryFailed: true }),
  };
  const folder =
    flags.out === undefined
      ? await chooseRunFolder(io.cwd, job.name, pipeline, options)
      : path.resolve(io.cwd, flags.out);
  const resume = resumeArguments(job.command, job.operands, folder);
  const progress = new ProgressLine(io, flags.quiet === true);
  const tracing = await tracingOf(io, folder);
  const onProgress = (latest: RunReport): void => progress.show(latest);
  const report = await interruptible(io, async (signals) => {
    return await runPipeline(pipeline, {
      ...options,
      ...signals,
      ...(tracing && { tracing }),
      folder,
      resume,
      onProgress,
    });
  }).finally(async () => {
    progress.close();
    const lost = await tracing?.close();
    if (lost !== undefined) say(io, lost);
  });
  const told = await job.result?.(report);
  printResult(io, json, told?.json ?? report, () => {
    const summary = summarizeRun(report, ['distillery', ...resume.map(quoted)].join(' '));
    return told ? `${told.text}\n\n${summary}` : summary;
  });
  exit(codeOf(report));
}

/** OpenTelemetry is loaded where the environment names a collector, and nowhere else. */
async function tracingOf({ env }: Io, folder: string): Promise<OpenTelemetry | undefined> {
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT'] && !env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) return undefined;
  const { openTelemetry } = await import('../core/engine/openTelemetry');
  return await openTelemetry(env, path.basename(folder));
}

async function estimateOf<U extends Unit>({ pipeline, cast }: Launch<U>, batch: BatchMode): Promise<Estimate> {
  const priceOf = await pricesFor(Object.values(cast.teachers).flat(), cast.prices);
  return estimateRun(pipeline().planned?.() ?? [], cast.teachers, priceOf, { batch });
}

/** `--budget USD` caps the run, `--budget STAGE=USD` a stage; without a cap of the run, the other stages keep their defaults. */
function budgetOf<U extends Unit>({ flags, pipeline, defaultBudget }: Launch<U>): RunOptions['budget'] {
  const { '': run, ...stages } = flags.budget ?? {};
  const known = pipeline().stages.map((stage) => stage.name);
  for (const stage of Object.keys(stages)) {
    if (!known.includes(stage))
      throw new UsageError(`--budget: there is no stage “${stage}” here. Stages: ${known.join(', ')}.`);
  }
  if ('shares' in defaultBudget) return sharedOut(run ?? defaultBudget.run, stages, defaultBudget);
  if (run !== undefined) return { run, stages };
  const caps = { ...defaultBudget.stages, ...stages };
  return { run: Object.values(caps).reduce((sum, usd) => sum + usd, 0), stages: caps };
}

/** A stage that the person capped keeps to its cap. The others and the reserve have what is left, in their proportions. */
function sharedOut(
  run: number,
  stages: Readonly<Record<string, number>>,
  { shares, reserve }: Extract<Budgeting, { shares: unknown }>,
): RunOptions['budget'] {
  const capped = Object.values(stages).reduce((sum, usd) => sum + usd, 0);
  if (capped > run)
    throw new UsageError(`--budget: the stages' caps add up to $${capped}, more than the run's $${run}.`);
  const free = Object.entries(shares).filter(([stage]) => stages[stage] === undefined);
  const parts = free.reduce((sum, [, share]) => sum + share, reserve);
  const usd = (share: number): number => (parts === 0 ? 0 : ((run - capped) * share) / parts);
  return {
    run,
    stages,
    shares: Object.fromEntries(free.map(([stage, share]) => [stage, usd(share)])),
    reserve: usd(reserve),
  };
}

function codeOf({ status }: RunReport): ExitCode {
  switch (status) {
    case 'completed':
    case 'budget_exhausted':
      return exitCode.done;
    case 'cancelled':
      return exitCode.interrupted;
    case 'running':
    case 'paused':
    case 'failed':
      return exitCode.failed;
  }
}
