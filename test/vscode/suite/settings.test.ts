import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Setting, settings } from '../../../src/editor/contributions';
import { proposedPlan, speedArguments, workArguments } from '../../../src/editor/distill/plan';
import { offlineTeachers, sameFor } from '../../../src/editor/distill/teacherChoices';
import { Keys } from '../../../src/editor/keys/keys';
import { refusedSettings } from '../../../src/editor/process/workspaceSettings';
import { readSetting } from '../../../src/editor/registration';
import { agreesToSpend } from '../../../src/editor/spending';
import { dollarRange, dollars, duration, percent } from '../../../src/editor/text';

/** Sets a value in the person's own settings for the length of `work`. */
async function withSetting(setting: Setting, value: unknown, work: () => unknown): Promise<void> {
  const all = vscode.workspace.getConfiguration();
  await all.update(setting, value, vscode.ConfigurationTarget.Global);
  try {
    await work();
  } finally {
    await all.update(setting, undefined, vscode.ConfigurationTarget.Global);
  }
}

describe('Settings', () => {
  it('have the defaults of the table', () => {
    for (const setting of Object.values(Setting))
      assert.deepEqual(readSetting(setting), settings[setting].default, setting);
  });

  it('that a person set are used; those that are out of range are not', async () => {
    await withSetting(Setting.Questions, 8, () => assert.equal(readSetting(Setting.Questions), 8));
    await withSetting(Setting.Questions, 500, () => assert.equal(readSetting(Setting.Questions), 5));
    await withSetting(Setting.Questions, 'many', () => assert.equal(readSetting(Setting.Questions), 5));
  });

  it('of speed reach the command line', async () => {
    await withSetting(Setting.Concurrency, 3, () => assert.deepEqual(speedArguments(), ['--concurrency', '3']));
    await withSetting(Setting.Delay, 250, () => assert.deepEqual(speedArguments().slice(2), ['--delay', '250']));
  });

  it('decide whether batches are proposed, as long as the teachers have them', async () => {
    const work = { root: '/docs', files: ['/docs/a.md'] };
    const openai = sameFor({ provider: 'openai', model: 'gpt-6-luna' });
    const batched = () =>
      [openai, offlineTeachers].map((teachers) =>
        workArguments(work, { ...proposedPlan(work.root), teachers }).includes('--batch'),
      );
    assert.deepEqual(batched(), [false, false]);
    await withSetting(Setting.Batch, true, () => assert.deepEqual(batched(), [true, false]));
  });

  it('of a workspace do not decide where keys go, and the refusal can be named', async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(root);
    const changed = new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(Setting.Questions)) return;
        subscription.dispose();
        resolve();
      });
    });
    await mkdir(path.join(root, '.vscode'), { recursive: true });
    try {
      const evil = { [Setting.BaseUrls]: { openai: 'http://127.0.0.1:9' }, [Setting.ConfirmAbove]: 999 };
      await writeFile(path.join(root, '.vscode', 'settings.json'), JSON.stringify(evil));
      // Through VS Code, which then reads the whole file: its watcher may miss one in a folder that was made just now.
      await vscode.workspace.getConfiguration().update(Setting.Questions, 7, vscode.ConfigurationTarget.Workspace);
      await changed;
      assert.equal(readSetting(Setting.Questions, vscode.Uri.file(root)), 7, 'a choice of the folder counts');
      assert.deepEqual(readSetting(Setting.BaseUrls), {});
      assert.equal(readSetting(Setting.ConfirmAbove), 50);
      assert.deepEqual(await refusedSettings([root]), [Setting.BaseUrls, Setting.ConfirmAbove]);
    } finally {
      await rm(path.join(root, '.vscode'), { recursive: true, force: true });
    }
  });

  it('below the threshold nobody is asked; above it, a refused dialog is a refusal', async () => {
    assert.equal(await agreesToSpend(50), true);
    // With a suite running, VS Code refuses every modal dialog.
    await assert.doesNotReject(async () => assert.equal(await refusedOrThrown(agreesToSpend(50.01)), false));
    assert.equal(await refusedOrThrown(agreesToSpend(null)), false, 'a run without a cap is above it');
  });
});

describe('Keys', () => {
  it('come from the environment, then from the .env of the folder; a provider gets its own alone', async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(root);
    const keys = new Keys(new NoSecrets());
    await writeFile(
      path.join(root, '.env'),
      'TOGETHER_API_KEY=from-file\nOPENAI_BASE_URL=http://127.0.0.1:9\nOPENAI_API_KEY=from-file\n',
    );
    process.env['OPENAI_API_KEY'] = 'from-environment';
    try {
      const handed = await keys.handover(root);
      assert.equal(handed['OPENAI_API_KEY'], 'from-environment');
      assert.equal(handed['TOGETHER_API_KEY'], 'from-file');
      assert.equal(handed['OPENAI_BASE_URL'], undefined);
    } finally {
      delete process.env['OPENAI_API_KEY'];
      await rm(path.join(root, '.env'));
    }
  });
});

describe('Amounts and times', () => {
  it('read as a person writes them', () => {
    assert.equal(dollars(0.21), '$0.21');
    assert.equal(dollars(12), '$12.00');
    assert.equal(dollars(0.00052), '$0.00052');
    assert.equal(dollarRange(0.42, 0.61), '$0.42 to $0.61');
    assert.equal(dollarRange(0.421, 0.4214), '$0.42');
    assert.equal(percent(0.301), '30%');
    assert.equal(duration(185_000), '3 min');
    assert.equal(duration(42_000), '42 sec');
  });
});

/** A secret storage with nothing in it. */
class NoSecrets implements vscode.SecretStorage {
  readonly onDidChange = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event;
  keys = () => Promise.resolve([]);
  get = () => Promise.resolve(undefined);
  store = () => Promise.resolve();
  delete = () => Promise.resolve();
}

async function refusedOrThrown(answer: Promise<boolean>): Promise<boolean> {
  try {
    return await answer;
  } catch (error) {
    assert.match(String(error), /dialog/iu);
    return false;
  }
}
