import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { reviewEntry } from '../../src/core/records/review';
import { openInViewer, viewerSettings as settings } from './viewer.page';
import { viewerWorkspace, writeRows, type ViewerWorkspace } from './viewer.workspace';
import { openVsCode } from './vscode';

describe('Reviewing in the dataset viewer', () => {
  let workspace: ViewerWorkspace;
  beforeEach(async () => {
    workspace = await viewerWorkspace();
  });
  afterEach(() => workspace[Symbol.asyncDispose]());

  it('stores only what was changed: no text that is shown in part, no line end, no other selected row', async () => {
    const file = path.join(workspace.folder, 'long.jsonl');
    const row = { question: 'Why?', answer: 'First.\r\nSecond.', reasoning: 'x'.repeat(100_001) };
    await writeRows(file, [row, row, row, row]);
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'long.jsonl');
    await viewer.reads(1);
    await viewer.press('Shift+j', 'Shift+j');
    await viewer.reads(3);
    await viewer.press('e');
    await viewer.detail.getByText('A text that is shown only in part cannot be edited here.').waitFor();
    assert.equal(await viewer.detail.locator('textarea').count(), 2);
    await viewer.detail.locator('textarea.user').fill('What for?');
    await code.page.keyboard.press('ControlOrMeta+Enter');
    await viewer.says('1 / 4 reviewed');
    await viewer.reads(4);
    const log = await readFile(`${file}.review.jsonl`, 'utf8');
    const deeds = log
      .trimEnd()
      .split('\n')
      .map((line) => reviewEntry.parse(JSON.parse(line)))
      .map((deed) => [
        deed.kind,
        'path' in deed ? deed.path : [],
        'rows' in deed ? deed.rows.map((row) => row.line) : [],
      ]);
    assert.deepEqual(deeds, [
      ['edit', ['question'], [2]],
      ['verdict', [], [2]],
    ]);
  });

  it('is asked about where rows are handed on: by Convert To…, and by Launch Training…', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'golden_dataset.jsonl');
    await viewer.press('j', 'r');
    await viewer.says(`1 / ${workspace.golden.length} reviewed`);
    await code.runCommand('Distillery: Convert To…');
    await code.quickPick.titled('Convert To');
    await code.quickPick.choose('alpaca');
    await code.quickPick.titled('golden_dataset.jsonl was reviewed: which of its rows?');
    await code.quickPick.choose('All but the rejected rows');
    await code.notification(`${workspace.golden.length - 1} rows in`).waitFor();
    const converted = await readFile(path.join(workspace.run, 'golden_dataset.alpaca', 'golden_dataset.jsonl'), 'utf8');
    assert.ok(!converted.includes(JSON.stringify(workspace.golden[1]?.instruction)));

    await code.runCommand('Distillery: Launch Training…');
    await code.quickPick.titled('Launch Training: Rows');
    await code.quickPick.choose(/^golden_dataset\.jsonl\s*distillery\/distill-handbook$/u);
    await code.quickPick.titled('golden_dataset.jsonl was reviewed: which of its rows?');
    await code.quickPick.choose('As it is');
    await code.quickPick.titled('Launch Training: Base Model');
    await code.quickPick.cancel();
  });

  it('says how many rows it copied, and how many lines it left out', async () => {
    await writeFile(path.join(workspace.folder, 'bad.jsonl'), 'no row\n{"question":"Why?"}\n{"question":"What?"}\n');
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'bad.jsonl');
    await viewer.reads(1);
    await viewer.press('ControlOrMeta+c');
    await viewer.says('0 rows copied. 1 line is no row.');
    await viewer.press('ControlOrMeta+a', 'ControlOrMeta+c');
    await viewer.says('2 rows copied. 1 line is no row.');
  });

  it('judges all selected rows, however many, and says how many cannot be copied', async () => {
    const rows = Array.from({ length: 12_000 }, (_, at) => ({ question: `Question ${at + 1}?` }));
    await writeRows(path.join(workspace.folder, 'many.jsonl'), rows);
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'many.jsonl');
    await viewer.frame.getByText('12,000 rows').waitFor();
    await viewer.press('ControlOrMeta+a', 'a');
    await viewer.says('12,000 / 12,000 reviewed');
    await viewer.says('12,000 rows judged as one; u takes it back.');
    await viewer.press('u');
    await viewer.says('0 / 12,000 reviewed');
    await viewer.press('ControlOrMeta+a', 'ControlOrMeta+c');
    await viewer.says('At most 10,000 rows can be copied at once. Select fewer of them.');
  });
});
