import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { descendants } from '../descendants';
import { seriousFindings } from './axe';
import { openInViewer, viewerSettings as settings, ViewerPage } from './viewer.page';
import { viewerWorkspace, writeRows, type ViewerWorkspace } from './viewer.workspace';
import { openVsCode, themes, type Theme } from './vscode';

const golden = 'golden_dataset.jsonl';

describe('The dataset viewer', () => {
  let workspace: ViewerWorkspace;
  beforeEach(async () => {
    workspace = await viewerWorkspace();
  });
  afterEach(() => workspace[Symbol.asyncDispose]());

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`reads well and without a serious finding of axe (${theme})`, async () => {
      await using code = await openVsCode({ folder: workspace.folder, theme, settings });
      const viewer = await openInViewer(code, golden);
      await viewer.press('j', 'j', 'a', 'r');
      await viewer.reads(5);
      await viewer.detail.locator('blockquote').first().waitFor();
      await viewer.row(3).getByRole('img', { name: 'approved' }).waitFor();
      await viewer.row(4).getByRole('img', { name: 'rejected' }).waitFor();
      await viewer.detail
        .getByText(/^\d+ tokens$/u)
        .first()
        .waitFor();
      await code.screenshot(`viewer-${theme}`);
      assert.deepEqual(await seriousFindings(viewer.frame), []);

      await viewer.press('2');
      await viewer.frame.getByRole('heading', { name: 'difficulty' }).waitFor();
      await code.screenshot(`viewer-statistics-${theme}`);
      assert.deepEqual(await seriousFindings(viewer.frame), []);
      await code.page.keyboard.press('3');
      await viewer.frame.getByRole('slider', { name: 'Alike from' }).waitFor();
      await code.screenshot(`viewer-twins-${theme}`);
      assert.deepEqual(await seriousFindings(viewer.frame), []);
      await code.page.keyboard.press('4');
      await viewer.frame.getByRole('heading', { name: 'Reverse' }).waitFor();
      await code.screenshot(`viewer-pairs-${theme}`);
      assert.deepEqual(await seriousFindings(viewer.frame), []);
    });
  }

  it('is read, judged, searched and left as it was found by keyboard alone', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    let viewer = await openInViewer(code, golden);
    await viewer.press('End');
    await viewer.reads(workspace.golden.length);
    await viewer.press('Home', 'a', 'r', 'a');
    await viewer.reads(4);
    await viewer.says(`3 / ${workspace.golden.length} reviewed`);
    await viewer.press('u');
    await viewer.says(`2 / ${workspace.golden.length} reviewed`);
    await viewer.reads(3);

    await viewer.press('e');
    await viewer.frame.locator('textarea.assistant').fill('Another answer.');
    await code.page.keyboard.press('ControlOrMeta+Enter');
    await viewer.says(`3 / ${workspace.golden.length} reviewed`);
    await viewer.row(3).getByText('Another answer.').waitFor();

    await viewer.search('is:rejected');
    await viewer.frame.getByText('1 found').waitFor();
    await viewer.reads(2);
    await viewer.press('Escape');
    await viewer.row(1).waitFor();
    await viewer.reads(2);

    await code.reload();
    viewer = await ViewerPage.of(code.page, golden);
    // The workbench keeps a panel's state every few seconds: which of the last rows it is depends on that, not on us.
    await viewer.detail.getByRole('heading', { name: /^Row [1-4]$/u }).waitFor();
    await viewer.says(`3 / ${workspace.golden.length} reviewed`);
    const untouched = await readFile(path.join(workspace.run, golden), 'utf8');
    assert.equal(untouched, workspace.golden.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });

  it('opens what is right-clicked in the explorer, packed or not, and what is open as text', async () => {
    await writeFile(path.join(workspace.folder, 'packed.jsonl.gz'), gzipSync('{"question":"Why?","answer":"So."}\n'));
    await writeRows(path.join(workspace.folder, 'plain.jsonl'), [{ question: 'What?', answer: 'This.' }]);
    await using code = await openVsCode({ folder: workspace.folder });
    await (await code.explorer.contextMenu('packed.jsonl.gz')).choose('Open in Dataset Viewer');
    await (await ViewerPage.of(code.page, 'packed.jsonl.gz')).row(1).getByText('Why?').waitFor();
    await code.explorer.open('plain.jsonl');
    await code.runCommand('Distillery: Open in Dataset Viewer');
    await (await ViewerPage.of(code.page, 'plain.jsonl')).row(1).getByText('What?').waitFor();
    await code.screenshot('viewer-from-explorer');
  });

  it('shows the evidence of a row in its document', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, golden);
    await viewer.press('j', 'j', 'j');
    await viewer.reads(4);
    await viewer.press('s');
    await viewer.frame.getByText('The evidence is selected in the document.').waitFor();
    await code.tab('handbook.md').waitFor();
    const quote = workspace.golden[3]?.output ?? '';
    await code.statusBar(`(${quote.length} selected)`).waitFor();
  });

  it('lets two hundred rows be judged with one key each, every one read before, at 200 % zoom in light, dark and high contrast', async function () {
    this.timeout(700_000);
    const rows = Array.from({ length: 210 }, (_, at) => ({
      question: `Question ${at + 1}?`,
      answer: `Answer ${at + 1}.`,
    }));
    await writeRows(path.join(workspace.folder, 'many.jsonl'), rows);
    await using code = await openVsCode({ folder: workspace.folder, theme: 'light', settings });
    await code.page.setViewportSize({ width: 640, height: 400 });
    const viewer = await openInViewer(code, 'many.jsonl');
    const looks: Record<number, [theme: string, bodyClass: string]> = {
      70: ['Dark 2026', 'vscode-dark'],
      140: ['Dark High Contrast', 'vscode-high-contrast'],
    };
    await code.page.keyboard.press('ControlOrMeta+b'); // At twice the size, the side bar would take half of the window.
    await viewer.press('Home');
    const started = Date.now();
    for (let row = 1; row <= 200; row++) {
      await viewer.reads(row);
      await code.page.keyboard.press(row % 3 === 0 ? 'r' : 'a');
      const look = looks[row];
      if (!look) continue;
      await viewer.says(`${row} / 210 reviewed`);
      await code.screenshot(`viewer-200-rows-zoom-${row}`);
      assert.deepEqual(await seriousFindings(viewer.frame), []);
      await code.chooseTheme(look[0]);
      await viewer.frame.locator(`body.${look[1]}`).waitFor();
      await viewer.press();
    }
    await viewer.says('200 / 210 reviewed');
    const seconds = (Date.now() - started) / 1000;
    console.log(`      200 rows, 200 keys, ${seconds.toFixed(0)} s of the editor's own time`);
    assert.ok(seconds < 600);
    await code.screenshot('viewer-200-rows-zoom');
    assert.deepEqual(await seriousFindings(viewer.frame), []);
    await viewer.search('is:rejected');
    await viewer.frame.getByText('66 found').waitFor();
  });

  it('writes the reviewed rows into a new file', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, golden);
    await viewer.press('a', 'r', 'a');
    await viewer.says(`3 / ${workspace.golden.length} reviewed`);
    await viewer.frame.getByRole('button', { name: 'Apply Review…' }).click();
    await code.quickPick.choose('Approved rows only');
    await code.notification('2 rows written').waitFor();
    const written = await readFile(path.join(workspace.run, 'golden_dataset.reviewed.jsonl'), 'utf8');
    const expected = [0, 2].map((at) => `${JSON.stringify(workspace.golden[at])}\n`).join('');
    assert.equal(written, expected);
    assert.ok(!(await readdir(workspace.run)).some((name) => name.endsWith('.tmp')));
  });

  it('follows a file that grows, shrinks, goes and comes back, and shows bad lines in place with their reason', async () => {
    const file = path.join(workspace.folder, 'grows.jsonl');
    await writeRows(file, [
      { text: '<script>document.title="x"</script><img src=x onerror=alert(1)>' },
      { text: 'two \u202egnp.exe\u0000\u0007 </script> javascript:alert(1)' },
    ]);
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'grows.jsonl');
    await viewer.row(1).getByText('<img src=x').waitFor();
    await viewer.row(2).getByText('two ⟦U+202E⟧gnp.exe␀␇ </script> javascript:alert(1)').waitFor();
    await appendFile(file, '{"text":"three" "more":1}\n{"text":"four"}\n');
    await viewer.row(4).waitFor();
    await viewer.row(3).getByText('line 3: not JSON (column 17: a comma is missing)').waitFor();
    assert.equal(await viewer.frame.locator('row-table img, row-table script, row-table a').count(), 0);
    await code.screenshot('viewer-bad-input');
    await truncate(file, 0);
    await appendFile(file, '{"text":"another file"}\n');
    await viewer.row(1).getByText('another file').waitFor();
    await rm(file);
    await viewer.frame.getByText('The file was deleted.').waitFor();
    await viewer.row(1).getByText('another file').waitFor();
    await writeRows(file, [{ text: 'back again' }]);
    await viewer.row(1).getByText('back again').waitFor();
  });

  it('says so when the process that reads the file is killed, and reads it again in a new tab', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, golden);
    await viewer.row(1).waitFor();
    const readers = async () =>
      (await descendants(process.pid)).filter(({ command }) => command.includes('workers/rows.js'));
    const [reader] = await readers();
    assert.ok(reader);
    process.kill(reader.pid, 'SIGKILL');
    await viewer.frame
      .getByText('What reads the dataset has ended (SIGKILL). Close its tab and open it again.')
      .waitFor();
    await code.screenshot('viewer-killed');
    await code.runCommand('View: Close Editor');
    await code.tab(golden).waitFor({ state: 'hidden' }); // Else it could be the old one that is looked at.
    await (await openInViewer(code, golden)).row(1).waitFor();
    await code.runCommand('View: Close Editor');
    while ((await readers()).length > 0); // It ends with its tab.
  });

  it('shows in one window what another one decided', async () => {
    await using first = await openVsCode({ folder: workspace.folder, settings });
    await using second = await openVsCode({ folder: workspace.folder, settings });
    const left = await openInViewer(first, golden);
    const right = await openInViewer(second, golden);
    await left.press('a', 'a');
    await right.says(`2 / ${workspace.golden.length} reviewed`);
    await right.press('End', 'r');
    await left.says(`3 / ${workspace.golden.length} reviewed`);
  });
});
