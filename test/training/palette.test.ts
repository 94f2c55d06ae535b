import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { seriousFindings } from '../e2e/axe';
import { openVsCode, type VsCode } from '../e2e/vscode';
import { holdAfter, jobFolder, jobOf, type Lab, openLab, progressIn, until } from './lab';
import { hasSshd, openSshd } from './sshd';

const root = path.resolve(import.meta.dirname, '..', '..');

describe('Launch Training… in a real window', function () {
  this.timeout(900_000);
  let lab: Lab;

  before(async function () {
    // The server build of VS Code that the window comes from.
    if (process.platform === 'win32') this.skip();
    if (!existsSync(path.join(root, 'dist', 'cli.js')))
      execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
    lab = await openLab();
  });

  it('is five times Enter, and the panel shows the loss, over a reload of the window, to the end', async () => {
    const folder = path.join(lab.folder, 'workspace');
    await mkdir(folder);
    await copyFile(lab.data, path.join(folder, 'sums.jsonl'));
    await cp(lab.model, path.join(folder, 'tiny'), { recursive: true });
    const { PYTHONPATH, go } = await holdAfter(1);
    await using code = await openVsCode({ folder, env: { OMP_NUM_THREADS: '1', PYTHONPATH, ...cacheOfTests() } });

    await code.openContainer('Distillery');
    await code.view('Training Jobs').pane.waitFor();
    await chooseRowsModelMethod(code);
    await (await code.quickPick.titled('Where')).item('This machine').waitFor();
    await code.quickPick.accept();
    const start = await code.quickPick.titled('Start');
    await start.item('378 rows, at most 144 steps').waitFor();
    await code.screenshot('training-start');
    await code.quickPick.accept();

    const panel = await code.webview('lora-tiny');
    await panel.getByText('evaluations without improvement').first().waitFor({ timeout: 300_000 });
    await code.view('Training Jobs').row('lora-tiny').waitFor();
    await code.screenshot('training-running');

    await code.reload();
    const again = await code.webview('lora-tiny');
    await again.getByRole('img', { name: /Evaluation Loss: .*\d/ }).waitFor();
    go();
    const job = jobFolder({ ...lab, folder }, 'lora-tiny');
    await until(async () => (await progressIn(job)).stopReason !== undefined);
    await code.notification('lora-tiny is trained.').waitFor({ timeout: 300_000 });
    await again.getByRole('button', { name: 'Merge' }).waitFor();
    await code.screenshot('training-done');
    const { best } = await progressIn(job);
    assert.ok(best);

    // Both of its models answer, each served from here when it is first asked.
    await again.getByRole('button', { name: 'Try Model…' }).focus();
    await code.page.keyboard.press('Enter');
    const trial = await code.webview('Try lora-tiny');
    await trial.getByLabel('Prompt').focus();
    await code.page.keyboard.type('What is 2 plus 3?');
    await code.page.keyboard.press('Control+Enter');
    for (const at of [0, 1])
      await trial
        .getByText(/\d+ (?:ms|sec) in all/u)
        .nth(at)
        .waitFor({ timeout: 300_000 });
    await code.screenshot('training-try');

    // And can be compared on what was held out: Enter, and once more each time.
    await code.tab('lora-tiny').first().click();
    await (await code.webview('lora-tiny')).getByRole('button', { name: 'Evaluate…' }).focus();
    await code.page.keyboard.press('Enter');
    await (await code.quickPick.titled('Evaluate: Tests')).item('Held out by lora-tiny').waitFor();
    await code.quickPick.accept();
    await (await code.quickPick.titled('Evaluate: Models')).item('The base and the tuned model of lora-tiny').waitFor();
    await code.quickPick.accept();
    await (await code.quickPick.titled('Evaluate: Judge')).item('Nobody').waitFor();
    await code.quickPick.accept();
    await (await code.quickPick.titled('Evaluate: Start')).item('Start: it costs nothing').waitFor();
    await code.screenshot('training-evaluation');
  });

  it('trains behind SSH, while the connection is cut and the window is reloaded; jobs are laid over each other', async function () {
    if (!hasSshd) this.skip();
    const { PYTHONPATH, go } = await holdAfter(1);
    const sshd = await openSshd(path.join(lab.folder, 'sshd'), {
      OMP_NUM_THREADS: '1',
      PYTHONPATH,
      PATH: process.env['PATH'] ?? '',
      ...cacheOfTests(),
    });
    const folder = path.join(lab.folder, 'workspace');
    const job = jobFolder({ ...lab, folder }, 'lora-tiny-2');
    try {
      const env = { OMP_NUM_THREADS: '1', DISTILLERY_SSH_CONFIG: sshd.config, ...cacheOfTests() };
      await using code = await openVsCode({ folder, env, theme: 'dark' });
      await code.openContainer('Distillery');
      await code.view('Training Jobs').row('lora-tiny').waitFor();
      await chooseRowsModelMethod(code);
      await (await code.quickPick.titled('Where')).choose('Another machine, with SSH…');
      await code.quickPick.titled('Machine');
      await code.quickPick.type('lab');
      await code.quickPick.accept();
      await (await code.quickPick.titled('Start')).item('378 rows, at most 144 steps').waitFor({ timeout: 120_000 });
      await code.quickPick.accept();
      const panel = await code.webview('lora-tiny-2', 120_000);
      await panel.getByText('evaluations without improvement').first().waitFor({ timeout: 300_000 });

      await sshd.stop();
      await code.reload();
      go();
      await sshd.start();
      await code.notification('lora-tiny-2 is trained.').waitFor({ timeout: 300_000 });
      const again = await code.webview('lora-tiny-2');
      await again.getByLabel('Compare jobs').check();
      await again.getByLabel('Logarithmic').check();
      await again.getByRole('img', { name: /Evaluation Loss: evaluation loss \d.*, lora-tiny \d/ }).waitFor();
      await code.screenshot('training-compared');
      assert.deepEqual(await seriousFindings(again), []);
    } finally {
      await sshd.stop();
      const { place } = await jobOf({ ...lab, folder }, 'lora-tiny-2');
      if (place?.kind === 'ssh') await rm(place.folder, { recursive: true, force: true });
    }
    assert.ok(existsSync(path.join(job, 'output', 'adapter_model.safetensors')));
  });
});

/** Where the environment of these tests is, when they were told. */
function cacheOfTests(): Record<string, string> {
  const cache = process.env['DISTILLERY_TRAINING_CACHE'];
  return cache === undefined ? {} : { DISTILLERY_TRAINING_CACHE: cache };
}

/** The first three steps of the launch: the workspace's rows, its model, the method that is proposed. */
async function chooseRowsModelMethod(code: VsCode): Promise<void> {
  await code.runCommand('Distillery: Launch Training…');
  await (await code.quickPick.titled('Rows')).item('sums.jsonl').waitFor();
  await code.quickPick.accept();
  await (await code.quickPick.titled('Base Model')).choose('tiny');
  await (await code.quickPick.titled('Method')).item('LoRA').first().waitFor();
  await code.quickPick.accept();
}
