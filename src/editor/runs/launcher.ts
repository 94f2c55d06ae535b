import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ProgressLocation, Uri, l10n, window } from 'vscode';
import type { LogOutputChannel, Memento } from 'vscode';
import { Command } from '../contributions';
import type { Keys } from '../keys/keys';
import type { Cli } from '../process/cli';
import { runCommand } from '../registration';
import type { RunNews } from './news';
import { runsFolder } from './run';
import type { Runs } from './runs';

/** Logs of older runs than this many are removed. */
const keptLogs = 50;
const logsKey = 'distillery.runLogs';

export interface LauncherParts {
  readonly cli: Cli;
  readonly keys: Keys;
  readonly runs: Runs;
  readonly news: RunNews;
  readonly log: LogOutputChannel;
  readonly memory: Memento;
  /** Where the extension may write: the logs of runs go there. */
  readonly folder: string;
}

/** Starts runs in processes of their own and hands them over to whoever follows the run folders. */
export class Launcher {
  constructor(private readonly parts: LauncherParts) {}

  /** Starts a run; resolves when its folder is there to be followed, or when it ended before. */
  async start(args: readonly string[], cwd: string): Promise<void> {
    const { handoverFor } = await import('../process/handover');
    const logFile = await this.#newLog();
    await this.#makeRoom(cwd);
    const handover = await handoverFor(this.parts.keys, cwd);
    const { answerRun } = await import('../languageModels/answerRun');
    const { pid, ended } = await this.parts.cli.start({ args, cwd, handover }, logFile, (pipe) =>
      answerRun(pipe, this.parts.log),
    );
    this.parts.log.info(`Process ${pid} in ${cwd}: distillery ${args.join(' ')}`);
    const end = ended.then((code) => this.#atEnd(code, pid, logFile));
    const title = l10n.t('Distillery: starting a run');
    await window.withProgress({ location: ProgressLocation.Window, title }, () =>
      Promise.race([this.#folderOf(pid, end).then((folder) => this.#remember(folder, logFile)), end]),
    );
  }

  /** The log of a run that was started from this installation. */
  logOf(folder: string): string | undefined {
    return this.#logs[folder];
  }

  get #logFolder(): string {
    return path.join(this.parts.folder, 'logs');
  }

  get #logs(): Readonly<Record<string, string>> {
    return this.parts.memory.get<Record<string, string>>(logsKey, {});
  }

  /** The run folder that a process works in, found by its lock; `end` ends the search. */
  async #folderOf(pid: number, end: Promise<unknown>): Promise<string> {
    const { holderOf } = await import('./lock');
    const { runs } = this.parts;
    return new Promise<string>((resolve, reject) => {
      const look = async () => {
        for (const { folder } of runs.running) {
          if ((await holderOf(folder))?.pid !== pid) continue;
          subscription.dispose();
          resolve(folder);
          return;
        }
      };
      const subscription = runs.onDidChange(() => void look().catch(reject));
      void end.finally(() => {
        subscription.dispose();
      });
      void look().catch(reject);
    });
  }

  /** The end of a process that this window started: its run tells itself, unless it failed before it became one. */
  async #atEnd(code: number | null, pid: number, logFile: string): Promise<void> {
    const { log, runs, news } = this.parts;
    log.info(`Process ${pid} ended with ${String(code)}.`);
    const { failureIn, lastJson } = await import('../process/result');
    const printed = lastJson(await readFile(logFile, 'utf8'));
    const folder = folderIn(printed) ?? Object.entries(this.#logs).find(([, file]) => file === logFile)?.[0];
    if (folder !== undefined) {
      await this.#remember(folder, logFile);
      const run = runs.get(folder);
      if (run !== undefined) news.tell(run);
      return;
    }
    const failure = failureIn(printed);
    if (failure === undefined) {
      // Killed before it could say anything: whoever follows the folders finds out what it left.
      await runs.refresh();
      return;
    }
    log.error(failure.message);
    await this.#tellFailure(failure.code, failure.message, logFile);
  }

  async #tellFailure(code: string, message: string, logFile: string): Promise<void> {
    const [setKey, openLog] = [l10n.t('Set Key'), l10n.t('Open Log')];
    const actions = code === 'wrong_key' || code === 'no_credit' ? [setKey, openLog] : [openLog];
    const answer = await window.showErrorMessage(message, ...actions);
    if (answer === setKey) await runCommand(Command.SetKey);
    if (answer === openLog) await window.showTextDocument(Uri.file(logFile));
  }

  async #remember(folder: string, logFile: string): Promise<void> {
    await this.parts.memory.update(logsKey, { ...this.#logs, [folder]: logFile });
    await this.parts.runs.update(folder);
  }

  /** The folder of runs is there, and watched, before the run makes its own in it. */
  async #makeRoom(root: string): Promise<void> {
    try {
      await mkdir(path.join(root, runsFolder), { recursive: true });
    } catch (error) {
      // The run cannot write either, and says so in a sentence.
      this.parts.log.warn(String(error));
    }
    await this.parts.runs.refresh();
  }

  async #newLog(): Promise<string> {
    await mkdir(this.#logFolder, { recursive: true });
    const old = (await readdir(this.#logFolder)).sort().slice(0, -keptLogs);
    await Promise.all(old.map((name) => rm(path.join(this.#logFolder, name), { force: true })));
    return path.join(this.#logFolder, `${new Date().toISOString().replaceAll(':', '-')}.log`);
  }
}

function folderIn(printed: unknown): string | undefined {
  const named = typeof printed === 'object' && printed !== null && 'folder' in printed ? printed.folder : undefined;
  return typeof named === 'string' ? named : undefined;
}
