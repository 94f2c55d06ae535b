import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runManifest } from '../../src/core/records/run';
import { exampleFolder } from '../lab/workspace';
import { startSimulator } from '../simulator/server';
import { openVsCode } from './vscode';

const key = `sk-proj-${'m'.repeat(48)}`;

/** An extension that brings a model to VS Code, as Copilot does: `lab/parrot`, which the simulator answers for. */
const manifest = {
  name: 'parrot',
  publisher: 'lab',
  version: '1.0.0',
  engines: { vscode: '^1.105.0' },
  main: './extension.js',
  activationEvents: ['*'],
  contributes: { languageModelChatProviders: [{ vendor: 'lab', displayName: 'Lab' }] },
};
const source = `
const { LanguageModelError, LanguageModelTextPart, LanguageModelChatMessageRole, lm } = require('vscode');
const model = { id: 'parrot', name: 'Parrot', family: 'parrot', version: '1', maxInputTokens: 1e5, maxOutputTokens: 1e4, capabilities: {} };
exports.activate = ({ subscriptions }) => subscriptions.push(lm.registerLanguageModelChatProvider('lab', {
  provideLanguageModelChatInformation: async () => [model],
  provideTokenCount: async () => 1,
  async provideLanguageModelChatResponse(_, messages, __, progress) {
    const body = { model: 'gpt-4.1-mini', max_tokens: 4000, messages: messages.map(({ role, content }) => ({
      role: role === LanguageModelChatMessageRole.User ? 'user' : 'assistant',
      content: content.map((part) => part.value).join(''),
    })) };
    const response = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ' + process.env.PARROT_KEY },
      body: JSON.stringify(body),
    });
    if (response.status === 429) throw LanguageModelError.Blocked('You have exceeded your premium request allowance.');
    const { choices } = await response.json();
    progress.report(new LanguageModelTextPart(choices[0].message.content));
  },
}));
`;

describe('A model of VS Code teaches', () => {
  let beside: string;
  before(async () => {
    beside = path.join(await mkdtemp(path.join(tmpdir(), 'distillery-models-')), 'lab.parrot-1.0.0');
    await mkdir(beside);
    await writeFile(path.join(beside, 'package.json'), JSON.stringify(manifest));
    await writeFile(path.join(beside, 'extension.js'), source);
  });
  after(() => rm(path.dirname(beside), { recursive: true, force: true }));

  it('without a key, until the plan is used up, or what a run may ask of it; then the run waits and goes on', async function () {
    this.timeout(300_000);
    const simulator = await startSimulator({ keys: [key], faults: { no_credit: 1 } });
    try {
      await using workspace = await exampleFolder();
      const env = { ...simulator.env, PARROT_KEY: key };
      const settings = { 'distillery.languageModels.maxRequests': 60 };
      await using code = await openVsCode({ folder: workspace.folder, env, settings, beside: [beside] });
      await code.explorer.expand('examples', 'handbook.md');
      await (await code.explorer.contextMenu('handbook.md')).choose('Distill Document…');
      await code.quickPick.choose('Another model…');
      await code.quickPick.item('vscode/lab/parrot').waitFor();
      await code.screenshot('models-choice');
      await code.quickPick.choose('vscode/lab/parrot');
      await code.quickPick.titled('(2/3)');
      await code.quickPick.accept();
      await code.quickPick.item(/draws on your plan.*requests to VS Code’s models, 60 at most/).waitFor();
      await code.screenshot('models-start');
      await code.quickPick.accept();
      const folder = path.join(workspace.folder, 'distillery', 'distill-handbook');
      await code.notification('exceeded your premium request allowance').waitFor();
      await code.screenshot('models-used-up');

      simulator.change({ faults: {} });
      await code.openContainer('Distillery');
      await code.view('Runs').act('distill-handbook', 'Resume Run');
      await code.answer('The 60 requests to VS Code’s models that a run may make are used up', 'Resume');
      await code.notification('rows approved').waitFor();
      await code.screenshot('models-end');
      const { report, teachers } = runManifest.parse(JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8')));
      assert.equal(report.status, 'completed');
      assert.equal(report.spend_usd, 0);
      assert.match(JSON.stringify(teachers), /lab\/parrot/);
      assert.ok(report.counts.approved > 50, JSON.stringify(report.counts));
    } finally {
      await simulator.close();
    }
  });
});
