import path from 'node:path';
import { Disposable, EventEmitter, workspace } from 'vscode';
import type { Event } from 'vscode';
import { RootWatch } from './rootWatch';
import { readRun, runFoldersIn } from './run';
import type { Run, UnreadableRun } from './run';

/** The engine refreshes a running run's manifest about once a second; after this long without a word it is looked at. */
const silenceMs = 5000;
/** What changes within this time is told at once: of fifty runs, fifty change every second. */
const gatherMs = 50;

/**
 * The runs of this window: those under the workspace folders, and those that were started elsewhere from here. They are
 * followed by their folders alone, so it makes no difference who started them, or when.
 */
export class Runs implements Disposable {
  readonly #entries = new Map<string, Run | UnreadableRun>();
  /** By folder: the reading under way, and the one after it. */
  readonly #reading = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Promise<void>>();
  readonly #silence = new Map<string, NodeJS.Timeout>();
  readonly #watches = new Map<string, RootWatch>();
  readonly #changed = new EventEmitter<undefined>();
  #telling: NodeJS.Timeout | undefined;
  readonly #ended = new EventEmitter<Run>();
  readonly #failed = new EventEmitter<Error>();
  readonly #subscription: Disposable;

  readonly onDidChange: Event<undefined> = this.#changed.event;
  /** A run that this window saw running no longer does. */
  readonly onDidEnd: Event<Run> = this.#ended.event;
  /** A folder could not be read for a reason worth the log. */
  readonly onDidFail: Event<Error> = this.#failed.event;

  constructor(
    /** Folders outside the workspace that hold runs of this window. */
    private readonly outside: () => readonly string[],
  ) {
    this.#subscription = workspace.onDidChangeWorkspaceFolders(() => void this.refresh());
  }

  /** Running ones first, then the newest. */
  get all(): readonly (Run | UnreadableRun)[] {
    return [...this.#entries.values()].sort(byInterest);
  }

  get readable(): readonly Run[] {
    return this.all.filter((entry) => 'manifest' in entry);
  }

  get running(): readonly Run[] {
    return this.readable.filter((run) => run.state === 'running');
  }

  at(folder: string): Run | UnreadableRun | undefined {
    return this.#entries.get(folder);
  }

  get(folder: string): Run | undefined {
    const entry = this.at(folder);
    return entry !== undefined && 'manifest' in entry ? entry : undefined;
  }

  /** Looks at every folder anew; also finds what a file system without events did not tell. */
  async refresh(): Promise<void> {
    const inside = (workspace.workspaceFolders ?? [])
      .filter((one) => one.uri.scheme === 'file')
      .map((one) => one.uri.fsPath);
    const roots = new Set([...inside, ...this.outside()]);
    for (const root of this.#watches.keys()) if (!roots.has(root)) this.#leave(root);
    for (const root of roots) this.#watch(root).attach();
    const found = await Promise.all([...roots].map(runFoldersIn));
    const folders = new Set([...found.flat(), ...this.#entries.keys()]);
    await Promise.all([...folders].map((folder) => this.update(folder)));
    this.#tell();
  }

  /** Reads one run again. Resolves after a reading that began after the call; calls meanwhile share the next one. */
  update(folder: string): Promise<void> {
    const waiting = this.#waiting.get(folder);
    if (waiting !== undefined) return waiting;
    const turn = (this.#reading.get(folder) ?? Promise.resolve()).then(() => {
      this.#waiting.delete(folder);
      return this.#read(folder);
    });
    this.#waiting.set(folder, turn);
    this.#reading.set(folder, turn);
    return turn;
  }

  dispose(): void {
    for (const timer of [...this.#silence.values(), this.#telling]) clearTimeout(timer);
    Disposable.from(this.#subscription, ...this.#watches.values(), this.#changed, this.#ended, this.#failed).dispose();
  }

  async #read(folder: string): Promise<void> {
    // Watched first: what changes after the reading is told.
    this.#watches.get(rootOf(folder))?.follow(folder);
    try {
      this.#take(folder, await readRun(folder));
    } catch (error) {
      this.#failed.fire(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(folder: string, entry: Run | UnreadableRun | undefined): void {
    const before = this.get(folder);
    if (entry === undefined) this.#forget(folder);
    else this.#entries.set(folder, entry);
    const run = this.get(folder);
    const running = run?.state === 'running';
    this.#listenForSilence(folder, running);
    this.#tell();
    if (before?.state === 'running' && run !== undefined && run.state !== 'running') this.#ended.fire(run);
  }

  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#changed.fire(undefined);
    }, gatherMs);
  }

  /** No file changes when a process is killed, and some file systems tell of no change: silence is looked into. */
  #listenForSilence(folder: string, running: boolean): void {
    clearTimeout(this.#silence.get(folder));
    this.#silence.delete(folder);
    if (!running) return;
    this.#silence.set(
      folder,
      setTimeout(() => void this.update(folder), silenceMs),
    );
  }

  #watch(root: string): RootWatch {
    const known = this.#watches.get(root);
    if (known !== undefined) return known;
    const watch = new RootWatch(root, {
      changed: (folder) => void this.update(folder),
      appeared: () => void this.refresh(),
      failed: (error) => this.#failed.fire(error),
    });
    this.#watches.set(root, watch);
    return watch;
  }

  #leave(root: string): void {
    this.#watches.get(root)?.dispose();
    this.#watches.delete(root);
    for (const folder of this.#entries.keys()) if (rootOf(folder) === root) this.#forget(folder);
  }

  #forget(folder: string): void {
    this.#entries.delete(folder);
    clearTimeout(this.#silence.get(folder));
    this.#silence.delete(folder);
  }
}

function rootOf(folder: string): string {
  return path.dirname(path.dirname(folder));
}

function byInterest(a: Run | UnreadableRun, b: Run | UnreadableRun): number {
  return rank(a) - rank(b) || startedAt(b).localeCompare(startedAt(a)) || a.folder.localeCompare(b.folder);
}

function rank(entry: Run | UnreadableRun): number {
  if (!('manifest' in entry)) return 2;
  return entry.state === 'running' ? 0 : 1;
}

function startedAt(entry: Run | UnreadableRun): string {
  return 'manifest' in entry ? entry.manifest.started : '';
}
