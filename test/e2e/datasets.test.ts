import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openVsCode } from './vscode';

const rows = Array.from({ length: 12 }, (_, n) => ({
  instruction: `What does valve ${n} of the manifold do?`,
  output: `It closes line ${n} when the pressure falls below ${n + 3} bar.`,
}));
const lines = rows.map((row) => JSON.stringify(row));

describe('Datasets in the explorer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'distillery-datasets-'));
    await writeFile(path.join(folder, 'rows.jsonl'), `${lines.join('\n')}\n`);
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('are checked by line, and converted beside themselves', async () => {
    const bad = '{"instruction": "What is left?", "output": }';
    await writeFile(path.join(folder, 'flawed.jsonl'), `${[...lines, bad].join('\n')}\n`);
    await using code = await openVsCode({ folder, theme: 'dark' });

    await (await code.explorer.contextMenu('flawed.jsonl')).choose('Check Dataset');
    await code.answer('flawed.jsonl: 13 rows', 'Show Problems');
    await code.page.locator('.markers-panel').getByText('flawed.jsonl').waitFor();
    await code.page.locator('.markers-panel').getByText('Ln 13').first().waitFor();
    await code.screenshot('datasets-check');

    await (await code.explorer.contextMenu('rows.jsonl')).choose('Distillery', 'Convert To…');
    await code.quickPick.titled('Convert To');
    await code.quickPick.type('messages');
    await code.quickPick.accept();
    await code.notification('12 rows in').waitFor();
    await code.screenshot('datasets-converted');
    const converted = await readFile(path.join(folder, 'rows.messages', 'rows.jsonl'), 'utf8');
    assert.equal(converted.trim().split('\n').length, 12);
    assert.match(converted, /^\{"messages":\[\{"role":"user"/u);
  });

  it('are exported with a card, and held to rules in the Test Explorer', async () => {
    const rules =
      'thresholds: { min_rows: 100 }\nrows: [{ name: no-nine, expression: \'!row.output.contains("line 8")\' }]\n';
    await writeFile(path.join(folder, 'distillery.rules.yaml'), rules);
    await using code = await openVsCode({ folder, theme: 'high-contrast' });
    await (await code.explorer.contextMenu('rows.jsonl')).choose('Distillery', 'Export Dataset…');
    await code.quickPick.titled('Export Dataset');
    await code.quickPick.type('alpaca');
    await code.quickPick.accept();
    await code.quickPick.root.getByRole('button', { name: 'Export Here' }).waitFor();
    await code.quickPick.type(`${folder}${path.sep}`);
    await code.quickPick.item('rows.jsonl').or(code.quickPick.rows).first().waitFor();
    await code.quickPick.root.getByRole('button', { name: 'Export Here' }).click();
    await code.notification('12 rows in').waitFor();
    assert.deepEqual((await readdir(path.join(folder, 'rows-alpaca'))).sort(), [
      'README.md',
      'dataset_info.json',
      'train.jsonl',
    ]);

    await code.openContainer('Testing');
    await code.page.locator('.test-explorer').getByText('rows.jsonl').first().waitFor();
    await code.runCommand('Test: Run All Tests');
    await code.page.locator('.test-explorer [aria-label*="rows.jsonl"][aria-label*="Failed"]').first().waitFor();
    await code.screenshot('datasets-rules');
    // The row that breaks a rule is one click away: the ninth.
    await code.runCommand('Test Results: Focus on Test Results View');
    const failed = code.page.locator('.test-output-peek-tree .monaco-list-row').filter({ hasText: 'no-nine' }).first();
    await failed.click();
    await failed.locator('.codicon-go-to-file').click();
    await code.page.locator('.statusbar').getByText('Ln 9, Col 1').waitFor();
    await code.screenshot('datasets-rule-row');
  });
});
