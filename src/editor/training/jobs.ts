import path from 'node:path';
import { Disposable, EventEmitter, workspace } from 'vscode';
import type { Event } from 'vscode';
import { type Cli, nothingToHandOver } from '../process/cli';
import { isUnderWay } from './trainingJob';
import type { TrainingJob } from './trainingJob';

/** How often folders are looked at while a job is under way. */
const lookEveryMs = 2000;

/**
 * The training jobs of this window. Jobs run on their own; a process of the command line follows each of them and keeps
 * its record. A window that is opened again starts following where the last one stopped.
 */
export class TrainingJobs implements Disposable {
  #jobs: readonly TrainingJob[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  readonly #followers = new Map<string, AbortController>();
  readonly #changed = new EventEmitter<undefined>();
  readonly #ended = new EventEmitter<TrainingJob>();
  readonly #subscription: Disposable;

  readonly onDidChange: Event<undefined> = this.#changed.event;
  /** A job that this window saw under way no longer is. */
  readonly onDidEnd: Event<TrainingJob> = this.#ended.event;

  constructor(
    private readonly cli: Cli,
    private readonly failed: (error: Error) => void,
  ) {
    this.#subscription = Disposable.from(
      workspace.onDidChangeWorkspaceFolders(() => void this.refresh()),
      workspace.onDidGrantWorkspaceTrust(() => void this.refresh()),
    );
  }

  /** Those under way first, then the newest. */
  get all(): readonly TrainingJob[] {
    return this.#jobs;
  }

  get underWay(): readonly TrainingJob[] {
    return this.#jobs.filter(isUnderWay);
  }

  get(folder: string): TrainingJob | undefined {
    return this.#jobs.find((job) => job.folder === folder);
  }

  /** Looks at every folder anew; calls meanwhile share one look. */
  refresh(): Promise<void> {
    return (this.#looking ??= this.#look().finally(() => (this.#looking = undefined)));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const follower of this.#followers.values()) follower.abort();
    Disposable.from(this.#subscription, this.#changed, this.#ended).dispose();
  }

  async #look(): Promise<void> {
    // With the schemas, which activation does without.
    const { readJobs } = await import('./jobFiles');
    const roots = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const found = await Promise.all(roots.map(({ uri }) => readJobs(uri.fsPath, this.failed)));
    const before = new Map(this.#jobs.map((job) => [job.folder, job]));
    this.#jobs = found.flat().sort(byInterest);
    for (const job of this.underWay) this.#follow(job);
    this.#changed.fire(undefined);
    for (const job of this.#jobs) {
      const known = before.get(job.folder);
      if (known && isUnderWay(known) && !isUnderWay(job)) this.#ended.fire(job);
    }
    clearTimeout(this.#timer);
    if (this.underWay.length > 0) this.#timer = setTimeout(() => void this.refresh(), lookEveryMs);
  }

  /** Following starts programs of the job's folder: only where the person trusts it. */
  #follow({ folder }: TrainingJob): void {
    if (this.#followers.has(folder) || !workspace.isTrusted) return;
    const follower = new AbortController();
    this.#followers.set(folder, follower);
    const root = path.resolve(folder, '..', '..', '..');
    const args = ['jobs', 'watch', folder, '--json', '--quiet'];
    this.cli
      .run({ args, cwd: root, handover: nothingToHandOver }, follower.signal)
      .catch((error: unknown) => {
        if (!follower.signal.aborted) this.failed(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        this.#followers.delete(folder);
        if (!follower.signal.aborted) void this.refresh();
      });
  }
}

function byInterest(a: TrainingJob, b: TrainingJob): number {
  return Number(isUnderWay(b)) - Number(isUnderWay(a)) || b.record.created.localeCompare(a.record.created);
}
