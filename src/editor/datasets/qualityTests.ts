import path from 'node:path';
import { Location, Range, RelativePattern, TestMessage, TestRunProfileKind, Uri, l10n, tests, workspace } from 'vscode';
import type { CancellationToken, Disposable, TestController, TestItem, TestRun, TestRunRequest } from 'vscode';
import { rulesFile } from '../../core/datasets/check/rules-file';
import type { DatasetCli } from './datasetCli';

/** The quality gates of the workspace in the Test Explorer: rules, their data files, and each rule as a test. */
export class QualityTests implements Disposable {
  private readonly controller: TestController;
  private readonly watcher = workspace.createFileSystemWatcher(`**/${rulesFile}`);

  constructor(private readonly cli: () => Promise<DatasetCli>) {
    this.controller = tests.createTestController('distillery.quality', l10n.t('Dataset quality'));
    this.controller.refreshHandler = () => this.find();
    this.controller.resolveHandler = async (item) => {
      if (!item) await this.find();
    };
    this.controller.createRunProfile(
      l10n.t('Check'),
      TestRunProfileKind.Run,
      (request, token) => this.run(request, token),
      true,
    );
    this.watcher.onDidCreate(() => void this.find());
    this.watcher.onDidDelete(() => void this.find());
  }

  dispose(): void {
    this.watcher.dispose();
    this.controller.dispose();
  }

  /** One item a data file that lies beside rules. Its rules are known when it has run once. */
  async find(): Promise<void> {
    const found: TestItem[] = [];
    for (const rules of await workspace.findFiles(`**/${rulesFile}`, '**/node_modules/**')) {
      const folder = path.dirname(rules.fsPath);
      const pattern = new RelativePattern(Uri.file(folder), '*.{jsonl,ndjson}');
      for (const file of await workspace.findFiles(pattern)) {
        found.push(this.controller.createTestItem(file.toString(), workspace.asRelativePath(file), file));
      }
    }
    this.controller.items.replace(found);
  }

  private async run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const items = request.include ?? [...this.controller.items].map(([, item]) => item);
    const files = new Set(items.map((item) => item.parent ?? item));
    for (const file of files) await this.runFile(file, run, stop.signal);
    run.end();
  }

  private async runFile(item: TestItem, run: TestRun, signal: AbortSignal): Promise<void> {
    const { uri } = item;
    if (!uri) return;
    run.started(item);
    try {
      const { gates } = await (await this.cli()).check(uri.fsPath, signal);
      const held = gates.flatMap(({ tests: all }) => all);
      item.children.replace(held.map(({ name }) => this.controller.createTestItem(`${item.id}#${name}`, name, uri)));
      for (const { name, pass, message, lines } of held) {
        const child = item.children.get(`${item.id}#${name}`);
        if (!child) continue;
        if (pass) {
          run.passed(child);
          continue;
        }
        // Where the test is said to stand is where a click on it leads: the first row that fails.
        child.range = startOf(lines[0] ?? 1);
        run.failed(child, messagesOf(uri, message, lines));
      }
      // A file of which a rule fails shows that as its own; passed, it would be green above red.
      if (held.every(({ pass }) => pass)) run.passed(item);
    } catch (error) {
      if (signal.aborted) run.skipped(item);
      else run.errored(item, new TestMessage(error instanceof Error ? error.message : String(error)));
    }
  }
}

/** A message a failing row, so that each is one click away. */
function messagesOf(uri: Uri, text: string, lines: readonly number[]): TestMessage[] {
  return (lines.length > 0 ? lines : [1]).map((line) => {
    const message = new TestMessage(text);
    message.location = new Location(uri, startOf(line));
    return message;
  });
}

/** @param line counted from 1 */
function startOf(line: number): Range {
  return new Range(line - 1, 0, line - 1, 0);
}
