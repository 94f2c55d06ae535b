import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { z } from 'zod';

const editor = import.meta.dirname;
const bundleFile = path.join(editor, '..', '..', 'l10n', 'bundle.l10n.json');

/** Every text that a source hands to `l10n.t`. */
function textsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && /^(?:vscode\.)?l10n\.t$/u.test(node.expression.getText())) {
      const [text] = node.arguments;
      assert.ok(text && ts.isStringLiteralLike(text), `${file}: l10n.t takes a literal: ${node.getText()}`);
      texts.push(text.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

describe('the texts of the editor', () => {
  const sources = readdirSync(editor, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => path.join(editor, file));
  const texts = [...new Set(sources.flatMap(textsIn))].sort();

  before(() => {
    if (process.env['UPDATE_L10N'] === undefined) return;
    const bundle = Object.fromEntries(texts.map((text) => [text, text]));
    writeFileSync(bundleFile, `${JSON.stringify(bundle, undefined, 2)}\n`);
  });

  it('are all in l10n/bundle.l10n.json for translators, and none is left over (UPDATE_L10N=1 writes it)', () => {
    const bundle = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(bundleFile, 'utf8')));
    assert.deepEqual(Object.keys(bundle).sort(), texts);
  });

  it('reach a person only through l10n.t', () => {
    const shown =
      /\b(?:show(?:Information|Warning|Error)Message|setStatusBarMessage|createQuickPick|showInputBox)\(\s*['"`]/u;
    for (const file of sources) assert.doesNotMatch(readFileSync(file, 'utf8'), shown, file);
  });
});
