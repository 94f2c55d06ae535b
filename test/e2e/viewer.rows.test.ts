import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writePairs } from '../../src/core/datasets/pairs';
import { seriousFindings } from './axe';
import { openInViewer, viewerSettings as settings } from './viewer.page';
import { viewerWorkspace, writeRows, type ViewerWorkspace } from './viewer.workspace';
import { openVsCode } from './vscode';

describe('A row of the dataset viewer', () => {
  let workspace: ViewerWorkspace;
  beforeEach(async () => {
    workspace = await viewerWorkspace();
  });
  afterEach(() => workspace[Symbol.asyncDispose]());

  it('that is half of a bidirectional pair stands beside its other half, forward left and reverse right', async () => {
    const plain = path.join(workspace.folder, 'plain.jsonl');
    await writeRows(plain, [
      { instruction: 'What holds 40 bar?', input: '', output: 'The pump.' },
      { instruction: 'Translate.', input: 'Guten Tag', output: 'Good day' },
    ]);
    await writePairs([plain], path.join(workspace.folder, 'plain.pairs.jsonl'), {});
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'plain.pairs.jsonl');
    const halves = viewer.detail.locator('.half');
    const left = halves.first();
    const right = halves.last();
    await viewer.press('Home');
    await viewer.reads(1);
    await left.getByRole('heading', { name: 'Forward This row' }).waitFor();
    await left.locator('.part.assistant').getByText('The pump.').waitFor();
    await right.getByRole('heading', { name: 'Reverse Row 2' }).waitFor();
    await right.locator('.part.assistant').getByText('What holds 40 bar?').waitFor();
    const [forward, reverse] = [await left.boundingBox(), await right.boundingBox()];
    assert.ok(forward && reverse && forward.x + forward.width <= reverse.x && forward.y === reverse.y);

    await viewer.press('End');
    await viewer.reads(4);
    await left.getByRole('heading', { name: 'Forward Row 3' }).waitFor();
    await right.getByRole('heading', { name: 'Reverse This row' }).waitFor();
    await left.getByText('Guten Tag').first().waitFor();
    await code.screenshot('viewer-halves');
    assert.deepEqual(await seriousFindings(viewer.frame), []);
  });

  it('shows the passage that it was made of with its evidence marked, until the passage is folded away', async () => {
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'golden_dataset.jsonl');
    await viewer.press('Home', 'j');
    await viewer.reads(2);
    const { passage, mark } = {
      passage: viewer.detail.locator('.passage'),
      mark: viewer.detail.locator('.passage mark'),
    };
    await mark.getByText(workspace.golden[1]?.output ?? '', { exact: true }).waitFor();
    assert.equal(await mark.count(), 1);
    await code.screenshot('viewer-passage');
    await passage.locator('summary').click();
    await viewer.press('j');
    await viewer.reads(3);
    await passage.locator('summary').waitFor();
    assert.equal(await mark.isVisible(), false);
  });

  it('hides nothing: tool calls, turns before a choice, what does not fit, and what would disguise itself', async () => {
    const turn = (role: string, content: string) => ({ role, content });
    await writeRows(path.join(workspace.folder, 'odd.jsonl'), [
      { messages: [{ role: 'assistant', content: null, tool_calls: [{ function: { name: 'lookUp' } }] }] },
      {
        prompt: [turn('system', 'Be brief.'), turn('user', 'Why?')],
        chosen: [turn('assistant', 'Yes.')],
        rejected: [turn('assistant', 'No.')],
      },
      { messages: Array.from({ length: 1200 }, (_, at) => turn('user', `Turn ${at}`)) },
      { title: 'exe.\u202egnp\u0007', list: ['exe.\u202egnp\u0007'] },
      {
        instruction: 'Why?',
        completions: {
          one: { answer: null, score: null, critiques: [] },
          two: { answer: 'So.', score: 1, critiques: [] },
        },
        consensus: 'So.',
      },
    ]);
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'odd.jsonl');
    await viewer.press('Home');
    await viewer.reads(1);
    await viewer.detail.locator('.part json-tree').getByText('lookUp').waitFor();
    await viewer.press('j');
    await viewer.reads(2);
    await viewer.detail.getByText('Be brief.').waitFor();
    await viewer.press('j');
    await viewer.reads(3);
    await viewer.detail.getByText('messages: 1,200 in all; the rest is not shown here').waitFor();
    await viewer.press('j');
    await viewer.reads(4);
    const tree = viewer.detail.locator('.tree');
    assert.equal(await tree.getByText('exe.⟦U+202E⟧gnp␇').count(), 2);
    await tree.getByText(/^\d+ tokens$/u).waitFor();
    await viewer.press('j');
    await viewer.reads(5);
    await viewer.detail.getByText('This teacher gave no answer.').waitFor();
    await code.screenshot('viewer-odd-rows');
  });

  it('is shown raw as its line stands in the file, and of a long one its beginning', async () => {
    const odd = '{ "a" : 1.0 ,  "b": "\\u0041", "a": 2 }';
    const long = JSON.stringify({ a: 'x'.repeat(2_000_000) });
    await writeFile(path.join(workspace.folder, 'raw.jsonl'), `${odd}\r\n${long}\nbad \u202eline\n`);
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'raw.jsonl');
    const raw = viewer.detail.locator('raw-line pre');
    await viewer.press('Home');
    await viewer.reads(1);
    await viewer.detail.getByRole('button', { name: 'Raw' }).click();
    await raw.waitFor();
    assert.equal(await raw.textContent(), odd);
    await viewer.press('j');
    await viewer.reads(2);
    await viewer.detail.getByText('The line has 2.0 MB; only its beginning is shown here.').waitFor();
    assert.equal(await raw.textContent(), long.slice(0, 100_000));
    await viewer.press('j');
    await viewer.reads(3);
    await raw.getByText('bad ⟦U+202E⟧line').waitFor();
  });

  it('has the columns that the dialog was told by keyboard: their order, their widths, any nested key', async () => {
    const meta = { deep: { deeper: 'found it' }, level: 'easy' };
    await writeRows(path.join(workspace.folder, 'columns.jsonl'), [
      { question: 'Why?', answer: 'So.', meta },
      { question: 'Where?', answer: 'There.', meta },
    ]);
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'columns.jsonl');
    const { frame } = viewer;
    const { keyboard } = code.page;
    const dialog = frame.getByRole('dialog', { name: 'Columns' });
    const headings = frame.locator('row-table').getByRole('columnheader');
    const heading = (name: string) => headings.filter({ hasText: name });
    const width = async (name: string) => (await heading(name).boundingBox())?.width ?? 0;
    await viewer.press('c');
    await dialog.waitFor();
    const before = await width('question');
    await dialog.getByRole('button', { name: 'Make question wider' }).focus();
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    while (Math.abs((await width('question')) - before - 80) > 1);
    await dialog.getByRole('button', { name: 'Make question narrower' }).focus();
    await keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Move question right' }).focus();
    await keyboard.press('Enter');
    await dialog.getByRole('checkbox', { name: 'meta', exact: true }).focus();
    await keyboard.press('Space');
    await dialog.getByRole('textbox', { name: 'Find a column' }).fill('meta.deep.deeper');
    await dialog.getByRole('checkbox', { name: 'meta.deep.deeper as typed' }).focus();
    await keyboard.press('Space');
    await viewer.row(1).getByText('found it').waitFor();
    await code.screenshot('viewer-columns');
    assert.deepEqual(await seriousFindings(frame), []);
    await keyboard.press('Escape');
    assert.deepEqual(await headings.allInnerTexts(), ['#', 'State', 'answer', 'question', 'meta.deep.deeper']);
    assert.ok(Math.abs((await width('question')) - before - 40) <= 1);

    // The search completes what such a file has.
    await viewer.press('/');
    const completed = async (typed: string) => {
      await frame.getByRole('combobox', { name: 'Search or filter' }).fill(typed);
      const options = frame.locator('#query-completions option');
      await options.first().waitFor({ state: 'attached' });
      return options.evaluateAll((all) => all.map((option) => option.getAttribute('value')));
    };
    assert.deepEqual(await completed('meta.l'), ['meta.level:']);
    assert.deepEqual(await completed('answer:T'), ['answer:There.']);
  });

  it('is found from the statistics: duplicates, rows without an oddly named field, the unreviewed in doubt', async () => {
    const file = path.join(workspace.folder, 'counted.jsonl');
    const odd = 'my "odd": \\field';
    await writeRows(file, [{ [odd]: 1, a: 'x' }, { a: 'x' }, { a: 'x' }, { [odd]: 2, meta: { level: 'easy' } }]);
    await using code = await openVsCode({ folder: workspace.folder, settings });
    const viewer = await openInViewer(code, 'counted.jsonl');
    const { frame } = viewer;
    await viewer.press('2');
    await frame.getByRole('heading', { name: 'meta.level' }).waitFor();
    await frame.getByRole('button', { name: '1 exact duplicate' }).click();
    await frame.getByText('1 found').waitFor();
    await viewer.reads(3);
    await viewer.press('2');
    const chart = frame.locator('.chart').filter({ has: frame.getByRole('heading', { name: odd }) });
    await chart.getByRole('button', { name: 'missing in 2 rows' }).click();
    await frame.getByText('2 found').waitFor();
    await viewer.reads(2);

    await viewer.press('2');
    await frame.getByRole('button', { name: '1 exact duplicate' }).waitFor();
    await appendFile(file, '{"a":"x"}\n');
    await frame.getByText('The file has changed since it was counted.').waitFor();
    await code.screenshot('viewer-statistics-old');
    await frame.getByRole('button', { name: 'Count Again' }).click();
    await frame.getByRole('button', { name: '2 exact duplicates' }).waitFor();
    await frame.getByText('The file has changed since it was counted.').waitFor({ state: 'hidden' });

    const golden = await openInViewer(code, 'golden_dataset.jsonl');
    await golden.press('Home', 'a');
    await golden.reads(2);
    await golden.press('2');
    await golden.frame.getByRole('button', { name: 'Most uncertain first' }).click();
    await golden.frame.getByText(`${workspace.golden.length - 1} found`).waitFor();
    await golden.frame.getByText('↑ validator.confidence').waitFor();
  });
});
