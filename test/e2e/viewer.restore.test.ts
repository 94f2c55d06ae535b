import assert from 'node:assert/strict';
import { appendFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { descendants } from '../descendants';
import { openInViewer, ViewerPage, viewerSettings as settings } from './viewer.page';
import { viewerWorkspace, writeRows, type ViewerWorkspace } from './viewer.workspace';
import { openVsCode } from './vscode';

const file = 'long.jsonl';
/** Every third row is easy. */
const rows = Array.from({ length: 1500 }, (_, at) => ({
  question: `Question ${at + 1}?`,
  answer: `Answer ${at + 1}.`,
  difficulty: at % 3 === 0 ? 'easy' : 'hard',
  order: 10_000 - at,
}));

describe('The place in the dataset viewer', () => {
  let workspace: ViewerWorkspace;
  beforeEach(async () => {
    workspace = await viewerWorkspace();
    await writeRows(path.join(workspace.folder, file), rows);
  });
  afterEach(() => workspace[Symbol.asyncDispose]());

  /** Which rows stand in sight, and where. */
  const inSight = (viewer: ViewerPage) =>
    viewer.frame
      .locator('.rows .row')
      .evaluateAll((shown) => shown.map((row) => [row.querySelector('.line')?.textContent, row.getAttribute('style')]));

  it('is the same after another tab of the window and after a reload: filter, row and scroll', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    let viewer = await openInViewer(code, file);
    await viewer.search('difficulty:easy');
    await viewer.frame.getByText('500 found').waitFor();
    await viewer.press('g');
    await viewer.frame.getByLabel('Go to row').fill('898');
    await code.page.keyboard.press('Enter');
    await viewer.reads(898); // The 300th of those found.
    await viewer.row(898).waitFor();
    const before = await inSight(viewer);
    const same = async () => {
      viewer = await ViewerPage.of(code.page, file);
      await viewer.reads(898);
      await viewer.frame.getByText('500 found').waitFor();
      await viewer.activeRow.getByText('Question 898?').waitFor();
      assert.deepEqual(await inSight(viewer), before);
    };

    await code.explorer.open('handbook.md');
    await code.tab(file).click();
    await same();
    await code.reload();
    await same();
    // What stands in the search line is what is searched for.
    await viewer.press('/', 'Enter');
    await same();

    await viewer.press('Escape');
    await viewer.frame.getByText('500 found').waitFor({ state: 'hidden' });
    await viewer.press('/', 'Enter'); // An emptied line does not search for what stood in it once.
    await viewer.row(901).waitFor();
    assert.equal(await viewer.frame.locator('query-bar input').inputValue(), '');
  });

  it('keeps an edit that was begun through another tab of the window and a reload', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    let viewer = await openInViewer(code, file);
    await viewer.press('j', 'j');
    await viewer.reads(3);
    await viewer.press('e');
    await viewer.frame.locator('textarea').last().fill('Half of an ans');
    await code.explorer.open('handbook.md');
    await code.tab(file).click();
    viewer = await ViewerPage.of(code.page, file);
    await viewer.reads(3);
    assert.equal(await viewer.frame.locator('textarea').last().inputValue(), 'Half of an ans');
    await code.reload();
    viewer = await ViewerPage.of(code.page, file);
    await viewer.reads(3);
    assert.equal(await viewer.frame.locator('textarea').last().inputValue(), 'Half of an ans');
    await code.page.keyboard.press('ControlOrMeta+Enter');
    await viewer.says('1 / 1,500 reviewed');
    await viewer.row(3).getByText('Half of an ans').waitFor();
  });

  it('costs nothing while it is hidden, and is up to date when it is shown', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, file);
    await viewer.press('3');
    await viewer.frame.getByRole('slider', { name: 'Alike from' }).waitFor();
    const processes = async (name: string) =>
      (await descendants(process.pid)).filter(({ command }) => command.includes(`workers/${name}.js`)).length;
    assert.ok((await processes('scan')) > 0);
    await code.explorer.open('handbook.md');
    while ((await processes('scan')) > 0);
    assert.equal(await processes('rows'), 1);
    await appendFile(path.join(workspace.folder, file), '{"question":"New?"}\n');
    await code.tab(file).click();
    const again = await ViewerPage.of(code.page, file);
    await again.frame.getByText('1,501 rows').waitFor();
    await again.frame.getByRole('slider', { name: 'Alike from' }).waitFor();
    assert.ok((await processes('scan')) > 0);
  });

  it('is kept in a packed file too, which is followed as others are and says what is missing', async () => {
    const packed = path.join(workspace.folder, 'packed.jsonl.gz');
    const whole = gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await writeFile(packed, whole.subarray(0, whole.length >> 1));
    const copies = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('distillery-dataset-'));
    const before = await copies();
    await using code = await openVsCode({ folder: workspace.folder });
    await (await code.explorer.contextMenu('packed.jsonl.gz')).choose('Open in Dataset Viewer');
    let viewer = await ViewerPage.of(code.page, 'packed.jsonl.gz');
    await viewer.frame.getByText('The packed file is cut short, or is still being written').waitFor();
    await viewer.press('j', 'j', 'a');
    await viewer.reads(4);
    await code.screenshot('viewer-packed-cut-short');
    await appendFile(packed, whole.subarray(whole.length >> 1));
    await viewer.frame.getByText('1,500 rows').waitFor();
    await viewer.frame.getByText('The packed file is cut short').waitFor({ state: 'hidden' });
    await viewer.reads(4);
    await code.reload();
    viewer = await ViewerPage.of(code.page, 'packed.jsonl.gz');
    await viewer.reads(4);
    await viewer.says('1 / 1,500 reviewed');
    const used = (await copies()).filter((name) => !before.includes(name));
    assert.equal(used.length, 1, `the copy of before the reload is gone: ${used.join(', ')}`);
    await rm(packed);
    await viewer.frame.getByText('The file was deleted.').waitFor();
    await viewer.press('End');
    await viewer.reads(1500);
  });

  it('stays at its row while a run adds rows to a table that is sorted by a heading', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, file);
    await viewer.frame.getByRole('columnheader', { name: 'order' }).click();
    await viewer.frame
      .getByRole('columnheader', { name: 'order' })
      .and(viewer.frame.locator('[aria-sort=ascending]'))
      .waitFor();
    await viewer.row(1500).waitFor();
    await viewer.press('g');
    await viewer.frame.getByLabel('Go to row').fill('700');
    await code.page.keyboard.press('Enter');
    await viewer.reads(700);
    const before = await inSight(viewer);
    await code.screenshot('viewer-sorted');
    for (let more = 0; more < 3; more++) {
      await appendFile(path.join(workspace.folder, file), `{"question":"New ${more}","order":${more}}\n`);
      await viewer.frame.getByText(`${(1501 + more).toLocaleString('en-US')} found`).waitFor();
    }
    for (;;) if (isDeepStrictEqual(await inSight(viewer), before)) break;
    await viewer.reads(700);
    await viewer.press('Home');
    await viewer.reads(1501);
  });
});
