import type { Uri } from 'vscode';
import type { DeclaredPrice as TeacherPrice, DeclaredProvider as TeacherProvider } from '../core/teachers/providers';

/**
 * What `package.json` contributes, once more as types: commands, settings, context keys and views. A command without a
 * handler, a setting read under a wrong name or type, and a context key nobody declared do not compile; that
 * `package.json` and `package.nls.json` say the same is held by `contributions.test.ts`.
 *
 * This file is read by plain mocha: types of `vscode` only.
 */

export enum Command {
  DistillDocument = 'distillery.distill.document',
  RunCascade = 'distillery.cascade.run',
  NewDomain = 'distillery.cascade.newDomain',
  RunEnsemble = 'distillery.ensemble.run',
  ImproveFailures = 'distillery.improve.run',
  PlanBudget = 'distillery.plan.budget',
  OpenSample = 'distillery.sample.open',
  SetKey = 'distillery.keys.set',
  RemoveKey = 'distillery.keys.remove',
  RefreshRuns = 'distillery.runs.refresh',
  ResumeRun = 'distillery.run.resume',
  StopRun = 'distillery.run.stop',
  RetryFailed = 'distillery.run.retryFailed',
  ReviewRun = 'distillery.run.review',
  RevealRun = 'distillery.run.reveal',
  CopyResume = 'distillery.run.copyResume',
  OpenRunLog = 'distillery.run.openLog',
  OpenDataset = 'distillery.dataset.open',
  OpenDatasetAsText = 'distillery.dataset.openAsText',
  CheckDataset = 'distillery.dataset.check',
  ConvertDataset = 'distillery.dataset.convert',
  ExportDataset = 'distillery.dataset.export',
  PreviewPairs = 'distillery.pairs.preview',
  LaunchTraining = 'distillery.training.launch',
  LaunchTrainingWith = 'distillery.training.launchWith',
  SetUpTraining = 'distillery.training.setUp',
  OpenTraining = 'distillery.training.open',
  CancelTraining = 'distillery.training.cancel',
  ResumeTraining = 'distillery.training.resume',
  MergeTraining = 'distillery.training.merge',
  TryModel = 'distillery.training.try',
  OpenTensorBoard = 'distillery.training.tensorBoard',
  OpenTrainingLog = 'distillery.training.openLog',
  RevealTraining = 'distillery.training.reveal',
  Evaluate = 'distillery.evaluation.run',
  OpenEvaluation = 'distillery.evaluation.open',
  ShowLog = 'distillery.log.show',
  OpenWalkthrough = 'distillery.walkthrough.open',
}

/** A row of the Runs view, as its commands receive it; from the palette there is none and the person is asked. */
export interface RunRow {
  readonly folder: Uri;
}

/** A row of the Datasets view. */
export interface DatasetRow {
  readonly file: Uri;
}

/** A row of the Training Jobs view. */
export interface TrainingRow {
  readonly folder: Uri;
}

