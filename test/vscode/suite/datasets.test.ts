import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

const ours = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Distillery');

/** Resolves when the diagnostics of a file are as wanted: VS Code tells of every change. */
function diagnosed(
  uri: vscode.Uri,
  wanted: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = () => {
      const found = ours(uri);
      if (!wanted(found)) return;
      listener.dispose();
      resolve(found);
    };
    const listener = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

const codes = (found: readonly vscode.Diagnostic[]) =>
  found.map(({ code, range }) => `${range.start.line + 1}:${typeof code === 'string' ? code : '?'}`).sort();

describe('Training data in the editor', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'distillery-language-'));
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  async function open(lines: readonly string[]): Promise<vscode.TextEditor> {
    const file = path.join(folder, 'train.jsonl');
    await writeFile(file, lines.join('\n'));
    return vscode.window.showTextDocument(vscode.Uri.file(file));
  }

  const row = (id: number) => `{"instruction":"Question ${id}?","output":"Answer ${id}."}`;

  it('is checked as it is typed, by line and column', async () => {
    const editor = await open([row(1), '{"instruction":"q" "output":"a"}', row(1), row(4)]);
    const { uri } = editor.document;
    const first = await diagnosed(uri, (found) => found.length === 2);
    assert.deepEqual(codes(first), ['2:bad_json', '3:duplicate']);
    assert.equal(first.find(({ code }) => code === 'bad_json')?.range.start.character, 19);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), `${row(9)}\n`);
      edit.delete(editor.document.lineAt(2).rangeIncludingLineBreak);
    });
    assert.deepEqual(codes(await diagnosed(uri, (found) => codes(found).join() === '3:bad_json')), ['3:bad_json']);
  });

  it('is mended by a quick fix', async () => {
    const editor = await open([row(1), '{"instruction":"q" "output":"a"}']);
    const [problem] = await diagnosed(editor.document.uri, (found) => found.length === 1);
    assert.ok(problem);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      editor.document.uri,
      problem.range,
    );
    const fix = actions.find(({ isPreferred }) => isPreferred);
    assert.ok(fix?.edit, JSON.stringify(actions.map(({ title }) => title)));
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(editor.document.lineAt(1).text, '{"instruction":"q", "output":"a"}');
    await diagnosed(editor.document.uri, (found) => found.length === 0);
  });

  it('is mended in all rows alike by one quick fix', async () => {
    const typed = (n: unknown) => JSON.stringify({ instruction: `q${String(n)}`, output: 'a', n });
    const editor = await open([typed(1), typed('x'), typed('3'), typed(null)]);
    const { uri } = editor.document;
    const [problem] = await diagnosed(uri, (found) => codes(found).join() === '2:mixed_types,3:mixed_types');
    assert.ok(problem);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      problem.range,
      undefined,
      100,
    );
    const fix = actions.find(({ title }) => title.includes('this column'));
    assert.ok(fix?.edit, JSON.stringify(actions.map(({ title }) => title)));
    const [first] = fix.edit.get(uri);
    assert.equal(first?.newText, '{"instruction":"q1","output":"a","n":"1"}');
    assert.equal(fix.edit.get(uri).length, 1);
  });

  it('loses its byte-order mark by a quick fix', async () => {
    const editor = await open([`\ufeff${row(1)}`]);
    const { uri } = editor.document;
    const [problem] = await diagnosed(uri, (found) => found.length === 1);
    assert.equal(problem?.code, 'bom');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      problem.range,
    );
    const command = actions.find(({ isPreferred }) => isPreferred)?.command;
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, uri);
    assert.equal(await readFile(uri.fsPath, 'utf8'), row(1));
    await diagnosed(uri, (found) => found.length === 0);
  });

  it('is held to the rules beside it', async () => {
    const rules = path.join(folder, 'distillery.rules.yaml');
    await writeFile(rules, 'max_tokens: 3\n');
    const { uri } = (await open([row(1)])).document;
    assert.deepEqual(codes(await diagnosed(uri, (found) => found.length > 0)), ['1:over_tokens']);
  });

  it('tells on hover what the loss will see', async () => {
    const editor = await open([row(1)]);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      new vscode.Position(0, 5),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((one) => (one instanceof vscode.MarkdownString ? one.value : '')))
      .join('\n');
    assert.match(text, /\*\*8 tokens\*\*, 4 of them learnt/);
  });

  it('that is no training data is left alone', async () => {
    const editor = await open(['{"level":"info"}', '{"level":', '{"level":"warn"}']);
    await vscode.commands.executeCommand('vscode.executeHoverProvider', editor.document.uri, new vscode.Position(0, 1));
    assert.deepEqual(ours(editor.document.uri), []);
  });

  it('of more than 8 MB is not read while it is open, says so, and is checked from disk', async function () {
    this.timeout(120_000);
    const long = `{"instruction":"Question?","output":"${'word '.repeat(200)}"}`;
    const { document } = await open([...Array.from({ length: 9000 }, () => long), '{"instruction":"q"}']);
    assert.deepEqual(codes(await diagnosed(document.uri, (found) => found.length > 0)), ['1:long_text']);
    const command = vscode.commands.executeCommand('distillery.dataset.check', document.uri);
    const found = await diagnosed(document.uri, (all) => codes(all).includes('9001:unknown_shape'));
    assert.ok(codes(found).includes('9001:unknown_shape'));
    await vscode.commands.executeCommand('notifications.clearAll');
    await command;
  });

  it('is checked from disk by Check Dataset, into the Problems panel', async () => {
    const file = path.join(folder, 'big.jsonl');
    await writeFile(file, [row(1), '{"instruction":"q"}', row(2)].join('\n'));
    const uri = vscode.Uri.file(file);
    const command = vscode.commands.executeCommand('distillery.dataset.check', uri);
    assert.deepEqual(codes(await diagnosed(uri, (found) => found.length > 0)), ['2:unknown_shape']);
    await vscode.commands.executeCommand('notifications.clearAll');
    await command;
    assert.equal(await readFile(file, 'utf8'), [row(1), '{"instruction":"q"}', row(2)].join('\n'));
  });
});
