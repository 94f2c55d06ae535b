import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { holderOf } from '../../src/editor/runs/lock';
import { exampleFolder } from '../lab/workspace';
import { startSimulator } from '../simulator/server';
import { ViewerPage } from './viewer.page';
import { openVsCode, type VsCode } from './vscode';

const openAiKey = `sk-proj-${'k'.repeat(48)}`;

describe('Journey 1: a document is distilled', () => {
  it('by right-click and three times Enter, without a key', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder });
    await code.explorer.expand('examples', 'handbook.md');
    await (await code.explorer.contextMenu('handbook.md')).choose('Distill Document…');
    await throughTheSteps(code, 'distill-light');
    await code.answer('rows approved', 'Review');
    await code.tab('golden_dataset.jsonl').waitFor();
    await ViewerPage.of(code.page, 'golden_dataset.jsonl');
    await code.screenshot('distill-light-review');
    await code.openContainer('Distillery');
    await code.view('Runs').row('distill-handbook').click();
    await code.view('Runs').row('generate').waitFor();
    await code.screenshot('distill-light-end');
    assert.ok((await goldenRows(workspace.folder, 'distill-handbook')).length > 50);
  });

  it('by keyboard alone, in a dark theme', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder, theme: 'dark' });
    const { keyboard } = code.page;
    await code.explorer.row('examples').waitFor();
    await keyboard.press('Control+Shift+E');
    await code.page.locator('.explorer-folders-view .monaco-list:focus-within').waitFor();
    await keyboard.press('Home');
    await keyboard.press('ArrowRight');
    await code.explorer.row('handbook.md').waitFor();
    await keyboard.press('End');
    await keyboard.press('Shift+F10');
    await code.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Distill Document…' }).waitFor();
    await code.screenshot('distill-dark-menu');
    const entry = code.page.locator('.monaco-menu .action-item.focused').filter({ hasText: 'Distill Document…' });
    while (!(await entry.isVisible())) await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await throughTheSteps(code, 'distill-dark');
    await code.notification('rows approved').waitFor();
    await code.screenshot('distill-dark-end');
    await code.runCommand('Notifications: Accept Notification Primary Action');
    await ViewerPage.of(code.page, 'golden_dataset.jsonl');
    await code.screenshot('distill-dark-review');
  });

  it('goes on through a window reload, is stopped, and resumed, in high contrast', async function () {
    this.timeout(300_000);
    // No answer comes before it is wanted: there is a run to look at, however long a window takes to load.
    const simulator = await startSimulator({ keys: [openAiKey], latencyMs: 3_600_000 });
    try {
      await using workspace = await exampleFolder();
      const env = { ...simulator.env, OPENAI_API_KEY: openAiKey };
      await using code = await openVsCode({ folder: workspace.folder, theme: 'high-contrast', env });
      const run = path.join(workspace.folder, 'distillery', 'distill-handbook');
      await code.explorer.expand('examples', 'handbook.md');
      await (await code.explorer.contextMenu('handbook.md')).choose('Distill Document…');
      await throughTheSteps(code, 'distill-contrast');
      await code.statusBar(/handbook \d+\/36/).waitFor();
      await code.statusBar(/handbook \d+\/36/).click();
      await code
        .view('Runs')
        .row(/running · /)
        .waitFor();
      await code.screenshot('distill-contrast-running');

      await code.reload();
      await code.statusBar(/handbook \d+\/36/).waitFor();
      await code.openContainer('Distillery');
      await code
        .view('Runs')
        .row(/running · /)
        .waitFor();
      await code.screenshot('distill-contrast-reloaded');

      await stop(code, run);
      await code.statusBar(/handbook \d+\/36/).waitFor({ state: 'hidden' });
      await code.screenshot('distill-contrast-stopped');

      await code.view('Runs').act('distill-handbook', 'Resume Run');
      await code.statusBar(/handbook \d+\/36/).waitFor();
      await stop(code, run);
      simulator.change({ latencyMs: 0 });
      await code.view('Runs').act('distill-handbook', 'Resume Run');
      await code.notification('rows approved').waitFor({ timeout: 180_000 });
      await code.screenshot('distill-contrast-end');
      assert.ok((await goldenRows(workspace.folder, 'distill-handbook')).length > 50);
    } finally {
      await simulator.close();
    }
  });

  it('with a key: the estimate first, then a wall of the size that was agreed to; the run outlives its window', async function () {
    this.timeout(600_000);
    const simulator = await startSimulator({ keys: [openAiKey], latencyMs: 100 });
    try {
      await using workspace = await exampleFolder();
      // Outlives the window's server, as a person's does.
      const env = { ...simulator.env, DISTILLERY_HOME: path.join(workspace.folder, 'home') };
      await using code = await openVsCode({ folder: workspace.folder, env });
      await code.runCommand('Distillery: Set API Key…');
      await code.quickPick.choose('OpenAI');
      await code.quickPick.titled('API key of OpenAI');
      await code.quickPick.type('sk-ant-nonsense-of-another-provider');
      await code.quickPick.root.getByText('This looks like a key of Anthropic').waitFor();
      await code.screenshot('distill-key-doubt');
      await code.quickPick.type(openAiKey);
      await code.quickPick.accept();
      await code.notification('The key of OpenAI is kept.').waitFor();

      await code.explorer.expand('examples', 'handbook.md');
      await code.explorer.open('handbook.md');
      await (await code.editorContextMenu()).choose('Distill Document…');
      await code.quickPick.titled('Distill handbook.md (1/3)');
      await code.quickPick.item(/OpenAI only.*key set · \$.* for this document/).waitFor();
      await code.screenshot('distill-key-teacher');
      assert.equal(simulator.statistics.requests, 0, 'an estimate sends nothing');
      await throughTheSteps(code, 'distill-key', async () => {
        const cap = (await code.quickPick.item('Start: at most').innerText()).split('\n')[0] ?? '';
        await code.quickPick.choose('Batch at half price');
        await code.quickPick.item('Live instead').waitFor();
        await code.quickPick.item('Start: at most').waitFor();
        assert.notEqual((await code.quickPick.item('Start: at most').innerText()).split('\n')[0], cap);
        await code.screenshot('distill-key-batch');
        await code.quickPick.choose('Live instead');
        await code.quickPick.item(cap).waitFor();
        simulator.change({ latencyMs: 3_600_000 });
      });
      await code.statusBar(/handbook 0\/36/).waitFor();
      const run = path.join(workspace.folder, 'distillery', 'distill-handbook');
      const started = await holderOf(run);
      assert.ok(started);
      await code.close();

      // Window and server are gone: the run goes on, and another window finds it, stops it and ends it.
      await using later = await openVsCode({ folder: workspace.folder, env: { ...env, OPENAI_API_KEY: openAiKey } });
      await later.openContainer('Distillery');
      await later.statusBar(/handbook 0\/36/).waitFor();
      assert.deepEqual(await holderOf(run), started);
      await stop(later, run);
      simulator.change({ latencyMs: 100 });
      await later.view('Runs').act('distill-handbook', 'Resume Run');
      await later.answer('rows approved', 'Train…');
      await later.quickPick.titled('Launch Training');
      await later.screenshot('distill-key-train');
      await later.page.keyboard.press('Escape');
      await later.view('Runs').row('distill-handbook').click();
      await later.screenshot('distill-key-end');
      const manifest = await readFile(path.join(run, 'run.json'), 'utf8');
      assert.ok(!manifest.includes(openAiKey));
    } finally {
      await simulator.close();
    }
  });
});

