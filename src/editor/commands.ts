import { commands } from 'vscode';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { Command, Setting, walkthrough } from './contributions';
import { datasetCli } from './datasets/register';
import type { CommandHandlers } from './contributions';
import { Cli } from './process/cli';
import { readSetting } from './registration';
import type { RunNews } from './runs/news';
import { openEvaluation } from './evaluation/register';
import type { OutsideRoots } from './runs/outside';
import type { Runs } from './runs/runs';
import type { Training } from './training/register';
import type { TabRequests } from './viewer/tabRequests';

/** What the commands work with. */
export interface Parts {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly runs: Runs;
  readonly news: RunNews;
  readonly outside: OutsideRoots;
  readonly tabs: TabRequests;
  readonly training: Training;
}

/** A handler for every command. What does the work is loaded when it is first asked for. */
export function commandHandlers(parts: Parts): CommandHandlers {
  const { context, log, runs, news, outside } = parts;
  const cli = commandLine(context);
  const keys = once(async () => new (await import('./keys/keys')).Keys(context.secrets));
  const launcher = once(async () => {
    const { Launcher } = await import('./runs/launcher');
    const { fsPath } = context.globalStorageUri;
    return new Launcher({ cli, keys: await keys(), runs, news, log, memory: context.globalState, folder: fsPath });
  });
  const starting = once(async () => {
    const memory = context.globalState;
    return { cli, keys: await keys(), launcher: await launcher(), outside, memory, log };
  });
  const onRuns = once(async () => new (await import('./runs/runCommands')).RunCommands(runs, await launcher()));
  const onDatasets = () => import('./datasets/openDataset');

  return {
    [Command.DistillDocument]: async (clicked, selected) => {
      const { distillDocument } = await import('./distill/distillCommand');
      await distillDocument(await starting(), clicked, selected);
    },
    [Command.RunCascade]: async () => {
      const { runCascade } = await import('./cascade/cascadeCommand');
      await runCascade(await starting());
    },
    [Command.NewDomain]: async () => {
      const { newDomain } = await import('./cascade/newDomain');
      await newDomain(context.asAbsolutePath('media/templates/cascade-domain.yaml'));
    },
    [Command.RunEnsemble]: async (clicked) => {
      const { runEnsemble } = await import('./ensemble/ensembleCommand');
      await runEnsemble(await starting(), clicked);
    },
    [Command.ImproveFailures]: async (clicked) => {
      const { improveFailures } = await import('./improve/improveCommand');
      await improveFailures(await starting(), clicked);
    },
    [Command.PlanBudget]: async () => (await import('./plan/planCommand')).planBudget(await starting()),
    [Command.OpenSample]: async () => {
      const { openSample } = await import('./distill/sample');
      await openSample(context.asAbsolutePath('media/walkthrough/sample.md'));
    },
    [Command.SetKey]: async (provider) => (await import('./keys/keyCommands')).setKey(await keys(), provider),
    [Command.RemoveKey]: async () => (await import('./keys/keyCommands')).removeKey(await keys()),
    [Command.RefreshRuns]: () => runs.refresh(),
    [Command.ResumeRun]: async (run) => (await onRuns()).resume(run),
    [Command.StopRun]: async (run) => (await onRuns()).stop(run),
    [Command.RetryFailed]: async (run) => (await onRuns()).retryFailed(run),
    [Command.ReviewRun]: async (run) => (await onRuns()).review(run),
    [Command.RevealRun]: async (run) => (await onRuns()).reveal(run),
    [Command.CopyResume]: async (run) => (await onRuns()).copyResume(run),
    [Command.OpenRunLog]: async (run) => (await onRuns()).openLog(run),
    [Command.OpenDataset]: async (what) => (await onDatasets()).openDataset(what),
    [Command.OpenDatasetAsText]: async (dataset) => dataset && (await onDatasets()).openDatasetAsText(dataset),
    [Command.CheckDataset]: async (clicked) => {
      const { checkDataset } = await import('./datasets/checkCommand');
      await checkDataset(await datasetCli(context), clicked);
    },
    [Command.ConvertDataset]: async (clicked) => {
      const { convertDataset } = await import('./datasets/exportCommand');
      await convertDataset(await datasetCli(context), clicked);
    },
    [Command.ExportDataset]: async (clicked) => {
      const { exportDataset } = await import('./datasets/exportCommand');
      await exportDataset(await datasetCli(context), clicked);
    },
    [Command.PreviewPairs]: async (clicked) =>
      (await import('./viewer/previewPairs')).previewPairs(parts.tabs, clicked),
    ...parts.training.handlers(),
    [Command.Evaluate]: async (row) => {
      const { evaluateModels } = await import('./evaluation/evaluateCommand');
      await evaluateModels(await starting(), parts.training.jobs, row);
    },
    [Command.OpenEvaluation]: (what) => openEvaluation(what),
    [Command.ShowLog]: () => log.show(),
    [Command.OpenWalkthrough]: () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#${walkthrough}`),
  };
}

/** The command line, with the person's own monthly cap. */
export function commandLine(context: ExtensionContext): Cli {
  return new Cli(context.asAbsolutePath('dist/cli.js'), environment);
}

/** What the command line reads from its environment: the host's, and the person's own monthly cap. */
function environment(): NodeJS.ProcessEnv {
  const cap = readSetting(Setting.MonthlyCap);
  return { ...process.env, ...(cap > 0 && { DISTILLERY_MONTHLY_CAP: String(cap) }) };
}

/** Makes a thing at its first use, once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
