import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { exampleFolder } from '../lab/workspace';
import { startSimulator } from '../simulator/server';
import { seriousFindings } from './axe';
import { openVsCode, type Theme } from './vscode';

const key = `sk-${'0a'.repeat(16)}`;

describe('Try Model… from the palette', () => {
  it('asks two models by keyboard, streams, says what is wrong, keeps it all over a reload, in four themes', async function () {
    // Four windows' worth of loading.
    this.timeout(400_000);
    const simulator = await startSimulator({ keys: [key] });
    try {
      await using workspace = await exampleFolder();
      const env = { ...simulator.env, OPENAI_API_KEY: key, DISTILLERY_HOME: workspace.folder };
      await using code = await openVsCode({ folder: workspace.folder, env, theme: 'dark' });
      const { keyboard } = code.page;
      await code.runCommand('Distillery: Try Model…');
      let panel = await code.webview('Try Model');
      await panel.getByLabel('Prompt').focus();
      await keyboard.type('What pressure does the pump hold?');
      // Left: an address, which gets no key. Right: OpenAI with its own.
      await panel.getByLabel('Address').first().fill(`${simulator.url}/v1`);
      await panel.getByLabel('Model', { exact: true }).first().fill('gpt-6-luna');
      await panel.getByLabel('Who answers').last().selectOption({ label: 'OpenAI' });
      await panel.getByLabel('Model', { exact: true }).last().focus();
      await keyboard.type('gpt-6-luna');
      await keyboard.press('Control+Enter');
      await side(panel, 'Left').getByRole('alert').getByText('asks for an API key (401)').waitFor();
      await side(panel, 'Right')
        .getByText(/\d+ tokens · the first after/u)
        .waitFor();
      const said = (await side(panel, 'Right').getByRole('region').innerText()).trim();
      assert.notEqual(said, '');
      const asked = simulator.requests.filter(({ path }) => path.endsWith('/chat/completions'));
      const keys = new Set(asked.map(({ headers }) => headers['authorization']));
      assert.deepEqual(keys, new Set(['Bearer none', `Bearer ${key}`]));

      await panel.getByRole('button', { name: 'Ask both' }).waitFor();
      await panel.getByLabel('Model', { exact: true }).last().fill('no-such-model');
      await keyboard.press('Control+Enter');
      await side(panel, 'Right').getByRole('alert').waitFor();
      await panel.getByRole('button', { name: 'Ask both' }).waitFor();
      await panel.getByLabel('Model', { exact: true }).last().fill('gpt-6-luna');
      await keyboard.press('Control+Enter');
      await side(panel, 'Right')
        .getByText(/\d+ tokens/u)
        .waitFor();
      await panel.getByRole('button', { name: 'Ask both' }).waitFor();
      for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
        if (theme !== 'dark') await code.setTheme(theme);
        panel = await code.webview('Try Model');
        await side(panel, 'Right').getByRole('region').getByText(said.slice(0, 20)).waitFor();
        await code.screenshot(`try-${theme}`);
        assert.deepEqual(await seriousFindings(panel), [], theme);
      }
    } finally {
      await simulator.close();
    }
  });
});

function side(panel: Frame, name: 'Left' | 'Right') {
  return panel.locator('section').filter({ has: panel.getByRole('heading', { name, exact: true }) });
}
