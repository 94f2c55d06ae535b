import assert from 'node:assert/strict';
import { exampleFolder, openVsCode, themes, type Theme } from './vscode';

describe('A folder with documents, opened in VS Code', () => {
  for (const theme of Object.keys(themes) as Theme[]) {
    it(`offers "Distill Document…" on a right-click (${theme})`, async () => {
      await using workspace = await exampleFolder();
      await using code = await openVsCode({ folder: workspace.folder, theme });

      await code.explorer.expand('examples', 'handbook.md');
      const menu = await code.explorer.contextMenu('handbook.md');
      await menu.item('Distill Document…').waitFor();
      await code.screenshot(`smoke-menu-${theme}`);
      await menu.close();

      await code.openContainer('Distillery');
      await code.view('Runs').pane.waitFor();
      await code.screenshot(`smoke-views-${theme}`);
    });
  }

  it('follows forced colours with a contrast theme', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder, forcedColors: true });
    await code.openContainer('Distillery');
    await code.view('Runs').pane.waitFor();
    await code.page.locator('.monaco-workbench.hc-light, .monaco-workbench.hc-black').waitFor();
    await code.screenshot('smoke-forced-colors');
  });

  it('keeps the distillation out of the palette in Restricted Mode', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder, trust: false });
    const offered = await code.commandsFor('Distillery: Distill Document');
    assert.deepEqual(
      offered.filter((label) => label.includes('Distill Document')),
      [],
    );
  });
});