/** What each command is called with: by a menu, by a link, or by nothing at all (the palette). */
export interface CommandArguments {
  [Command.DistillDocument]: [clicked?: Uri, selected?: readonly Uri[]];
  [Command.RunCascade]: [];
  [Command.NewDomain]: [];
  [Command.RunEnsemble]: [clicked?: Uri];
  [Command.ImproveFailures]: [clicked?: Uri];
  [Command.PlanBudget]: [];
  [Command.OpenSample]: [];
  [Command.SetKey]: [provider?: string];
  [Command.RemoveKey]: [];
  [Command.RefreshRuns]: [];
  [Command.ResumeRun]: [run?: RunRow];
  [Command.StopRun]: [run?: RunRow];
  [Command.RetryFailed]: [run?: RunRow];
  [Command.ReviewRun]: [run?: RunRow];
  [Command.RevealRun]: [run?: RunRow];
  [Command.CopyResume]: [run?: RunRow];
  [Command.OpenRunLog]: [run?: RunRow];
  [Command.OpenDataset]: [what?: DatasetRow | Uri];
  [Command.OpenDatasetAsText]: [dataset?: DatasetRow];
  [Command.CheckDataset]: [clicked?: Uri];
  [Command.ConvertDataset]: [clicked?: Uri];
  [Command.ExportDataset]: [clicked?: Uri];
  [Command.PreviewPairs]: [clicked?: Uri];
  [Command.LaunchTraining]: [];
  [Command.LaunchTrainingWith]: [clicked?: Uri, selected?: readonly Uri[]];
  [Command.SetUpTraining]: [];
  [Command.OpenTraining]: [job?: TrainingRow];
  [Command.CancelTraining]: [job?: TrainingRow];
  [Command.ResumeTraining]: [job?: TrainingRow];
  [Command.MergeTraining]: [job?: TrainingRow];
  [Command.TryModel]: [job?: TrainingRow];
  [Command.OpenTensorBoard]: [job?: TrainingRow];
  [Command.OpenTrainingLog]: [job?: TrainingRow];
  [Command.RevealTraining]: [job?: TrainingRow];
  [Command.Evaluate]: [job?: TrainingRow];
  [Command.OpenEvaluation]: [what?: RunRow | Uri];
  [Command.ShowLog]: [];
  [Command.OpenWalkthrough]: [];
}

export type CommandHandler<C extends Command> = (...args: CommandArguments[C]) => unknown;
export type CommandHandlers<C extends Command = Command> = { readonly [Id in C]: CommandHandler<Id> };

export enum Setting {
  Questions = 'distillery.distill.questions',
  ChunkSize = 'distillery.distill.chunkSize',
  Overlap = 'distillery.distill.overlap',
  ValidateFraction = 'distillery.distill.validateFraction',
  Votes = 'distillery.distill.votes',
  ApplyCorrections = 'distillery.distill.applyCorrections',
  Formats = 'distillery.distill.format',
  TestFraction = 'distillery.distill.testFraction',
  Seed = 'distillery.seed',
  Batch = 'distillery.batch',
  Concurrency = 'distillery.concurrency',
  Delay = 'distillery.delay',
  ConfirmAbove = 'distillery.confirmAbove',
  MonthlyCap = 'distillery.monthlyCap',
  ModelRequests = 'distillery.languageModels.maxRequests',
  BaseUrls = 'distillery.baseUrls',
  Providers = 'distillery.providers',
  Prices = 'distillery.prices',
  HourlyPrices = 'distillery.training.hourlyPrices',
}

/**
 * Where a value may come from. `machine`: the person's own settings only, so that a cloned repository can neither send
 * a key elsewhere nor raise a limit. `resource`: each folder its own.
 */
export type SettingScope = 'machine' | 'resource';

export interface SettingSpec<T> {
  readonly default: T;
  readonly scope: SettingScope;
  /** What `package.json` says besides, for numbers. */
  readonly range?: readonly [minimum: number, maximum: number];
  /** `settings.json` is written by hand: whatever stands there is checked before it is used. */
  accepts(value: unknown): value is T;
}

/**
 * A server of the person's own and a price, as far as the editor looks at them; the command line checks the rest
 * (`src/core/teachers/providers.ts`).
 */
export type DeclaredProvider = Pick<TeacherProvider, 'base_url' | 'key_env'>;
export type DeclaredPrice = Pick<TeacherPrice, 'input' | 'output'>;

export const trainingFormats = ['jsonl', 'alpaca', 'messages', 'sharegpt', 'prompt-completion'] as const;
export type TrainingFormat = (typeof trainingFormats)[number];

