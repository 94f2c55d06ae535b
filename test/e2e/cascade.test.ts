import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exampleFolder } from '../lab/workspace';
import { type Simulator, startSimulator } from '../simulator/server';
import { openVsCode } from './vscode';

const keys = {
  DEEPSEEK_API_KEY: `sk-${'d'.repeat(32)}`,
  OPENAI_API_KEY: `sk-proj-${'k'.repeat(48)}`,
  ANTHROPIC_API_KEY: `sk-ant-api03-${'a'.repeat(40)}`,
};

describe('Other pipelines from the palette, by keyboard alone', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.close());

  it('a cascade: domain, samples, teachers, the split of its budget, and a golden test set', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({
      folder: workspace.folder,
      theme: 'dark',
      env: { ...simulator.env, ...keys },
    });
    await code.explorer.row('examples').waitFor();
    await code.runCommand('Distillery: Run Cascade…');
    await code.quickPick.titled('(1/4)');
    await code.quickPick.item('Legal').waitFor();
    await code.screenshot('cascade-1');
    await code.quickPick.type('legal');
    await code.quickPick.accept();
    await code.quickPick.titled('(2/4)');
    await code.screenshot('cascade-2');
    await code.quickPick.type('another');
    await code.quickPick.accept();
    await code.quickPick.root.getByText('How many samples?').first().waitFor();
    await code.quickPick.type('0');
    await code.quickPick.root.getByText('Give a whole number from 1 to 1,000,000.').waitFor();
    await code.quickPick.type('12');
    await code.quickPick.accept();
    await code.quickPick.titled('(3/4)');
    await code.quickPick.item(/DeepSeek → OpenAI → Anthropic.*\$/).waitFor();
    await code.screenshot('cascade-3');
    assert.equal(simulator.statistics.requests, 0, 'an estimate sends nothing');
    await code.quickPick.accept();
    await code.quickPick.titled('(4/4)');
    await code.quickPick
      .item(/Start: at most \$1\.00.*raw \$0\.25 · format \$0\.25 · golden \$0\.25 · reserve \$0\.25/)
      .waitFor();
    await code.screenshot('cascade-4');
    await code.quickPick.accept();
    await code.notification('cascade-legal').waitFor();
    await code.openContainer('Distillery');
    await code.view('Runs').row('cascade-legal').click();
    await code.screenshot('cascade-end');
    const golden = await readFile(
      path.join(workspace.folder, 'distillery', 'cascade-legal', 'golden_test_set.jsonl'),
      'utf8',
    );
    assert.ok(golden.includes('"sample_id"'), golden.slice(0, 200));
  });

  it('an ensemble on the selected rows of an open file', async () => {
    await using workspace = await exampleFolder();
    const rows = ['What is brine?', 'What is osmosis?', 'What is a bar?', 'What is a litre?'];
    await writeFile(
      path.join(workspace.folder, 'questions.jsonl'),
      rows.map((instruction) => `${JSON.stringify({ instruction })}\n`).join(''),
    );
    await using code = await openVsCode({ folder: workspace.folder, env: { ...simulator.env, ...keys } });
    await code.explorer.open('questions.jsonl');
    await code.page.locator('.monaco-editor.focused .view-line').first().waitFor();
    await code.page.keyboard.press('ControlOrMeta+Home');
    await code.page.keyboard.press('ArrowDown');
    await code.page.keyboard.press('Shift+ArrowDown');
    await code.page.keyboard.press('Shift+ArrowDown');
    await code.statusBar('selected').waitFor();
    await code.runCommand('Distillery: Run Ensemble…');
    await code.quickPick.titled('(1/2)');
    await code.quickPick.item(/DeepSeek, OpenAI, Anthropic.*\$/).waitFor();
    await code.screenshot('ensemble-1');
    await code.quickPick.accept();
    await code.quickPick.titled('(2/2)');
    await code.quickPick.item(/Start: at most \$/).waitFor();
    await code.screenshot('ensemble-2');
    await code.quickPick.accept();
    await code.notification('ensemble-questions').waitFor();
    await code.screenshot('ensemble-end');
    const manifest = await readFile(
      path.join(workspace.folder, 'distillery', 'ensemble-questions', 'run.json'),
      'utf8',
    );
    assert.match(manifest, /"requested": ?2\b/);
  });

  it('better examples for hard failures, from the explorer', async () => {
    await using workspace = await exampleFolder();
    const failures = ['17 + 25', '12 * 12', '90 / 6'].map((sum, id) => ({
      id: `f${id}`,
      instruction: `What is ${sum}?`,
      reference_answer: '42',
      previous_output: 'I do not know.',
      category: 'math',
    }));
    await writeFile(
      path.join(workspace.folder, 'failures.jsonl'),
      failures.map((row) => `${JSON.stringify(row)}\n`).join(''),
    );
    await using code = await openVsCode({ folder: workspace.folder, env: { ...simulator.env, ...keys } });
    await (await code.explorer.contextMenu('failures.jsonl')).choose('Distillery', 'Improve Hard Failures…');
    await code.quickPick.titled('Improve failures.jsonl (1/2)');
    await code.quickPick.item(/DeepSeek.*\$/).waitFor();
    await code.screenshot('improve-1');
    await code.quickPick.accept();
    await code.quickPick.titled('(2/2)');
    await code.quickPick.item(/Start: at most \$/).waitFor();
    await code.quickPick.accept();
    await code.notification('improve-failures').waitFor();
    await code.screenshot('improve-end');
  });

  it('a budget that becomes a plan to read, and its runs under the cap of the month', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({
      folder: workspace.folder,
      theme: 'high-contrast',
      env: { ...simulator.env, ...keys },
      settings: { 'distillery.monthlyCap': 2 },
    });
    await code.explorer.row('examples').waitFor();
    await code.runCommand('Distillery: Plan Budget…');
    await code.quickPick.titled('(1/4)');
    await code.screenshot('plan-1');
    await code.quickPick.type('another');
    await code.quickPick.accept();
    await code.quickPick.root.getByText('The whole amount, in USD').first().waitFor();
    await code.quickPick.type('1');
    await code.quickPick.accept();
    await code.quickPick.titled('(2/4)');
    await code.screenshot('plan-2');
    await code.quickPick.accept();
    await code.quickPick.titled('(3/4)');
    await code.quickPick.accept();
    await code.quickPick.titled('(4/4)');
    await code.quickPick.item(/Start this month: at most \$0\.8/).waitFor();
    const page = await code.webview(/Budget plan/);
    await page.getByRole('cell', { name: /^cascade-medical/ }).waitFor();
    await code.screenshot('plan-4');
    // Else its 166 samples are there before one has looked at them.
    simulator.change({ latencyMs: 3_600_000 });
    await code.quickPick.accept();
    await code.openContainer('Distillery');
    await code.view('Runs').row('plan-depth-1-month-1-cascade-medical').waitFor();
    await code.statusBar(/\$/).hover();
    await code.page.getByText(/of \$2\.00 over all runs/).waitFor();
    await code.screenshot('plan-running');
    await code.view('Runs').act('plan-depth-1-month-1-cascade-medical', 'Stop Run');
    await code
      .view('Runs')
      .row(/stopped · /)
      .waitFor();
  });
});
