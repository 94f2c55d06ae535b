import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openVsCode } from '../e2e/vscode';
import { jobFolder, type Lab, openLab, progressIn, until } from './lab';

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
    await using code = await openVsCode({ folder, env: { OMP_NUM_THREADS: '1', ...cacheOfTests() } });

    await code.openContainer('Distillery');
    await code.view('Training Jobs').pane.waitFor();
    await code.runCommand('Distillery: Launch Training…');
    await (await code.quickPick.titled('Rows')).item('sums.jsonl').waitFor();
    await code.quickPick.accept();
    await (await code.quickPick.titled('Base Model')).choose('tiny');
    await (await code.quickPick.titled('Method')).item('LoRA').first().waitFor();
    await code.quickPick.accept();
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
    const job = jobFolder({ ...lab, folder }, 'lora-tiny');
    await until(async () => (await progressIn(job)).stopReason !== undefined);
    await code.notification('lora-tiny is trained.').waitFor({ timeout: 300_000 });
    await again.getByRole('button', { name: 'Merge' }).waitFor();
    await code.screenshot('training-done');
    const { best } = await progressIn(job);
    assert.ok(best);
  });
});

/** Where the environment of these tests is, when they were told. */
function cacheOfTests(): Record<string, string> {
  const cache = process.env['DISTILLERY_TRAINING_CACHE'];
  return cache === undefined ? {} : { DISTILLERY_TRAINING_CACHE: cache };
}
