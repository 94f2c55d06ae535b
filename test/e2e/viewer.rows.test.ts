import assert from 'node:assert/strict';
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
});
