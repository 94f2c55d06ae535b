import assert from 'node:assert/strict';
import { exampleFolder } from '../lab/workspace';
import { startSimulator } from '../simulator/server';
import { openVsCode } from './vscode';

describe('Pages around the journey', () => {
  it('the walkthrough, useful without a key and without a network', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder, theme: 'dark' });
    await code.openContainer('Distillery');
    await code.view('Runs').welcome('Distill Document…').waitFor();
    await code.screenshot('pages-welcome');
    await code.runCommand('Distillery: Get Started');
    // With the side bar open there is no room for the pictures.
    await code.page.keyboard.press('Control+b');
    await code.page.getByText('Look at the rows').first().waitFor();
    await code.screenshot('pages-walkthrough');
    await code.page.getByText('Stay in charge of the spending').first().click();
    await code.screenshot('pages-walkthrough-spending');
  });

  it('what is sent, shown before anything is', async () => {
    const simulator = await startSimulator();
    try {
      await using workspace = await exampleFolder();
      const env = {
        ...simulator.env,
        DEEPSEEK_API_KEY: `sk-${'0a'.repeat(16)}`,
        ANTHROPIC_API_KEY: 'sk-ant-of-a-test',
      };
      await using code = await openVsCode({ folder: workspace.folder, env });
      await code.explorer.expand('examples', 'handbook.md');
      await (await code.explorer.contextMenu('handbook.md')).choose('Distill Document…');
      await code.quickPick.item(/DeepSeek \+ Anthropic check.*for this document/u).waitFor();
      await code.quickPick.item(/Anthropic only.*for this document/u).waitFor();
      await code.screenshot('pages-teachers');
      await code.quickPick.accept();
      await code.quickPick.titled('(2/3)');
      await code.quickPick.accept();
      await code.quickPick.item('Start: at most').waitFor();
      await code.quickPick.choose('Show what is sent');
      const page = await code.webview(/What is sent/);
      await page.getByText('Each passage of the documents').first().waitFor();
      // The page stands behind the last step, which is still there to start.
      await code.quickPick.item('Start: at most').waitFor();
      assert.deepEqual(simulator.requests, [], 'something was sent before the person agreed');
      await code.screenshot('pages-what-is-sent');
      // The keyboard is with the step, not with the page.
      await code.quickPick.cancel();
    } finally {
      await simulator.close();
    }
  });
});