/** Enter, Enter, Enter; each step is looked at once it knows what it will cost. */
async function throughTheSteps(
  code: VsCode,
  name: string,
  beforeStart: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await code.quickPick.titled('(1/3)');
  await code.quickPick.rows.first().waitFor();
  await code.screenshot(`${name}-1`);
  await code.quickPick.accept();
  await code.quickPick.titled('(2/3)');
  await code.quickPick.item('rows').first().waitFor();
  await code.screenshot(`${name}-2`);
  await code.quickPick.accept();
  await code.quickPick.titled('(3/3)');
  await code.quickPick.item('Start').first().waitFor();
  await code.screenshot(`${name}-3`);
  await beforeStart();
  await code.quickPick.accept();
  await code.quickPick.closed();
}

/** Stops the run that stands still, and waits for its process, which holds the folder until it ends. */
async function stop(code: VsCode, run: string): Promise<void> {
  const holder = await holderOf(run);
  assert.ok(holder);
  await code.view('Runs').act(path.basename(run), 'Stop Run');
  await code
    .view('Runs')
    .row(/stopped · /)
    .waitFor();
  while (await isThere(holder.pid)) await new Promise((resolve) => setImmediate(resolve));
}

/** A process that has ended may be on the system's list until somebody asks how. */
async function isThere(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const stat = process.platform === 'linux' ? await readFile(`/proc/${pid}/stat`, 'utf8') : '';
    return !/\) [ZX] /.test(stat);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ESRCH', 'ENOENT'].includes(String(error.code))) return false;
    throw error;
  }
}

async function goldenRows(folder: string, run: string): Promise<string[]> {
  const text = await readFile(path.join(folder, 'distillery', run, 'golden_dataset.jsonl'), 'utf8');
  return text.trimEnd().split('\n');
}
