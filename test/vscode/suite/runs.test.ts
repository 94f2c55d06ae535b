import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { Cli } from '../../../src/editor/process/cli';
import { describeRun } from '../../../src/editor/runs/describe';
import { holderOf } from '../../../src/editor/runs/lock';
import { requestStop } from '../../../src/editor/runs/run';
import type { Run, RunState } from '../../../src/editor/runs/run';
import { Runs } from '../../../src/editor/runs/runs';
import { RunsTree } from '../../../src/editor/runs/runsTree';

const handover = { keys: {}, settings: { baseUrls: {}, prices: {}, providers: {} } };

/** Resolves as soon as a run of this state is there. */
function reaches(runs: Runs, folder: string, state: RunState): Promise<Run> {
  return new Promise((resolve) => {
    const look = () => {
      const run = runs.get(folder);
      if (run?.state !== state) return;
      subscription.dispose();
      resolve(run);
    };
    const subscription = runs.onDidChange(look);
    look();
  });
}

describe('Runs are followed by their folders', function () {
  this.timeout(90_000);
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const extension = vscode.extensions.getExtension('distillery.distillery');
  const cli = new Cli(path.join(extension?.extensionPath ?? '', 'dist', 'cli.js'));
  const folder = path.join(root, 'distillery', 'followed');
  // Asks once and then no more: the run stands still while it is looked at, however fast or slow the machine is.
  const still = [
    'distill',
    path.join(root, 'examples', 'handbook.md'),
    '--out',
    folder,
    '--teacher',
    'offline',
    '--json',
    '--delay',
    '3600000',
  ];
  let runs: Runs;
  let logs: string;

  before(async () => {
    logs = await mkdtemp(path.join(tmpdir(), 'distillery-logs-'));
    runs = new Runs(() => []);
    await runs.refresh();
  });
  after(async () => {
    runs.dispose();
    await rm(logs, { recursive: true, force: true });
    await rm(path.join(root, 'distillery'), { recursive: true, force: true });
  });

  const start = (args: readonly string[]) =>
    cli.start({ args, cwd: root, handover }, path.join(logs, 'log'), (pipe) => pipe.resume());

  it('one that is killed is found to be interrupted, without a word from its process', async () => {
    const ended: RunState[] = [];
    const listening = runs.onDidEnd((run) => ended.push(run.state));
    const { pid } = await start(still);
    const running = await reaches(runs, folder, 'running');
    assert.equal((await holderOf(folder))?.pid, pid, 'the lock names the process');
    assert.match(describeRun(running), /running/u);
    process.kill(pid, 'SIGKILL');
    await reaches(runs, folder, 'interrupted');
    listening.dispose();
    assert.deepEqual(ended, ['interrupted']);
  });

  it('goes on with the arguments of its manifest, and stops within two seconds of being asked', async () => {
    const { manifest } = await reaches(runs, folder, 'interrupted');
    const { ended } = await start([...manifest.resume, '--json']);
    await reaches(runs, folder, 'running');
    const asked = Date.now();
    await requestStop(folder);
    await reaches(runs, folder, 'cancelled');
    assert.ok(Date.now() - asked < 2000, `took ${Date.now() - asked} ms`);
    assert.equal(await ended, 130);
  });

  it('is found by a window that opens later, and its end is told once', async () => {
    const { manifest } = await reaches(runs, folder, 'cancelled');
    const found = await start([...manifest.resume, '--json']);
    await reaches(runs, folder, 'running');
    const later = new Runs(() => []);
    const told: RunState[] = [];
    later.onDidEnd((run) => told.push(run.state));
    await later.refresh();
    assert.equal(later.get(folder)?.state, 'running');
    await requestStop(folder);
    await reaches(later, folder, 'cancelled');
    assert.equal(await found.ended, 130);
    assert.deepEqual(told, ['cancelled']);

    const { ended } = await start([...manifest.resume, '--json', '--delay', '0']);
    const done = await reaches(later, folder, 'completed');
    assert.equal(await ended, 0);
    assert.ok(done.manifest.report.counts.approved > 50);
    assert.match(told.join(), /^cancelled(?:,completed)?$/u, 'each end is told once, if it was seen to run');
    later.dispose();
  });

  it('a run.json that is none is shown as such, and the others stay', async () => {
    const odd = path.join(root, 'distillery', 'odd');
    await mkdir(odd, { recursive: true });
    await writeFile(path.join(odd, 'run.json'), '{"version":1,');
    await runs.refresh();
    const entry = runs.all.find((one) => one.folder === odd);
    assert.ok(entry && 'problem' in entry);
    assert.equal(runs.get(folder)?.state, 'completed');
    await rm(odd, { recursive: true });
    await runs.refresh();
    assert.ok(!runs.all.some((one) => one.folder === odd));
  });

  it('fifty runs are read and shown in less than a second', async () => {
    const manifest = await readFile(path.join(folder, 'run.json'), 'utf8');
    const many = await mkdtemp(path.join(tmpdir(), 'distillery-many-'));
    for (let n = 0; n < 50; n += 1) {
      const one = path.join(many, 'distillery', `run-${n}`);
      await mkdir(one, { recursive: true });
      await writeFile(path.join(one, 'run.json'), manifest);
    }
    const all = new Runs(() => [many]);
    const began = performance.now();
    await all.refresh();
    const tree = new RunsTree(all);
    const rows = tree.getChildren().map((row) => tree.getTreeItem(row).id ?? '');
    const took = performance.now() - began;
    assert.equal(rows.filter((id) => id.startsWith(many)).length, 50);
    assert.ok(took < 1000, `took ${took.toFixed(0)} ms`);
    all.dispose();
    await rm(many, { recursive: true });
  });

  it('offers for each state what can be done with it', async () => {
    const tree = new RunsTree(runs);
    const [row] = tree.getChildren();
    assert.ok(row);
    const item = tree.getTreeItem(row);
    assert.equal(item.contextValue, 'run reviewable');
    assert.ok(tree.getChildren(row).length >= 3);
  });

  it('copies a command that another shell understands', async () => {
    await vscode.commands.executeCommand('distillery.runs.refresh');
    await vscode.commands.executeCommand('distillery.run.copyResume', { folder: vscode.Uri.file(folder) });
    const text = await vscode.env.clipboard.readText();
    assert.match(text, /^distillery distill .*handbook\.md .*--out .*followed/u);
  });

  it('opens its rows in the dataset viewer', async () => {
    const opened = new Promise<void>((resolve) => {
      const subscription = vscode.window.tabGroups.onDidChangeTabs(() => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        if (!(input instanceof vscode.TabInputCustom) || input.viewType !== 'distillery.datasetViewer') return;
        subscription.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('distillery.run.review', { folder: vscode.Uri.file(folder) });
    await opened;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
