import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exampleFolder, project } from '../lab/workspace';
import { openVsCode, type VsCode } from './vscode';

describe('A document is distilled wherever it is', () => {
  it('without any folder open: beside the document, or where the person says', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({});
    await code.runCommand('Distillery: Distill Document…');
    await code.quickPick.titled('Which documents?');
    await code.quickPick.type(path.join(workspace.folder, 'examples', 'field-notes.txt'));
    await code.quickPick.item('field-notes.txt').first().waitFor();
    await code.quickPick.accept();
    await code.quickPick.titled('Where does the run go?');
    await code.quickPick.rows.first().waitFor();
    await code.screenshot('places-no-folder');
    await code.quickPick.accept();
    await start(code);
    await code.notification('distill-field-notes').waitFor();
    await code.openContainer('Distillery');
    await code.view('Runs').row('distill-field-notes').waitFor();
    await code.screenshot('places-no-folder-end');
    assert.deepEqual(await readdir(path.join(workspace.folder, 'examples', 'distillery')), ['distill-field-notes']);
  });

  it('in a window of several folders: the run goes into the document’s own', async () => {
    await using first = await exampleFolder();
    const second = await mkdtemp(path.join(tmpdir(), 'distillery-second-'));
    try {
      await cp(path.join(project, 'examples', 'handbook.md'), path.join(second, 'manual.md'));
      const file = path.join(first.folder, 'both.code-workspace');
      await writeFile(file, JSON.stringify({ folders: [{ path: first.folder }, { path: second }] }));
      await using code = await openVsCode({ workspace: file });
      // The explorer expands the folders by itself, one after the other: a click might close what it has just opened.
      await (await code.explorer.contextMenu('manual.md')).choose('Distill Document…');
      await start(code);
      await code.notification('distill-manual').waitFor();
      await code.openContainer('Distillery');
      await code.view('Runs').row(path.basename(second)).waitFor();
      await code.screenshot('places-multi-root');
      assert.deepEqual(await readdir(path.join(second, 'distillery')), ['distill-manual']);
    } finally {
      await rm(second, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  it('a document that was never saved is saved first', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder });
    await code.runCommand('Distillery: Open a Sample Document');
    await code.page.getByText('Maris 40 Pump').first().waitFor();
    await (await code.editorContextMenu()).choose('Distill Document…');
    await code.quickPick.root.locator('.quick-input-title').filter({ hasText: /Save/u }).waitFor();
    // The dialog proposes a name of its own first.
    await code.page.waitForFunction(() =>
      /Maris/u.test(document.querySelector<HTMLInputElement>('.quick-input-box input')?.value ?? ''),
    );
    await code.quickPick.type(path.join(workspace.folder, 'pump.md'));
    await code.quickPick.accept();
    await start(code);
    await code.notification('distill-pump').waitFor();
    await code.screenshot('places-untitled');
  });

  it('unsaved changes are saved first, if the person agrees', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder });
    await code.explorer.expand('examples', 'field-notes.txt');
    await code.explorer.open('field-notes.txt');
    await code.page.locator('.editor-group-container.active .view-line').first().click();
    await code.page.keyboard.type('The heron eats fish.');
    await code.page.locator('.tab.active.dirty').waitFor();
    await (await code.editorContextMenu()).choose('Distill Document…');
    await code.dialog.getByText('has changes that are not saved').waitFor();
    await code.screenshot('places-dirty');
    await code.dialog.getByRole('button', { name: 'Save and Distill' }).click();
    await code.quickPick.titled('(1/3)');
    const text = await readFile(path.join(workspace.folder, 'examples', 'field-notes.txt'), 'utf8');
    assert.ok(text.includes('The heron eats fish.'));
  });

  it('several documents and a folder of them are one run', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder });
    await (await code.explorer.contextMenu('examples')).choose('Distill Document…');
    await start(code);
    await code.notification('and-1-more').waitFor();
    await code.screenshot('places-folder');
  });

  it('not in Restricted Mode, where runs can still be looked at', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder, trust: false });
    await code.explorer.expand('examples', 'handbook.md');
    const menu = await code.explorer.contextMenu('handbook.md');
    assert.ok(!(await menu.labels()).includes('Distill Document…'));
    await menu.close();
    await code.openContainer('Distillery');
    await code.view('Runs').welcome('Manage Workspace Trust').waitFor();
    await code.screenshot('places-restricted');
  });
});

async function start(code: VsCode): Promise<void> {
  await code.quickPick.titled('(1/3)');
  await code.quickPick.item('Offline').first().waitFor();
  await code.quickPick.accept();
  await code.quickPick.titled('(2/3)');
  await code.quickPick.item('rows').first().waitFor();
  await code.quickPick.accept();
  await code.quickPick.titled('(3/3)');
  await code.quickPick.item('Start').first().waitFor();
  await code.quickPick.accept();
  await code.quickPick.closed();
}
