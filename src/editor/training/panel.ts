import { open } from 'node:fs/promises';
import path from 'node:path';
import { l10n, Uri, ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { z } from 'zod';
import { serve } from '../../protocol/channel';
import type { Server } from '../../protocol/channel';
import { trainingContract } from '../../protocol/training';
import type { Series, TrainingContract, TrainingSnapshot } from '../../protocol/training';
import { Command, trainingPanel } from '../contributions';
import { runCommand } from '../registration';
import { isMissing } from '../runs/fileContent';
import { panelHtml, webviewRoot } from '../webview/panelHtml';
import { webviewPort } from '../webview/webviewPort';
import { describePatience, describeSpend, describeTraining } from './describe';
import { hasRun, isMergeable, isResumable, isServable, isUnderWay } from './trainingJob';
import type { TrainingJob } from './trainingJob';
import type { TrainingJobs } from './jobs';

/** What a panel keeps over a reload of the window. */
const panelState = z.object({ folder: z.string() });
/** Jobs that can be laid over the one that is shown. */
const compared = 5;

/** One panel a job; the job goes on whether it is shown or not. */
export class TrainingPanels {
  readonly #panels = new Map<string, WebviewPanel>();

  constructor(
    private readonly jobs: TrainingJobs,
    private readonly extension: Uri,
    private readonly failed: (error: Error) => void,
  ) {}

  show(folder: string): void {
    const known = this.#panels.get(folder);
    if (known) known.reveal();
    else {
      const title = path.basename(folder);
      this.fill(window.createWebviewPanel(trainingPanel, title, ViewColumn.Active), folder);
    }
  }

  /** A panel that the window had before it was opened again. */
  restore(panel: WebviewPanel, state: unknown): void {
    const known = panelState.safeParse(state);
    if (known.success) this.fill(panel, known.data.folder);
    else panel.dispose();
  }

  /** Makes a panel, new or restored after a reload, that of a job. */
  private fill(panel: WebviewPanel, folder: string): void {
    this.#panels.set(folder, panel);
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.extension)] };
    panel.iconPath = Uri.joinPath(this.extension, 'media', 'distillery.svg');
    const server: Server<TrainingContract> = serve(webviewPort(panel.webview), trainingContract, {
      ready: async () => ({ ...(await this.#snapshot(folder)) }),
      stop: () => this.#run(Command.CancelTraining, folder),
      resume: () => this.#run(Command.ResumeTraining, folder),
      merge: () => this.#run(Command.MergeTraining, folder),
      tryModel: () => this.#run(Command.TryModel, folder),
      evaluate: () => this.#run(Command.Evaluate, folder),
      tensorBoard: () => this.#run(Command.OpenTensorBoard, folder),
      openLog: () => this.#run(Command.OpenTrainingLog, folder),
      openFolder: () => this.#run(Command.RevealTraining, folder),
    });
    const tell = () => {
      if (!panel.visible) return;
      this.#snapshot(folder).then(
        (snapshot) => server.emit('changed', snapshot),
        (error: unknown) => this.failed(error instanceof Error ? error : new Error(String(error))),
      );
    };
    const following = this.jobs.onDidChange(tell);
    panel.onDidChangeViewState(tell);
    panel.onDidDispose(() => {
      following.dispose();
      server.close();
      this.#panels.delete(folder);
    });
    panel.webview.html = panelHtml(panel.webview, this.extension, 'training', path.basename(folder));
  }

  async #snapshot(folder: string): Promise<TrainingSnapshot> {
    if (this.jobs.get(folder) === undefined) await this.jobs.refresh();
    const job = this.jobs.get(folder);
    if (job === undefined) throw new Error(l10n.t('There is no training job in {0} any more.', folder));
    const others = this.jobs.all.filter((other) => other !== job && other.progress.evaluations.length > 1);
    return snapshotOf(job, others.slice(0, compared), await logEnd(path.join(folder, 'run.log')));
  }

  async #run(
    command:
      | Command.CancelTraining
      | Command.ResumeTraining
      | Command.MergeTraining
      | Command.TryModel
      | Command.Evaluate
      | Command.OpenTensorBoard
      | Command.OpenTrainingLog
      | Command.RevealTraining,
    folder: string,
  ): Promise<Record<string, never>> {
    await runCommand(command, { folder: Uri.file(folder) });
    return {};
  }
}

function snapshotOf(job: TrainingJob, others: readonly TrainingJob[], log: string): TrainingSnapshot {
  const { record, progress } = job;
  const { train, evaluations } = progress;
  const used = train.at(-1);
  return {
    folder: job.folder,
    name: record.name,
    state: record.state,
    text: describeTraining(job),
    reason: record.reason,
    model: record.spec.model,
    method: record.spec.method,
    where: record.place?.kind === 'ssh' ? record.place.host : l10n.t('this machine'),
    step: progress.step,
    maxSteps: progress.maxSteps,
    stopReason: progress.stopReason ?? null,
    patience: evaluations.length > 0 ? describePatience(progress) : null,
    checkpoints: keptCheckpoints(progress),
    loss: seriesOf(train, ({ loss }) => loss),
    evalLoss: seriesOf(evaluations, ({ loss }) => loss),
    perplexity: seriesOf(evaluations, ({ perplexity }) => perplexity),
    gradNorm: seriesOf(train, ({ grad_norm }) => grad_norm),
    learningRate: seriesOf(train, ({ learning_rate }) => learning_rate),
    spend: describeSpend(job) ?? null,
    hardware: used ? describeHardware(used) : null,
    log,
    others: others.map((other) => ({
      name: other.record.name,
      evalLoss: seriesOf(other.progress.evaluations, ({ loss }) => loss),
    })),
    canStop: isUnderWay(job) && record.state !== 'cancelling',
    canResume: isResumable(job),
    canMerge: isMergeable(job),
    canTry: isServable(job),
    canEvaluate: isServable(job),
    hasRun: hasRun(job),
  };
}

/** The trainer keeps the best and the last. */
function keptCheckpoints({ checkpoints, best }: TrainingJob['progress']): { step: number; best: boolean }[] {
  const kept = checkpoints.filter((step, at) => step === best?.step || at === checkpoints.length - 1);
  return kept.map((step) => ({ step, best: step === best?.step }));
}

function seriesOf<T extends { readonly step: number }>(lines: readonly T[], value: (line: T) => number | null): Series {
  return { steps: lines.map(({ step }) => step), values: lines.map(value) };
}

function describeHardware(line: TrainingJob['progress']['train'][number]): string {
  const parts = [
    l10n.t('processor {0} %', Math.round(line.cpu_percent)),
    l10n.t('memory {0} GB', (line.memory_mb / 1000).toFixed(1)),
  ];
  if (line.gpu_memory_mb !== undefined) parts.push(l10n.t('GPU memory {0} GB', (line.gpu_memory_mb / 1000).toFixed(1)));
  return parts.join(' · ');
}

const tailBytes = 8192;

/** The last lines of the log, as a terminal shows them: of what a progress bar wrote over itself the last word. */
async function logEnd(file: string): Promise<string> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8').split('\n');
    return lines
      .map((line) => line.split('\r').findLast((part) => part.trim() !== '') ?? '')
      .slice(-40)
      .join('\n');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
