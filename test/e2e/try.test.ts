import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { exampleFolder } from '../lab/workspace';
import { startSimulator } from '../simulator/server';
import { seriousFindings } from './axe';
import { openVsCode, type Theme, type VsCode } from './vscode';

const key = `sk-${'0a'.repeat(16)}`;

describe('Try Model… and Evaluate… from the palette', () => {
  it('two models are asked, and compared, by keyboard; both panels stand over a reload, in four themes', async function () {
    // Four windows' worth of loading.
    this.timeout(400_000);
    const simulator = await startSimulator({ keys: [key] });
    try {
      await using workspace = await exampleFolder();
      await writeAnswers(workspace.folder);
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
      const report = await evaluated(code);
      for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
        if (theme !== 'dark') await code.setTheme(theme);
        await code.tab('Try Model').click();
        panel = await code.webview('Try Model');
        await side(panel, 'Right').getByRole('region').getByText(said.slice(0, 20)).waitFor();
        await code.screenshot(`try-${theme}`);
        assert.deepEqual(await seriousFindings(panel), [], theme);
        await code.tab(report).click();
        await looksAtReport(code, await code.webview(untitledReport), theme);
      }
    } finally {
      await simulator.close();
    }
  });
});

function side(panel: Frame, name: 'Left' | 'Right') {
  return panel.locator('section').filter({ has: panel.getByRole('heading', { name, exact: true }) });
}

const files = { tests: 'tests.jsonl', base: 'answers-base.jsonl', tuned: 'answers-tuned.jsonl' };

/** 60 tests with what two models answered: base knows every second one, tuned all but three. */
async function writeAnswers(folder: string): Promise<void> {
  const all = Array.from({ length: 60 }, (_, k) => ({ k, id: `t${k}`, right: `${k * 3} litres` }));
  const rows = {
    [files.tests]: all.map(({ k, id, right }) => ({
      id,
      instruction: `How much water does tank ${k} hold?`,
      output: right,
      category: k < 40 ? 'fresh water' : 'brine',
    })),
    [files.base]: all.map(({ k, id, right }) => ({ id, output: k % 2 === 0 ? right : 'I do not know.' })),
    [files.tuned]: all.map(({ k, id, right }) => ({ id, output: k % 20 === 4 ? 'About 100 litres.' : right })),
  };
  for (const [name, lines] of Object.entries(rows))
    await writeFile(path.join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** From the palette to the report, which the notification at the end opens. @returns its tab's name */
/** VS Code gives the frame of a custom editor a title only after a reload. */
const untitledReport = /^(undefined|evaluation\.json)$/;

async function evaluated(code: VsCode): Promise<string> {
  const { quickPick } = code;
  await code.runCommand('Distillery: Evaluate…');
  await quickPick.titled('Evaluate: Tests');
  await quickPick.type(files.tests);
  await quickPick.item(files.tests).first().waitFor();
  await quickPick.accept();
  await quickPick.titled('Evaluate: Models');
  await quickPick.accept();
  for (const [prompt, file] of [
    ['The base model', files.base],
    ['The tuned model', files.tuned],
  ] as const) {
    await quickPick.root.getByText(prompt).first().waitFor();
    await quickPick.type(file);
    await quickPick.accept();
  }
  await quickPick.titled('Evaluate: Judge');
  await quickPick.item(/OpenAI.*\$/).waitFor();
  await code.screenshot('evaluate-judge');
  await quickPick.type('Nobody');
  await quickPick.accept();
  await quickPick.titled('Evaluate: Start');
  await quickPick.item('Start: it costs nothing').waitFor();
  await quickPick.accept();
  await code.answer('evaluate-tests: the tuned model is better, on 60 tests.', 'Open Report');
  const report = await code.webview(untitledReport);
  await report.getByRole('heading', { name: 'The tuned model is better' }).waitFor();
  return 'evaluation.json';
}

async function looksAtReport(code: VsCode, panel: Frame, theme: Theme): Promise<void> {
  await panel.getByRole('heading', { name: 'The tuned model is better' }).waitFor();
  await panel.getByRole('img', { name: /^tuned: 95\.0 % \(57 of 60/ }).waitFor();
  await panel.getByText('Of the tests that only one of the two passes, 30 were gained and 3 lost.').waitFor();
  await panel.getByRole('row', { name: /^brine 20/ }).waitFor();
  await panel.locator('summary').first().focus();
  await code.page.keyboard.press('Enter');
  await panel.getByText('About 100 litres.').first().waitFor();
  await code.screenshot(`evaluation-${theme}`);
  assert.deepEqual(await seriousFindings(panel), [], theme);
}