export const settings = {
  [Setting.Questions]: whole(5, [1, 50]),
  [Setting.ChunkSize]: whole(800, [200, 8000]),
  [Setting.Overlap]: whole(100, [0, 2000]),
  [Setting.ValidateFraction]: decimal(1, [0, 1]),
  [Setting.Votes]: whole(1, [1, 15]),
  [Setting.ApplyCorrections]: flag(false),
  [Setting.Formats]: listOf<TrainingFormat>(['alpaca', 'messages'], trainingFormats),
  [Setting.TestFraction]: decimal(0.05, [0, 0.5]),
  [Setting.Seed]: whole(42, [0, 2 ** 31 - 1]),
  [Setting.Batch]: flag(false),
  [Setting.Concurrency]: whole(64, [1, 4096], 'machine'),
  [Setting.Delay]: whole(0, [0, 60_000], 'machine'),
  [Setting.ConfirmAbove]: decimal(50, [0, 1_000_000], 'machine'),
  [Setting.MonthlyCap]: decimal(0, [0, 1_000_000], 'machine'),
  [Setting.ModelRequests]: whole(500, [1, 1_000_000], 'machine'),
  [Setting.BaseUrls]: mapOf<string>(isUrl),
  [Setting.Providers]: mapOf<DeclaredProvider>(isDeclaredProvider),
  [Setting.Prices]: mapOf<DeclaredPrice>(isDeclaredPrice),
  [Setting.HourlyPrices]: mapOf<number>((v): v is number => typeof v === 'number' && v >= 0),
} satisfies { readonly [S in Setting]: SettingSpec<unknown> };

export type SettingValue<S extends Setting> = (typeof settings)[S] extends SettingSpec<infer T> ? T : never;

export enum ContextKey {
  /** There is a run in the Runs view. */
  HasRuns = 'distillery.hasRuns',
  HasRunning = 'distillery.hasRunning',
  HasResumable = 'distillery.hasResumable',
  /** There is a job in the Training Jobs view. */
  HasTraining = 'distillery.hasTraining',
}

export interface ContextValues {
  [ContextKey.HasRuns]: boolean;
  [ContextKey.HasRunning]: boolean;
  [ContextKey.HasResumable]: boolean;
  [ContextKey.HasTraining]: boolean;
}

export enum View {
  Runs = 'distillery.runs',
  Datasets = 'distillery.datasets',
  Training = 'distillery.training',
}

/** The custom editor in which Review and the Datasets view open rows. */
export const datasetViewer = 'distillery.datasetViewer';
/** The custom editor that shows the report of an evaluation. */
export const evaluationReport = 'distillery.evaluationReport';
/** The panel of a training job. */
export const trainingPanel = 'distillery.trainingPanel';
/** Two models asked the same. */
export const tryPanel = 'distillery.tryPanel';
export const walkthrough = 'distillery.start';

function whole(value: number, range: [number, number], scope: SettingScope = 'resource'): SettingSpec<number> {
  return { default: value, scope, range, accepts: (v): v is number => Number.isInteger(v) && within(v, range) };
}

function decimal(value: number, range: [number, number], scope: SettingScope = 'resource'): SettingSpec<number> {
  return { default: value, scope, range, accepts: (v): v is number => within(v, range) };
}

function flag(value: boolean): SettingSpec<boolean> {
  return { default: value, scope: 'resource', accepts: (v): v is boolean => typeof v === 'boolean' };
}

function listOf<T extends string>(value: readonly T[], allowed: readonly T[]): SettingSpec<readonly T[]> {
  return {
    default: value,
    scope: 'resource',
    accepts: (v): v is readonly T[] =>
      Array.isArray(v) && v.length > 0 && v.every((one) => allowed.some((name) => name === one)),
  };
}

/** Maps are where money and keys go: always the person's own. */
function mapOf<T>(accepts: (value: unknown) => value is T): SettingSpec<Readonly<Record<string, T>>> {
  return {
    default: {},
    scope: 'machine',
    accepts: (v): v is Readonly<Record<string, T>> => isObject(v) && Object.values(v).every(accepts),
  };
}

function within(value: unknown, [minimum, maximum]: readonly [number, number]): boolean {
  return typeof value === 'number' && value >= minimum && value <= maximum;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/\S+$/u.test(value);
}

function isDeclaredProvider(value: unknown): value is DeclaredProvider {
  if (!isObject(value) || !isUrl(value.base_url)) return false;
  return value.key_env === undefined || typeof value.key_env === 'string';
}

function isDeclaredPrice(value: unknown): value is DeclaredPrice {
  const amount = (v: unknown) => typeof v === 'number' && v >= 0;
  return isObject(value) && amount(value.input) && amount(value.output);
}
