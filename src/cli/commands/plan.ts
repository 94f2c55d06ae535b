import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { allocate } from '../../core/pipelines/plan/allocate';
import { builtInDomains } from '../../core/records/cascade';
import { type BudgetPlan, budgetPlan, mostMonths, planGoal, type PlanGoal } from '../../core/records/plan';
import { applyConfig } from '../config';
import { confirmSpending } from '../confirm';
import { readDomain } from '../domain';
import { readEnvironment } from '../environment';
import { UsageError } from '../exit';
import { collect, wholeNumber } from '../flags';
import { type Io, printResult, say } from '../io';
import type { CommandContext } from '../context';
import { asIfWithKeys, type Costs, hasKey, readCosts } from '../plan/costs';
import { commandsOf, itemsOf } from '../plan/commands';
import { monthOf, startPlan } from '../plan/start';
import { guide, summarizePlan, summarizeStarted } from '../plan/summary';
import { listRuns, runsFolder } from '../runFolders';

export interface PlanFlags {
  readonly goal: PlanGoal;
  readonly months: number;
  readonly domain?: readonly string[];
  readonly teacher?: readonly string[];
  readonly start?: boolean;
  readonly yes?: boolean;
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly keysStdin?: boolean;
}

/** `distillery plan USD`: an allocation with estimated counts, and with `--start` its runs. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<usd>', 'the whole amount in US dollars, such as 25, 50, 100 or 200')
    .addOption(
      new Option('--goal <goal>', 'depth: one domain; breadth: many; iterative: train, look, improve')
        .choices(planGoal.options)
        .default('depth'),
    )
    .option('--months <n>', 'spread over so many months', wholeNumber({ min: 1, max: mostMonths }), 1)
    .option('--domain <name|file.yaml>', 'repeatable (default: medical; for breadth all that are built in)', collect)
    .option('--teacher <[role=]provider/model>', 'as for the runs; repeatable', collect)
    .option('--start', 'start this month’s runs, or go on with them')
    .option('--yes', 'do not ask above the confirmation threshold')
    .option('--config <file>', 'YAML with any of these flags, providers and prices; the runs get it too')
    .addOption(new Option('--keys-stdin', 'keys and settings as one line of JSON on stdin').hideHelp())
    .option('--json', 'exactly one JSON object on stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', guide)
    .action(async (usd: string) => run(amountOf(usd), command, context));
}

async function run(usd: number, command: Command, context: CommandContext): Promise<void> {
  const given = command.opts<PlanFlags>();
  const handover = given.keysStdin ? await firstLine(context.io) : undefined;
  const io: Io = handover === undefined ? context.io : { ...context.io, stdin: Readable.from([`${handover}\n`]) };
  const config = given.config === undefined ? {} : await applyConfig(command, path.resolve(io.cwd, given.config));
  const flags = command.opts<PlanFlags>();
  const fields = (flags.domain ?? []).map((domain) => path.parse(domain).name);
  const folder = path.join(io.cwd, runsFolder, ['plan', flags.goal, String(usd), ...fields].join('-'));
  const file = path.join(folder, 'plan.json');
  const before = await readPlan(file, flags);
  const environment = await readEnvironment(io, { ...(flags.keysStdin && { keysStdin: true }), config });
  const keyed = hasKey(environment);
  if (!keyed && flags.start)
    throw new UsageError(
      'There is no API key yet: set DEEPSEEK_API_KEY, OPENAI_API_KEY or ANTHROPIC_API_KEY to start.',
    );
  if (!keyed && !flags.quiet) say(io, 'No API key yet: planned with the teachers that all keys together would give.');
  const plan = before ?? (await planned(usd, flags, folder, keyed ? environment : asIfWithKeys(environment), io));
  if (!flags.start) {
    printResult(io, flags.json === true, { plan }, () => summarizePlan(plan));
    return;
  }
  if (!flags.quiet) say(io, summarizePlan(plan));
  await confirm(plan, flags, io);
  if (!before) await keepPlan(file, plan);
  const month = monthOf(plan, new Date());
  const started = await startPlan(
    commandsOf(plan, month, folder),
    { ...context, io },
    {
      quiet: flags.quiet === true,
      ...(handover !== undefined && { handover }),
    },
  );
  printResult(io, flags.json === true, { plan, month: month + 1, runs: started.runs }, () =>
    summarizeStarted(plan, started.runs),
  );
  context.exit(started.code);
}

async function planned(
  usd: number,
  flags: PlanFlags,
  folder: string,
  environment: Parameters<typeof readCosts>[1],
  io: Io,
): Promise<BudgetPlan> {
  const domains = flags.domain ?? (flags.goal === 'breadth' ? builtInDomains : ['medical']);
  await refuseBadDomains(domains, io);
  // Whole cents: twelve months of a plan are never more than the plan.
  const monthly = Math.floor((usd / flags.months) * 100) / 100;
  if (monthly < 1)
    throw new UsageError(
      `Less than $1 a month buys no run: plan at least $${flags.months} for ${flags.months} months, or fewer --months.`,
    );
  const { runs } = await listRuns(io.cwd);
  const costs: Costs = await readCosts(
    flags.teacher ?? [],
    environment,
    runs.map(({ manifest }) => manifest),
  );
  const { reserve_usd, items } = allocate(monthly, flags.goal, domains, costs.byStage, costs.answerers);
  return {
    version: 1,
    goal: flags.goal,
    usd,
    months: flags.months,
    first_month: new Date().toISOString().slice(0, 7),
    monthly_usd: monthly,
    reserve_usd,
    items: itemsOf(items, flags, folder),
  };
}

/** Now rather than when its run starts. Runs are named after their domains, so no two may have the same name. */
async function refuseBadDomains(domains: readonly string[], io: Io): Promise<void> {
  const names = domains.map((domain) => path.parse(domain).name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new UsageError(`--domain: “${twice}” is named twice. Name each domain once.`);
  for (const domain of domains) await readDomain(domain, 1, io);
}

/** A plan that was started is kept to: its runs go on with the counts that they were begun with. */
async function readPlan(file: string, { goal, months }: PlanFlags): Promise<BudgetPlan | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = budgetPlan.safeParse(parsedJson(text));
  if (!parsed.success)
    throw new UsageError(`${file} cannot be read as a plan. Move it away, or mend it; then plan again.`);
  if (parsed.data.goal !== goal || parsed.data.months !== months)
    throw new UsageError(
      `${file} is a plan over ${parsed.data.months} months that was started. Go on with --months ${parsed.data.months}, or move it away.`,
    );
  return parsed.data;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function keepPlan(file: string, plan: BudgetPlan): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(plan, undefined, 2)}\n`, { flag: 'wx' });
}

/** Asked once, for all runs of the month together. */
async function confirm({ monthly_usd, reserve_usd }: BudgetPlan, flags: PlanFlags, io: Io): Promise<void> {
  const most = monthly_usd - reserve_usd;
  const nothing = { requests: 0, input_tokens: 0, output_tokens: 0, stages: [] };
  await confirmSpending(io, flags, most, () =>
    Promise.resolve({ ...nothing, low_usd: 0, likely_usd: most * 0.85, high_usd: most }),
  );
}

function amountOf(text: string): number {
  const usd = Number(text.trim().replace(/^\$/, ''));
  if (text.trim() === '' || !Number.isFinite(usd) || usd < 1 || usd > 1_000_000)
    throw new UsageError(`“${text}” is no amount to plan: give US dollars from 1 to 1000000, such as 50.`);
  return Math.round(usd * 100) / 100;
}

async function firstLine(io: Io): Promise<string> {
  const lines = createInterface({ input: io.stdin, crlfDelay: Infinity });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
  }
  throw new UsageError('--keys-stdin was given, but stdin ended before a line of JSON came.');
}
