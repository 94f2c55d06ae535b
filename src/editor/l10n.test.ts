import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { z } from 'zod';

const editor = import.meta.dirname;
const panels = path.join(editor, '..', '..', 'webview-ui');
const bundleFile = path.join(editor, '..', '..', 'l10n', 'bundle.l10n.json');

/** Functions that translate, by the places of the texts among their arguments. */
type Translating = ReadonlyMap<string, readonly number[]>;

/** Every text that a source hands to one of them. */
function textsIn(file: string, translating: Translating): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node)) {
      for (const place of translating.get(node.expression.getText()) ?? []) {
        const text = node.arguments[place];
        if (text && ts.isStringLiteralLike(text)) texts.push(text.text);
        // A panel also shows words of a run's files, in the person's language where the bundle happens to know them.
        else assert.ok(!translating.has('l10n.t'), `${file}: l10n.t takes a literal: ${node.getText()}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

const panelFunctions: Translating = new Map([
  ['t', [0]],
  ['template', [0]],
  ['amount', [1, 2]],
]);

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file));
}

describe('the texts of the editor and its panels', () => {
  const sources = sourcesIn(editor);
  const panelSources = sourcesIn(panels).filter((file) => path.basename(file) !== 'translate.ts');
  const found = [
    ...sources.flatMap((file) => textsIn(file, new Map([['l10n.t', [0]]]))),
    ...panelSources.flatMap((file) => textsIn(file, panelFunctions)),
  ];
  const texts = [...new Set(found)].sort();

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
