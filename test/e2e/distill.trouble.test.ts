import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exampleFolder } from '../lab/workspace';
import { startSimulator } from '../simulator/server';
import { openVsCode, type VsCode } from './vscode';

const openAiKey = `sk-proj-${'k'.repeat(48)}`;

describe('What goes wrong is said, with what to do', () => {
  it('a document that cannot be read: before anything is asked', async () => {
    await using workspace = await exampleFolder();
    await writeFile(path.join(workspace.folder, 'empty.txt'), '');
    await using code = await openVsCode({ folder: workspace.folder });
    await (await code.explorer.contextMenu('empty.txt')).choose('Distill Document…');
    await code.notification(/empty/u).waitFor();
    await code.quickPick.closed();
    await code.screenshot('trouble-empty');
  });

  it('a key that the provider refuses: the run pauses, a better key resumes it', async () => {
    const simulator = await startSimulator({ keys: ['another-key'] });
    try {
      await using workspace = await exampleFolder();
      const env = { ...simulator.env, OPENAI_API_KEY: openAiKey };
      await using code = await openVsCode({ folder: workspace.folder, env });
      await distillFieldNotes(code);
      const paused = code.notification('paused');
      await paused.hover(); // Under the mouse, a notification stays.
      await code.screenshot('trouble-wrong-key');
      assert.ok(!(await paused.innerText()).includes(openAiKey), 'the key is in the notification');
      simulator.change({ keys: [openAiKey] });
      await code.answer('paused', 'Resume');
      await code.notification('rows approved').waitFor();
    } finally {
      await simulator.close();
    }
  });

  it('an account without credit: the run pauses and says whose', async () => {
    const simulator = await startSimulator({ keys: [openAiKey], faults: { no_credit: 1 } });
    try {
      await using workspace = await exampleFolder();
      const env = { ...simulator.env, OPENAI_API_KEY: openAiKey };
      await using code = await openVsCode({ folder: workspace.folder, env });
      await distillFieldNotes(code);
      await code.notification(/paused.*OpenAI/u).waitFor();
      await code.openContainer('Distillery');
      await code
        .view('Runs')
        .row(/paused: .*OpenAI/u)
        .waitFor();
      await code.screenshot('trouble-no-credit');
    } finally {
      await simulator.close();
    }
  });

  it('a budget that is used up: what was made is there, and more money goes on', async () => {
    const simulator = await startSimulator({ keys: [openAiKey] });
    try {
      await using workspace = await exampleFolder();
      const env = { ...simulator.env, OPENAI_API_KEY: openAiKey };
      await using code = await openVsCode({ folder: workspace.folder, env });
      await distillFieldNotes(code, '0.01');
      await code.notification('is used up').hover(); // Under the mouse, a notification stays.
      await code.screenshot('trouble-budget');
      await code.answer('is used up', 'Resume…');
      await code.quickPick.titled('Resume distill-field-notes');
      await code.screenshot('trouble-budget-more');
      await code.quickPick.type('3');
      await code.quickPick.accept();
      await code.notification('rows approved').waitFor();
    } finally {
      await simulator.close();
    }
  });

  it('a workspace that sets addresses is not obeyed, and that is said', async () => {
    await using workspace = await exampleFolder();
    await using code = await openVsCode({ folder: workspace.folder });
    await code.explorer.row('examples').waitFor();
    await mkdir(path.join(workspace.folder, '.vscode'));
    await writeFile(
      path.join(workspace.folder, '.vscode', 'settings.json'),
      JSON.stringify({ 'distillery.baseUrls': { openai: 'http://127.0.0.1:9/v1' } }),
    );
    await code.explorer.expand('examples', 'handbook.md');
    await (await code.explorer.contextMenu('handbook.md')).choose('Distill Document…');
    await code.notification('a repository must not decide').waitFor();
    await code.screenshot('trouble-workspace-settings');
  });
});

async function distillFieldNotes(code: VsCode, budget?: string): Promise<void> {
  await code.explorer.expand('examples', 'field-notes.txt');
  await (await code.explorer.contextMenu('field-notes.txt')).choose('Distill Document…');
  await code.quickPick.titled('(1/3)');
  await code.quickPick.item('OpenAI only').first().waitFor();
  await code.quickPick.accept();
  await code.quickPick.titled('(2/3)');
  await code.quickPick.accept();
  await code.quickPick.titled('(3/3)');
  await code.quickPick.item('Start: at most').first().waitFor();
  if (budget !== undefined) {
    await code.quickPick.choose('Change budget…');
    await code.quickPick.root.getByText('The most that this run may cost').waitFor();
    await code.quickPick.type(budget);
    await code.quickPick.accept();
    await code.quickPick.titled('(3/3)');
    await code.quickPick.item('Start: at most').first().waitFor();
  }
  await code.quickPick.accept();
  await code.quickPick.closed();
}
